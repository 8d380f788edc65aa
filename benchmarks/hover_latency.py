"""Hovering in a real JupyterLab in a real Chromium: from the mouse to the painted heatmap.

The mouse moves over every token in view, twice: the first time its map is computed, the second time
it is at hand. A hover ends with the first task after the frame that painted its overlay; hovers
that a newer one overtook before a frame came are not counted.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import samples
from playwright.sync_api import Page, sync_playwright
from report import arguments, publish

import tam_widgets
from scripts.setup_browser import ARGS, find_browser
from tests.e2e.conftest import PROBES
from tests.e2e.explorer import EXPLORER
from tests.e2e.notebook import KERNEL_READY, Notebook, open_notebook, write_notebook
from tests.e2e.server import jupyter

BUNDLE = Path(tam_widgets.__file__).parent / "views" / "static" / "widget.js"

SETTLE_SECONDS = 6
"""JupyterLab is busy with itself for some seconds after a run; so is the preparation of maps."""

CELLS = (
    "import time, tam_widgets as tw\nview = tw.Explorer(tw.load('sample.safetensors'))",
    "ended = time.time()\nview",
)

WATCH_READY = """() => {
  const look = () => {
    const ready = document.querySelector("[data-testid=tam][data-ready='1']");
    requestAnimationFrame(ready ? () => { window.__visible = Date.now(); } : look);
  };
  look();
}"""

WATCH_HOVER = """(root) => {
  window.__hovers = [];
  let latest = "";
  root.addEventListener("pointerover", (event) => {
    const token = event.target.closest(".tam-token");
    if (!token) return;
    const name = `${token.dataset.panel}:${token.dataset.i}`;
    latest = name;
    const look = () => {
      if (root.dataset.drawn === name) window.__hovers.push(performance.now() - event.timeStamp);
      else if (latest === name) afterFrame();
    };
    const afterFrame = () => requestAnimationFrame(() => {
      const after = new MessageChannel();
      after.port1.onmessage = look;
      after.port2.postMessage(0);
    });
    afterFrame();
  }, true);
}"""

FRAMES = """async () => {
  const times = [];
  for (let i = 0; i < 60; i++) times.push(await new Promise(requestAnimationFrame));
  return times.slice(1).map((time, i) => time - times[i]);
}"""

CENTRES = """(root) => [...root.querySelectorAll(".tam-token")].map((token) => {
  const box = token.getClientRects()[0], x = box.x + box.width / 2, y = box.y + box.height / 2;
  return [x, y, token.contains(document.elementFromPoint(x, y))];
})"""


def main() -> None:
    options = _options()
    path = find_browser()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*ARGS])
        page = browser.new_page(viewport={"width": 1280, "height": 1400})
        page.set_default_timeout(120_000)
        page.add_init_script(path=PROBES)
        with jupyter(Path(folder)) as server:
            size = (options.tokens, options.rows, options.cols)
            samples.explanation(*size).save(server.root / "sample.safetensors")
            write_notebook(server, "sample.ipynb", *CELLS)
            rows = _measure(open_notebook(server, page, "sample.ipynb"))
        browser.close()
    rows.append(row("JavaScript bundle, kB", [BUNDLE.stat().st_size / 1e3], 60))
    case = f"{options.tokens} tokens, grid {options.rows} x {options.cols}"
    publish("hover_latency", rows, options.json, case=case)


def _options() -> argparse.Namespace:
    parser = arguments(__doc__)
    parser.add_argument("--tokens", type=int, default=256)
    parser.add_argument("--rows", type=int, default=37)
    parser.add_argument("--cols", type=int, default=49)
    return parser.parse_args()


def _measure(notebook: Notebook) -> list[dict[str, Any]]:
    page = notebook.page
    page.wait_for_function(KERNEL_READY)
    page.evaluate(WATCH_READY)
    notebook.run()
    page.wait_for_function("window.__visible")
    shown = page.evaluate("window.__visible") - 1e3 * float(notebook.evaluate("ended"))
    time.sleep(SETTLE_SECONDS)
    root = page.locator(EXPLORER).first
    root.evaluate(WATCH_HOVER)
    frames = page.evaluate(FRAMES)
    sent = notebook.sent()
    first, again = _hover_all(page), _hover_all(page)
    time.sleep(0.5)
    return [
        row("hover to painted overlay, first time, ms", first, "16 (median), 33 (95 %)"),
        row("hover to painted overlay, again, ms", again, "16 (median), 33 (95 %)"),
        row("frame of the idle page, ms", frames, ""),
        row("messages to the kernel while hovering", [notebook.sent() - sent], 0),
        row("cell's end to visible widget, ms", [shown], 1000),
    ]


def _hover_all(page: Page) -> list[float]:
    """Milliseconds of a hover over each token in view."""
    page.evaluate("window.__hovers = []")
    page.mouse.move(1, 1)
    centres = page.locator(EXPLORER).first.evaluate(CENTRES)
    for x, y, in_view in centres:
        if in_view:
            page.mouse.move(x, y)
            page.wait_for_timeout(40)
    page.wait_for_timeout(500)
    hovers: list[float] = page.evaluate("window.__hovers")
    if len(hovers) < len(centres) / 2:
        raise RuntimeError(f"only {len(hovers)} of {len(centres)} tokens were seen painted")
    return hovers


def row(measure: str, values: list[float], goal: object) -> dict[str, Any]:
    """Median and 95th percentile of some values, beside what is wanted."""
    ranked = sorted(values)
    return {
        "measure": measure,
        "count": len(values),
        "median": statistics.median(values),
        "95 %": ranked[int(0.95 * (len(ranked) - 1))],
        "goal": goal,
    }


if __name__ == "__main__":
    main()
