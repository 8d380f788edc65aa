"""The notebook for the browser's own Python opens its explanation, and its site has what it needs.

The site itself is built and run by hand: docs/viewer.md says how, and what came of it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from packaging.requirements import Requirement

from scripts.browser_notebook import CARRIED, NOTEBOOKS, ROOT

IN_PYODIDE = {"msgspec", "numpy", "pillow"}


def test_the_notebook_runs_and_shows_what_it_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    notebook: Any = nbformat.read(NOTEBOOKS / "explanation.ipynb", as_version=4)
    install, *cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert install == "%pip install -q tam-widgets"
    monkeypatch.chdir(NOTEBOOKS)
    names: dict[str, Any] = {}
    for cell in cells:
        exec(cell, names)
    assert names["ex"].text.strip() == "There are two cats left of a tree and a flower."
    assert "tam        strongest cell of “tree”: 0.99" in capsys.readouterr().out


def test_every_requirement_is_carried_or_in_pyodide() -> None:
    lines = Path(ROOT / "requirements-viewer.txt").read_text("utf-8").splitlines()
    needed = {Requirement(line).name for line in lines if line and not line.startswith("#")}
    assert needed <= {*CARRIED, *IN_PYODIDE}
