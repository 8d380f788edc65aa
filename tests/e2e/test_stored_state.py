"""A shipped notebook, opened by a reader who runs nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from playwright.sync_api import Page

from scripts.execute_notebooks import NOTEBOOKS
from tests.e2e.explorer import find_explorers
from tests.e2e.notebook import KERNEL_READY, open_notebook
from tests.e2e.server import Server

NAME = "01_quickstart.ipynb"


def test_hover_works_without_a_kernel(server: Server, new_page: Callable[..., Page]) -> None:
    shutil.copy(NOTEBOOKS / NAME, server.root / NAME)
    server.request(f"contents/{NAME}/trust", "POST")  # what signing a notebook as one's own does
    notebook = open_notebook(server, new_page(), NAME)
    notebook.page.wait_for_function(KERNEL_READY)
    view = find_explorers(notebook.page, 5)[1]
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
