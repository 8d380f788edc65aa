"""The code of docs/hosts.md; scripts/hosts tries all of it, in the hosts themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scripts.hosts.__main__ import HOSTS, NOTEBOOKS
from scripts.hosts.guide import as_gallery, code
from tests.views.made import explanation


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with the explanation that the guide opens."""
    explanation().save(tmp_path / "answer.safetensors")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(section: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    for cell in code(section):
        exec(cell, names)
    return names


@pytest.mark.parametrize("host", HOSTS.values(), ids=HOSTS)
def test_each_host_has_code(host: Any) -> None:
    cells = code(host.section)
    assert cells
    for cell in cells:
        compile(cell, host.name, "exec")
    if host.gallery:
        assert "tw.Gallery(" in "".join(map(as_gallery, cells))


def test_a_section_that_is_not_there_is_an_error() -> None:
    with pytest.raises(LookupError, match="no section 'Nowhere'"):
        code("Nowhere")


def test_a_notebook_hears_of_locked_words(folder: Path) -> None:
    names = run(NOTEBOOKS)
    names["view"].selected = [(0, 3)]
    assert names["line"].value == "In Python: [(0, 3)]"


@pytest.mark.parametrize("section", ["One file", "ipywidgets.embed"])
def test_a_page_holds_the_explorer_and_its_data(folder: Path, section: str) -> None:
    run(section)
    page = (folder / "page.html").read_text("utf-8")
    assert "The explorer could not be shown" in page  # a text of the front end's code
    assert "referenceActivation" in page
