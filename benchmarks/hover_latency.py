"""Hovering in a real JupyterLab in a real Chromium: from the mouse to the painted heatmap.

The mouse moves over every token in view, twice: the first time its map is computed, the second time
it is at hand. A hover ends with the first task after the frame that painted its overlay; hovers
that a newer one overtook before a frame came are not counted.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import samples
from browsing import CENTRES, FRAME_GOAL, FRAMES, SETTLE_SECONDS, WATCH_HOVER, jupyterlab, row
from playwright.sync_api import Page
from report import arguments, publish

import tam_widgets
from tests.e2e.explorer import EXPLORER
from tests.e2e.notebook import KERNEL_READY, Notebook

BUNDLE = Path(tam_widgets.__file__).parent / "views" / "static" / "widget.js"

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


def main() -> None:
    options = _options()
    with jupyterlab() as lab:
        size = (options.tokens, options.rows, options.cols)
        samples.explanation(*size).save(lab.server.root / "sample.safetensors")
        rows = _measure(lab.open("sample.ipynb", *CELLS))
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
        row("hover to painted overlay, first time, ms", first, FRAME_GOAL),
        row("hover to painted overlay, again, ms", again, FRAME_GOAL),
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


if __name__ == "__main__":
    main()
