"""The shipped notebooks: run again, and stored with what a reader sees."""

from pathlib import Path

import nbformat
import pytest

from scripts.execute_notebooks import (
    JPEG,
    NOTEBOOKS,
    STATE,
    VIEW,
    compress_stills,
    drop_progress,
    execute,
)
from tests.notebook_claims import CLAIMS

NAMES = (
    "01_quickstart.ipynb",
    "02_compare_models.ipynb",
    "03_failure_cases.ipynb",
    "04_evaluation.ipynb",
    "05_methods_and_faithfulness.ipynb",
    "06_lecture.ipynb",
)


def outputs(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [out for cell in notebook.cells if cell.cell_type == "code" for out in cell.outputs]


def explorers(notebook: nbformat.NotebookNode) -> list[str]:
    return [out.data[VIEW]["model_id"] for out in outputs(notebook) if VIEW in out.get("data", {})]


def test_all_are_covered() -> None:
    assert sorted(path.name for path in NOTEBOOKS.glob("*.ipynb")) == sorted(NAMES)


@pytest.mark.notebooks
@pytest.mark.parametrize("name", NAMES)
def test_runs_and_shows_what_is_stored(name: str, tmp_path: Path) -> None:
    stored = nbformat.read(NOTEBOOKS / name, as_version=4)
    executed = execute(NOTEBOOKS / name, tmp_path, CLAIMS[name])
    drop_progress(executed)
    compress_stills(executed)
    assert executed.cells.pop().outputs == []  # what the text claims holds
    assert len(explorers(executed)) == len(explorers(stored)) > 0
    assert [sorted(out.get("data", {})) for out in outputs(executed) if "data" in out] == [
        sorted(out.get("data", {})) for out in outputs(stored) if "data" in out
    ]


@pytest.mark.parametrize("name", NAMES)
def test_is_stored_with_state_and_pictures(name: str) -> None:
    stored = nbformat.read(NOTEBOOKS / name, as_version=4)
    state = stored.metadata.widgets[STATE]["state"]
    assert all(key in state for key in explorers(stored))
    shown = [out.data for out in outputs(stored) if VIEW in out.get("data", {})]
    assert all(JPEG in data for data in shown)
    assert all(cell.execution_count for cell in stored.cells if cell.cell_type == "code")
    assert (NOTEBOOKS / name).stat().st_size < 2_000_000
