"""The glossary in JupyterLab, by itself and behind the terms of the explorer's help."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.accessibility import violations
from tests.e2e.notebook import open_notebook, write_notebook
from tests.e2e.server import Server

CELLS = (
    "import tam_widgets as tw\nfrom tests.e2e.samples import explanation",
    "explanation()",
    "view = tw.glossary('deletion'); view",
)


def test_terms_open_their_entry(server: Server, new_page: Callable[..., Page]) -> None:
    write_notebook(server, "glossary.ipynb", *CELLS)
    notebook = open_notebook(server, new_page(), "glossary.ipynb")
    (explorer,) = notebook.run()
    glossary = notebook.page.locator("[data-testid=tam-glossary]")
    entry = glossary.locator(".tam-entry:visible")
    expect(entry).to_contain_text("Hiding the picture in the order of the map")
    entry.get_by_role("button", name="insertion").click()
    expect(entry).to_contain_text("Uncovering a hidden picture")
    assert notebook.evaluate("view.term") == "'insertion'"
    explorer.root.locator("[data-tool=help]").click()
    explorer.root.get_by_role("button", name="Estimated causal inference").click()
    opened = explorer.root.locator(".tam-opened-entry")
    expect(opened).to_contain_text("fits the interference to the word’s activation")
    assert violations(notebook.page, ".tam-drawer") == []
    notebook.page.keyboard.press("Escape")
    expect(opened).to_have_count(0)
    expect(explorer.root.locator(".tam-drawer")).to_be_visible()
