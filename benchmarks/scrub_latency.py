"""Scrubbing a video in a real JupyterLab in a real Chromium: from the mouse to the painted frame.

A token is locked, and the mouse drags the scrubber over every frame to the end and back. A step
ends with the first task after the frame that painted it, so that it never takes less than what is
left of the display's own frame; the script's share of it is told apart. The same drag over a film
of the largest frames that are kept says what size costs.
"""

from __future__ import annotations

import argparse
import os
import time
from typing import Any

import samples
from browsing import FRAMES, SETTLE_SECONDS, jupyterlab, row
from playwright.sync_api import Page
from report import RESULTS, arguments, publish, save, table

from tests.e2e.explorer import READY
from tests.e2e.notebook import Notebook

CELL = "import tam_widgets as tw\nview = tw.Explorer(tw.load('film.safetensors'))\nview"
LOCKED = 10
"""The token in view, one of the answer's."""

WATCH = """(root) => {
  const film = root.querySelector(".tam-video");
  const slider = root.querySelector(".tam-slider");
  window.__painted = [];
  window.__script = [];
  let moved = 0;
  const remember = (event) => { moved = event.timeStamp; };
  window.addEventListener("pointerdown", remember, true);
  window.addEventListener("pointermove", remember, true);
  let began = 0;
  window.addEventListener("input", () => { window.__script.push(performance.now() - began); });
  window.addEventListener("input", (event) => {
    if (event.target !== slider) return;
    const [start, frame] = [moved, slider.value];
    began = performance.now();
    requestAnimationFrame(() => {
      const after = new MessageChannel();
      after.port1.onmessage = () => {
        if (film.dataset.frame === frame) window.__painted.push(performance.now() - start);
      };
      after.port2.postMessage(0);
    });
  }, true);
}"""


def main() -> None:
    options = _options()
    rows: list[dict[str, Any]] = []
    with jupyterlab() as lab:
        for name, side in (("448 px", 448), ("1024 px", 1024)):
            size = (options.tokens, options.frames, options.rows, options.cols)
            samples.film(*size, side=side).save(lab.server.root / "film.safetensors")
            notebook = lab.open("film.ipynb", CELL)
            rows += _measure(notebook, options.frames, name)
            notebook.page.close()
            lab.server.stop_kernels()
    case = (
        f"{options.frames} frames of {options.rows} x {options.cols} visual tokens, "
        f"{options.tokens} tokens"
    )
    load = f"{os.getloadavg()[0]:.1f} processes ready to run, on {os.cpu_count()} cores"
    publish("scrub_latency", rows, options.json, case=case, load=load)
    if options.json:
        save(RESULTS / "scrub_latency.md", f"{case}; {load}\n\n{table(rows)}\n")


def _options() -> argparse.Namespace:
    parser = arguments(__doc__)
    parser.add_argument("--tokens", type=int, default=64)
    parser.add_argument("--frames", type=int, default=32)
    parser.add_argument("--rows", type=int, default=16)
    parser.add_argument("--cols", type=int, default=16)
    return parser.parse_args()


def _measure(notebook: Notebook, frames: int, name: str) -> list[dict[str, Any]]:
    page = notebook.page
    notebook.run()
    page.locator(f"{READY} .tam-token[data-i='{LOCKED}']").click()
    time.sleep(SETTLE_SECONDS)
    page.locator(READY).evaluate(WATCH)
    idle = page.evaluate(FRAMES)
    sent = notebook.sent()
    seconds = _drag(page, frames)
    page.wait_for_timeout(300)
    painted, script = page.evaluate("[window.__painted, window.__script]")
    if len(painted) < 1.8 * frames:
        raise RuntimeError(f"only {len(painted)} of {2 * frames} frames were seen painted")
    return [
        row(f"mouse to painted frame, {name}, ms", painted, "16 (median)"),
        row(f"script of it, {name}, ms", script, ""),
        row(f"frame of the idle page, {name}, ms", idle, ""),
        row(f"messages to the kernel a second, {name}", [(notebook.sent() - sent) / seconds], 10),
    ]


def _drag(page: Page, frames: int) -> float:
    """Drags from the first frame to the last and back; returns how many seconds it took."""
    box = page.locator(".tam-slider").bounding_box()
    if box is None:
        raise RuntimeError("the scrubber is out of sight")
    y = box["y"] + box["height"] / 2
    centres = [box["x"] + box["width"] * (frame + 0.5) / frames for frame in range(frames)]
    page.mouse.move(centres[0], y)
    page.mouse.down()
    start = time.perf_counter()
    for x in (*centres[1:], *centres[::-1]):
        page.mouse.move(x, y)
        page.wait_for_timeout(40)
    seconds = time.perf_counter() - start
    page.mouse.up()
    return seconds


if __name__ == "__main__":
    main()
