"""Drawing a box on the picture in a real JupyterLab: from the mouse to the painted words.

The mouse draws a box and moves its corner all over the picture. A step ends with the first task
after the frame that painted the words; steps that changed no word's shade, and those that a newer
one overtook before a frame came, are told apart or not counted.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Iterator
from typing import Any

import samples
from browsing import FRAME_GOAL, FRAMES, SETTLE_SECONDS, jupyterlab, row
from playwright.sync_api import Page
from report import RESULTS, arguments, publish, save, table

from tests.e2e.explorer import READY
from tests.e2e.notebook import Notebook

CASES = ((24, 24), (37, 49))
STEPS = 200

WATCH = """(root) => {
  window.__steps = [];
  const texts = [...root.querySelectorAll(".tam-token-text")];
  const shades = () => texts.map((text) => text.dataset.shade).join();
  let latest = 0, began = 0, before = shades();
  window.addEventListener("pointermove", () => { began = performance.now(); }, true);
  window.addEventListener("pointermove", (event) => {
    const script = performance.now() - began;
    const now = shades();
    const changed = now !== before;
    before = now;
    latest = event.timeStamp;
    requestAnimationFrame(() => {
      const after = new MessageChannel();
      after.port1.onmessage = () => {
        if (latest === event.timeStamp)
          window.__steps.push({ script, changed, painted: performance.now() - event.timeStamp });
      };
      after.port2.postMessage(0);
    });
  });
}"""


def main() -> None:
    options = _options()
    rows: list[dict[str, Any]] = []
    with jupyterlab() as lab:
        for size in CASES:
            name = f"{size[0]}x{size[1]}"
            sample = samples.explanation(options.tokens, *size)
            sample.save(lab.server.root / f"{name}.safetensors")
            cell = f"import tam_widgets as tw\ntw.Explorer(tw.load('{name}.safetensors'))"
            notebook = lab.open(f"{name}.ipynb", cell)
            rows += _measure(notebook, name)
            notebook.page.close()
    case = f"{options.tokens} tokens"
    publish("brush_latency", rows, options.json, case=case)
    if options.json:
        save(RESULTS / "brush_latency.md", f"{case}\n\n{table(rows)}\n")


def _options() -> argparse.Namespace:
    parser = arguments(__doc__)
    parser.add_argument("--tokens", type=int, default=256)
    return parser.parse_args()


def _measure(notebook: Notebook, grid: str) -> list[dict[str, Any]]:
    page = notebook.page
    notebook.run()
    time.sleep(SETTLE_SECONDS)
    page.locator(READY).first.evaluate(WATCH)
    frames = page.evaluate(FRAMES)
    steps = _brush(page)
    changed = [step for step in steps if step["changed"]]
    painted = [step["painted"] for step in changed]
    return [
        row(f"{grid}: mouse to painted words, ms", painted, FRAME_GOAL),
        row(f"{grid}: the script's part, ms", [step["script"] for step in changed], ""),
        row(f"{grid}: frame of the idle page, ms", frames, ""),
    ]


def _brush(page: Page) -> list[dict[str, Any]]:
    """Script and painting time of every step of one drag."""
    stage = page.locator(".tam-stage").first
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    if box is None:
        raise RuntimeError("the picture is not in view")
    page.mouse.move(box["x"] + 0.1 * box["width"], box["y"] + 0.1 * box["height"])
    page.mouse.down()
    for x, y in _path():
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
        page.wait_for_timeout(25)
    page.mouse.up()
    page.wait_for_timeout(500)
    steps: list[dict[str, Any]] = page.evaluate("window.__steps")
    if len(steps) < STEPS / 2:
        raise RuntimeError(f"only {len(steps)} of {STEPS} steps were seen painted")
    return steps


def _path() -> Iterator[tuple[float, float]]:
    """Where the corner goes, in shares of the picture: small boxes and large ones."""
    for step in range(STEPS):
        turn = 2 * math.pi * step / STEPS
        yield 0.55 + 0.4 * math.cos(3 * turn), 0.55 + 0.4 * math.sin(2 * turn)


if __name__ == "__main__":
    main()
