"""The same explorer in Notebook 7."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.e2e.notebook import open_notebook, write_notebook
from tests.e2e.samples import PROMPT, explanation
from tests.e2e.server import Server


def test_hover_click_and_python(server: Server, new_page: Callable[..., Page]) -> None:
    explanation().save(server.root / "seven.safetensors")
    code = "import tam_widgets as tw\nview = tw.Explorer(tw.load('seven.safetensors'))\nview"
    write_notebook(server, "seven.ipynb", code)
    notebook = open_notebook(server, new_page(), "seven.ipynb", app="notebook")
    (view,) = notebook.run()
    before = view.overlay()
    view.hover(0, len(PROMPT) + 1)  # the first is in view at rest
    assert view.overlay() != before
    view.token(0, len(PROMPT) + 1).click()
    view.expect_locked((0, len(PROMPT) + 1))
    notebook.page.keyboard.press("b")
    notebook.page.wait_for_timeout(300)
    assert (
        notebook.evaluate("[tuple(pair) for pair in view.selected]") == f"[(0, {len(PROMPT) + 1})]"
    )
    assert notebook.page.locator(".jp-CodeCell").count() == 1
