"""Starts the demo: a notebook in JupyterLab, or one HTML file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from ..errors import OutputError, TamError
from ..terminal import escaped

NOTEBOOK = "01_quickstart.ipynb"
SEED = 40


class DemoError(TamError, RuntimeError):
    """The demo notebook cannot be found or run."""


def has_display() -> bool:
    """Whether a browser window can be opened on this machine."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def write_html(path: str) -> None:
    """Explains one scene with both demo models and writes the comparison as an HTML file."""
    from ..views.export import to_html
    from . import MODELS, explainer, scene

    picture = scene(seed=SEED)
    explanations = [explainer(name).explain(picture.image, picture.prompt) for name in MODELS]
    to_html(explanations, path)
    name = escaped(Path(path).resolve())
    print(f"wrote {name}: open it in a browser and hover over the words")


def open_lab(folder: str) -> None:
    """Copies the notebooks into a folder, runs the quickstart, and opens it in JupyterLab.

    Raises:
        DemoError: If Jupyter is not installed or the notebook fails.
        OutputError: If the folder cannot be written.
    """
    quickstart = prepare(folder)
    print(f"opening {quickstart} in JupyterLab; the notebooks that follow it lie beside it")
    root = ["--allow-root"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
    subprocess.run([sys.executable, "-m", "jupyter", "lab", *root, str(quickstart)], check=False)


def prepare(folder: str) -> Path:
    """Copies the notebooks into a folder and runs the quickstart; existing ones are kept.

    Args:
        folder: The folder; it is created if it does not exist.

    Returns:
        The path of the quickstart.

    Raises:
        DemoError: If Jupyter is not installed or the notebook fails.
        OutputError: If the folder cannot be written.
    """
    try:
        import jupyterlab  # noqa: F401
        import nbformat
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError
        from nbformat.sign import NotebookNotary
    except ImportError as error:
        raise DemoError(
            f"{error.name} is not installed: pip install 'tam-widgets[jupyter]', or write one HTML "
            "file with `tam-widgets demo --html tam-demo.html`"
        ) from error
    for copy in _copied(folder):
        notebook = nbformat.read(copy, as_version=4)  # type: ignore[no-untyped-call]
        if copy.name == NOTEBOOK:
            print(f"running {copy}")
            client = NotebookClient(
                notebook,
                timeout=600,
                store_widget_state=True,
                resources={"metadata": {"path": folder}},
            )
            try:
                client.execute()
            except CellExecutionError as error:
                copy.unlink()  # so that the next call does not take it for a finished one
                raise DemoError(f"{copy} failed: {error.evalue}") from error
            nbformat.write(notebook, copy)  # type: ignore[no-untyped-call]
        # of an unsigned notebook JupyterLab shows only the still pictures
        NotebookNotary().sign(notebook)  # type: ignore[no-untyped-call]
    return Path(folder) / NOTEBOOK


def _copied(folder: str) -> list[Path]:
    """Copies the shipped notebooks that `folder` lacks, from the wheel or the repository."""
    package = Path(__file__).parent
    shipped = [
        notebook
        for home in (package / "notebooks", package.parents[1] / "notebooks")
        for notebook in sorted(home.glob("*.ipynb"))
    ]
    if NOTEBOOK not in {notebook.name for notebook in shipped}:
        raise DemoError(f"{NOTEBOOK} is missing from this installation: reinstall tam-widgets")
    copies = []
    try:
        Path(folder).mkdir(exist_ok=True)
        for notebook in shipped:
            copy = Path(folder) / notebook.name
            if copy.exists():
                print(f"{copy} exists and is kept; delete it to get a new one")
            else:
                copy.write_bytes(notebook.read_bytes())
                copies.append(copy)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written ({error.strerror})") from error
    return copies
