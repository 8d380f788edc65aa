"""Run the shipped notebooks and store their outputs and widget state in them.

With the state stored, the explorers in them work when the notebook is opened, before any cell is
run. The notebooks run in a temporary folder, where the files that they write are left behind.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"


def execute(notebook: Path, folder: Path) -> nbformat.NotebookNode:
    """Run a notebook in a folder; return it with outputs and widget state."""
    node = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    client = NotebookClient(
        node,
        timeout=600,
        record_timing=False,
        store_widget_state=True,
        resources={"metadata": {"path": str(folder)}},
    )
    executed: nbformat.NotebookNode = client.execute()
    return executed


def main(paths: list[Path]) -> None:
    """Execute notebooks in place; one is replaced only when all of it ran."""
    for path in paths:
        with tempfile.TemporaryDirectory() as folder:
            executed = execute(path, Path(folder))
        new = path.with_suffix(".tmp")
        nbformat.write(executed, new)  # type: ignore[no-untyped-call]
        new.replace(path)
        print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main([Path(arg) for arg in sys.argv[1:]] or sorted(NOTEBOOKS.glob("*.ipynb")))
