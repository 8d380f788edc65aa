"""Run the shipped notebooks and store their outputs and widget state in them.

With the state stored, the explorers in them work when the notebook is opened, before any cell is
run; where widgets do not work, still pictures stand in their place. The notebooks run in a
temporary folder, where the files that they write are left behind.
"""

from __future__ import annotations

import base64
import io
import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from PIL import Image

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"
EXPLORER = "AnyModel"  # anywidget's name for the model of every widget that it makes
REFERENCE = "IPY_MODEL_"
PNG, JPEG = "image/png", "image/jpeg"
STILL_WIDTH, STILL_QUALITY = 800, 60


def execute(notebook: Path, folder: Path, last: str = "") -> nbformat.NotebookNode:
    """Run a notebook in a folder, and then one more cell; return it with outputs and state."""
    node = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    if last:
        node.cells.append(nbformat.v4.new_code_cell(last))  # type: ignore[no-untyped-call]
    client = NotebookClient(
        node,
        timeout=600,
        record_timing=False,
        store_widget_state=True,
        resources={"metadata": {"path": str(folder)}},
    )
    executed: nbformat.NotebookNode = client.execute()
    return executed


def drop_progress(node: nbformat.NotebookNode) -> None:
    """Take finished progress bars out of a notebook: outputs, and all state but the explorers'."""
    state = node.metadata.widgets[STATE]["state"]
    explorers = {key for key, model in state.items() if model["model_name"] == EXPLORER}
    parts = {
        value.removeprefix(REFERENCE)
        for key in explorers
        for value in state[key]["state"].values()
        if isinstance(value, str) and value.startswith(REFERENCE)
    }
    node.metadata.widgets[STATE]["state"] = {key: state[key] for key in sorted(explorers | parts)}
    for cell in node.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if not is_progress(output, explorers)]


def is_progress(output: nbformat.NotebookNode, explorers: set[str]) -> bool:
    """Whether an output is a widget that is no explorer, or what is left of one."""
    data = output.get("data", {})
    if VIEW in data:
        return data[VIEW]["model_id"] not in explorers
    return bool(data == {"text/plain": ""})


def compress_stills(node: nbformat.NotebookNode) -> None:
    """Store still pictures as small JPEGs: they come with the wheel, which is to stay small."""
    for cell in node.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            pictures = [data.pop(kind) for kind in (PNG, JPEG) if kind in data]
            if pictures:
                data[JPEG] = as_jpeg(pictures[0])


def as_jpeg(encoded: str) -> str:
    """A picture's base64 text as that of a small JPEG."""
    written = io.BytesIO()
    with Image.open(io.BytesIO(base64.b64decode(encoded))) as picture:
        small = picture.convert("RGB")
        small.thumbnail((STILL_WIDTH, small.height), Image.Resampling.LANCZOS)
        small.save(written, "JPEG", quality=STILL_QUALITY, optimize=True)
    return base64.b64encode(written.getvalue()).decode()


def main(paths: list[Path]) -> None:
    """Execute notebooks in place; one is replaced only when all of it ran."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # the models are tiny: threads would only wait
    for path in paths:
        with tempfile.TemporaryDirectory() as folder:
            executed = execute(path, Path(folder))
        drop_progress(executed)
        compress_stills(executed)
        new = path.with_suffix(".tmp")
        nbformat.write(executed, new)  # type: ignore[no-untyped-call]
        new.replace(path)
        print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main([Path(arg) for arg in sys.argv[1:]] or sorted(NOTEBOOKS.glob("*.ipynb")))
