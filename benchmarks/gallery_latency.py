"""A gallery of 5,000 samples in a real JupyterLab in a real Chromium.

The answers and maps are made up, the pictures are 5,000 different demo scenes, and the report is
evaluated and read like any other. First paint: from the start of a cell that opens the report, in
a kernel that has tam_widgets imported, to the first frame in which every card in view has its
picture. Scrolling: the mouse's wheel turns through the whole list, while Chromium's trace tells how
long the page's main thread worked for each frame.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import made_answers
from browsing import SETTLE_SECONDS, row
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright
from report import arguments, publish
from tracing import frame_work, traced

import tam_widgets as tw
from scripts.setup_browser import ARGS, find_browser
from tests.e2e.notebook import KERNEL_READY, Notebook, open_notebook, write_notebook
from tests.e2e.server import jupyter

STATIC = Path(tw.__file__).parent / "views" / "static"
STEP = 240
"""Pixels that one turn of the wheel scrolls."""

CELLS = (
    "import time, tam_widgets as tw\ntw.Gallery, tw.Report",
    "began = time.time()\nview = tw.Gallery({sides})\nmade = time.time()\nview",
)

# notes when the gallery's data are there, when cards are, and when all in view have pictures
WATCH_PAINT = """() => {
  const seen = (card) => {
    const { top, bottom } = card.getBoundingClientRect();
    const grid = card.closest(".tam-grid").getBoundingClientRect();
    return bottom > grid.top && top < Math.min(grid.bottom, innerHeight);
  };
  const painted = (card) => [...card.querySelectorAll(".tam-thumbnail")]
    .every((img) => !img.hidden && img.complete && img.naturalWidth > 0);
  const look = () => {
    const root = document.querySelector("[data-testid=tam-gallery][data-ready='1']");
    const cards = [...(root?.querySelectorAll(".tam-card[id]") ?? [])].filter(seen);
    if (cards.length > 0) window.__cards ??= Date.now();
    const done = cards.length > 0 && cards.every(painted);
    requestAnimationFrame(done ? () => { window.__painted = Date.now(); } : look);
  };
  look();
}"""


def main() -> None:
    options = _options()
    path = find_browser()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        reports = Path(options.reports or folder)
        _make(reports, options)
        with jupyter(Path(folder) / "server") as server, sync_playwright() as playwright:
            (server.root / "reports").symlink_to(reports.resolve())
            browser = playwright.chromium.launch(executable_path=path, args=[*ARGS])
            rows = [
                line for sides in (1, 2) for line in _measure(browser, server, sides, options.turns)
            ]
            browser.close()
    files = (STATIC / name for name in ("gallery.js", "gallery.css"))
    rows += [row(f"{file.name}, kB", [file.stat().st_size / 1e3], "") for file in files]
    case = f"{options.samples} samples, {made_answers.SIDE} pixels a side"
    publish("gallery_latency", rows, options.json, case=case, load_before=load)


def _options() -> argparse.Namespace:
    parser = arguments(__doc__)
    parser.add_argument("--samples", type=int, default=5000)
    parser.add_argument("--turns", type=int, default=300, help="turns of the wheel that are traced")
    parser.add_argument("--reports", help="folder of reports to keep, or that an earlier run kept")
    return parser.parse_args()


def _make(folder: Path, options: argparse.Namespace) -> None:
    """Two reports, as `evaluate` leaves them."""
    for number in (1, 2):
        made_answers.evaluate(folder / f"model-{number}", number, options.samples)


def _measure(browser: Browser, server: Any, sides: int, turns: int) -> list[dict[str, Any]]:
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    page.set_default_timeout(120_000)
    named = ", ".join(f"tw.Report('reports/model-{i + 1}')" for i in range(sides))
    name = f"gallery{sides}.ipynb"
    write_notebook(server, name, *(cell.format(sides=named) for cell in CELLS))
    notebook = open_notebook(server, page, name)
    of = f", {sides} side{'s' * (sides > 1)}"
    rows = [*_first_paint(notebook, of)]
    time.sleep(SETTLE_SECONDS)
    rows += _scrolling(browser, page, turns, of)
    page.close()
    return rows


def _first_paint(notebook: Notebook, of: str) -> list[dict[str, Any]]:
    page = notebook.page
    page.wait_for_function(KERNEL_READY)
    page.evaluate(WATCH_PAINT)
    notebook.command("notebook:run-all-cells")
    page.wait_for_function("window.__painted")
    began, made = (1e3 * float(notebook.evaluate(name)) for name in ("began", "made"))
    cards, painted = page.evaluate("[window.__cards, window.__painted]")
    return [
        row(f"cell's start to first cards with pictures{of}, ms", [painted - began], 1000),
        row(f"of it until Python has the gallery{of}, ms", [made - began], ""),
        row(f"of it until cards are there{of}, ms", [cards - began], ""),
    ]


def _scrolling(browser: Browser, page: Page, turns: int, of: str) -> list[dict[str, Any]]:
    grid = page.locator(".tam-grid")
    box = grid.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 100)
    session = page.context.new_cdp_session(page)
    before = _memory(session)

    def turn() -> None:
        for _ in range(turns):
            page.mouse.wheel(0, STEP)

    events, intervals = traced(browser, page, turn)
    scrolled = float(grid.evaluate("(grid) => grid.scrollTop / grid.scrollHeight"))
    middle = _memory(session)
    _turn_to_end(page)
    after = _memory(session)
    return [
        row(f"main thread's work a frame while scrolling{of}, ms", frame_work(events), "16 (95 %)"),
        row(f"the same, CPU time{of}, ms", frame_work(events, "cpu"), ""),
        row(f"between frames while scrolling{of}, ms", intervals, ""),
        row(f"share of the list that was traced{of}", [scrolled], ""),
        *(
            row(f"{what} {when}{of}", [found[what]], "")
            for what in before
            for when, found in (("before", before), ("midway", middle), ("at the end", after))
        ),
    ]


def _turn_to_end(page: Page) -> None:
    """The rest of the list, in turns that pass every row."""
    grid = page.locator(".tam-grid")
    at_end = "(grid) => grid.scrollTop + grid.clientHeight >= grid.scrollHeight - 1"
    while not grid.evaluate(at_end):
        for _ in range(20):
            page.mouse.wheel(0, STEP)
    page.wait_for_timeout(1000)


def _memory(session: CDPSession) -> dict[str, float]:
    session.send("HeapProfiler.enable")
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    metrics = session.send("Performance.getMetrics")["metrics"]
    found = {metric["name"]: metric["value"] for metric in metrics}
    return {"JS heap, MB": found["JSHeapUsedSize"] / 1e6, "DOM nodes": found["Nodes"]}


if __name__ == "__main__":
    main()
