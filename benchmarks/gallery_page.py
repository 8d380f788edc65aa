"""A report as one HTML file: its bytes, the time to write it, and the time to open it.

The report is one of demo scenes, or of pictures in the layout of TAM's authors. The file is opened
from disk in a real Chromium whose network is off. Opening: from the start of the navigation to the
first frame in which every card in view has its picture. Opening a sample: from a click on a card
whose explanation was not read before to the explorer with its map.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright
from report import arguments, publish, seconds

import tam_widgets as tw
from scripts.setup_browser import ARGS, find_browser
from tam_widgets.views.gallery import export

# notes when all cards in view have their pictures, since the navigation began
WATCH_PAINT = """window.__painted = new Promise((resolve) => {
  const seen = (card) => {
    const { top, bottom } = card.getBoundingClientRect();
    const grid = card.closest(".tam-grid").getBoundingClientRect();
    return bottom > grid.top && top < Math.min(grid.bottom, innerHeight);
  };
  const painted = (card) => [...card.querySelectorAll(".tam-thumbnail")]
    .every((img) => !img.hidden && img.complete && img.naturalWidth > 0);
  const look = () => {
    const cards = [...document.querySelectorAll(".tam-card[id]")].filter(seen);
    const done = cards.length > 0 && cards.every(painted);
    requestAnimationFrame(done ? () => resolve(performance.now()) : look);
  };
  look();
});"""

OPEN = """(at) => new Promise((resolve) => {
  const began = performance.now();
  document.querySelectorAll(".tam-card[id]")[at].click();
  const look = () => {
    const root = document.querySelector("[data-testid=tam][data-ready='1']");
    const known = root && root !== window.__root && root.dataset.drawn !== "";
    if (!known) requestAnimationFrame(look);
    else { window.__root = root; resolve(performance.now() - began); }
  };
  look();
})"""


def main() -> None:
    options = _options()
    path = find_browser()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        report = _report(options, Path(folder))
        file = Path(folder) / "report.html"
        made: list[export.GalleryFile] = []
        written = seconds(lambda: made.append(report.to_html(file)))
        browser = playwright.chromium.launch(executable_path=path, args=[*ARGS])
        opened = [_opened(browser, file) for _ in range(options.rounds)]
        browser.close()
    (one,) = made
    packed = one.size - len(export._Source([report.run()], {}).page([]))
    rows = [
        _row("samples in the file", one.samples),
        _row("bytes of the file", one.size, "5,000,000"),
        _row("bytes of a sample in it", packed / max(one.samples, 1)),
        _row("writing it, s", written),
        _row("opening it, ms (median)", statistics.median(first for first, _ in opened), "1000"),
        _row("the slowest of these, ms", max(first for first, _ in opened)),
        _row("opening a sample, ms (median)", statistics.median(then for _, then in opened)),
    ]
    case = f"{report!r}"
    publish("gallery_page", rows, options.json, case=case, load_before=load)


def _options() -> argparse.Namespace:
    parser = arguments(__doc__)
    parser.add_argument("--report", help="folder of a report that is there already")
    parser.add_argument("--dataset", default="demo:200", help="what to evaluate otherwise")
    parser.add_argument("--rounds", type=int, default=7, help="times the file is opened")
    return parser.parse_args()


def _report(options: argparse.Namespace, folder: Path) -> tw.Report:
    if options.report:
        return tw.Report(options.report)
    explainer = tw.demo.explainer("qwen2-vl")
    return tw.evaluate(explainer, options.dataset, folder=folder / "report")


def _opened(browser: Browser, file: Path) -> tuple[float, float]:
    """Milliseconds to open the file, and then a sample, in a context without caches."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, offline=True)
    context.add_init_script(WATCH_PAINT)
    page = context.new_page()
    page.goto(file.as_uri())
    first = page.evaluate("window.__painted")
    page.wait_for_timeout(300)
    then = page.evaluate(OPEN, 3)
    context.close()
    return float(first), float(then)


def _row(what: str, value: float, limit: str = "") -> dict[str, Any]:
    return {"what": what, "value": value, "limit": limit}


if __name__ == "__main__":
    main()
