"""What the benchmarks of latency share: a JupyterLab in a browser, and what watches its frames."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from scripts.setup_browser import ARGS, find_browser
from tests.e2e.conftest import PROBES
from tests.e2e.notebook import Notebook, open_notebook, write_notebook
from tests.e2e.server import Server, jupyter

SETTLE_SECONDS = 6
"""JupyterLab is busy with itself for some seconds after a run; so is the preparation of maps."""

FRAME_GOAL = "16 (median), 33 (95 %)"
"""Milliseconds from an act of the mouse to what it paints: one frame, and two."""

AFTER_FRAME = """const afterFrame = () => new Promise((done) => requestAnimationFrame(() => {
  const after = new MessageChannel();
  after.port1.onmessage = done;
  after.port2.postMessage(0);
}));"""
"""Defines a promise of the first task after the next painted frame."""

WATCH_HOVER = (
    "(root) => {"
    + AFTER_FRAME
    + """
  window.__hovers = [];
  let latest = "";
  root.addEventListener("pointerover", (event) => {
    const token = event.target.closest(".tam-token");
    if (!token) return;
    const name = `${token.dataset.panel}:${token.dataset.i}`;
    latest = name;
    const look = () => {
      if (root.dataset.drawn === name) window.__hovers.push(performance.now() - event.timeStamp);
      else if (latest === name) afterFrame().then(look);
    };
    afterFrame().then(look);
  }, true);
}"""
)
"""Notes the milliseconds of each hover over a word until its overlay is painted."""

FRAMES = """async () => {
  const times = [];
  for (let i = 0; i < 60; i++) times.push(await new Promise(requestAnimationFrame));
  return times.slice(1).map((time, i) => time - times[i]);
}"""
"""Milliseconds of frames of an idle page."""

CENTRES = """(root) => [...root.querySelectorAll(".tam-token")].map((token) => {
  const box = token.getClientRects()[0], x = box.x + box.width / 2, y = box.y + box.height / 2;
  return [x, y, token.contains(document.elementFromPoint(x, y))];
})"""
"""The place of each word, and whether nothing hides it."""


@dataclass(frozen=True)
class Lab:
    """A JupyterLab, and a browser for it.

    Attributes:
        server: The server; notebooks find the files of its `root`.
        browser: The browser.
    """

    server: Server
    browser: Browser

    def open(self, name: str, *cells: str) -> Notebook:
        """Writes a notebook of code cells, and opens it in a page of its own."""
        write_notebook(self.server, name, *cells)
        page = self.browser.new_page(viewport={"width": 1280, "height": 1400})
        page.set_default_timeout(120_000)
        page.add_init_script(path=PROBES)
        return open_notebook(self.server, page, name)


@contextmanager
def jupyterlab() -> Iterator[Lab]:
    """Starts a JupyterLab in a temporary folder, and a browser."""
    path = find_browser()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*ARGS])
        with jupyter(Path(folder)) as server:
            yield Lab(server, browser)
        browser.close()


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
