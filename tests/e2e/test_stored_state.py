"""Notebooks with their widgets' state, opened by a reader who runs nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import nbformat
import pytest
from playwright.sync_api import Page, expect

import tam_widgets as tw
from scripts.execute_notebooks import NOTEBOOKS, execute
from tests.e2e.explorer import find_explorers
from tests.e2e.gallery import find_galleries
from tests.e2e.notebook import KERNEL_READY, open_notebook, write_notebook
from tests.e2e.reports import Answers, make_report
from tests.e2e.server import Server

NAME = "01_quickstart.ipynb"


def test_hover_works_without_a_kernel(server: Server, new_page: Callable[..., Page]) -> None:
    shutil.copy(NOTEBOOKS / NAME, server.root / NAME)
    server.request(f"contents/{NAME}/trust", "POST")  # what signing a notebook as one's own does
    notebook = open_notebook(server, new_page(), NAME)
    notebook.page.wait_for_function(KERNEL_READY)
    view = find_explorers(notebook.page, 6)[1]
    server.request(f"kernels/{server.kernel_of(NAME)}", "DELETE")
    assert not any(session["path"] == NAME for session in server.request("sessions"))
    words = view.root.locator(".tam-answer .tam-token[data-panel='0']")
    tokens = [int(word.get_attribute("data-i") or -1) for word in words.all()]
    pictures = set()
    for token in tokens:
        view.hover(0, token)
        pictures.add(view.overlay(0))
    assert len(pictures) > len(tokens) / 2
    icon = "view => getComputedStyle(view.parentElement, '::before').display"
    assert "disconnected" in str(view.root.locator("..").get_attribute("class"))
    assert view.root.evaluate(icon) == "none"  # Jupyter's sign of a broken widget
    view.token(0, tokens[0]).click()
    view.expect_locked((0, tokens[0]))


COUNT = 60


@pytest.fixture
def stored(server: Server) -> tw.Report:
    """A notebook with a gallery that was run elsewhere."""
    report = make_report(server.root / "kept", Answers("model-a"), count=COUNT)
    write_notebook(server, "kept.ipynb", "import tam_widgets as tw", "tw.Report('kept')")
    nbformat.write(execute(server.root / "kept.ipynb", server.root), server.root / "kept.ipynb")
    server.request("contents/kept.ipynb/trust", "POST")
    return report


def test_a_gallery_shows_its_first_pictures_without_a_kernel(
    server: Server, stored: tw.Report, new_page: Callable[..., Page]
) -> None:
    notebook = open_notebook(server, new_page(), "kept.ipynb")
    notebook.page.wait_for_function(KERNEL_READY)
    (view,) = find_galleries(notebook.page)
    server.request(f"kernels/{server.kernel_of('kept.ipynb')}", "DELETE")
    order = tw.Gallery(stored).shown
    view.expect_drawn(order[0])
    notice = view.root.get_by_text("Only the first 48 samples have pictures here")
    expect(notice).to_be_visible()
    view.card(order[0]).click()
    shown = view.root.locator(".tam-fallback")
    expect(shown.locator("figcaption")).to_contain_text(".")
    expect(shown.locator("img:not([hidden])")).to_have_count(2)
    view.root.locator(".tam-grid").evaluate("(grid) => { grid.scrollTop = grid.scrollHeight; }")
    expect(view.card(order[-1])).to_contain_text("needs a running notebook")
