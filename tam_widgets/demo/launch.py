"""The demo as a person first meets it: a notebook in JupyterLab, or one HTML file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from ..errors import OutputError, TamError

NOTEBOOK = "01_quickstart.ipynb"
SEED = 40


class DemoError(TamError, RuntimeError):
    """The demo notebook cannot be found or run here."""


def has_display() -> bool:
    """Whether a browser window can be opened on this machine."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def write_html(path: str) -> None:
    """Explains one scene with both demo models and writes the comparison as an HTML file."""
    from ..export import to_html
    from . import MODELS, explainer, scene

    picture = scene(seed=SEED)
    explanations = [explainer(name).explain(picture.image, picture.prompt) for name in MODELS]
    to_html(explanations, path)
    print(f"wrote {Path(path).resolve()}: open it in a browser and move over the words")


def open_lab(folder: str) -> None:
    """Copies the quickstart notebook into a folder, runs it, and opens it in JupyterLab.

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
    copy = _copied(folder)
    print(f"running {copy}")
    notebook = nbformat.read(copy, as_version=4)  # type: ignore[no-untyped-call]
    try:
        NotebookClient(
            notebook,
            timeout=600,
            store_widget_state=True,
            resources={"metadata": {"path": folder}},
        ).execute()
    except CellExecutionError as error:
        raise DemoError(f"{copy} failed: {error.evalue}") from error
    nbformat.write(notebook, copy)  # type: ignore[no-untyped-call]
    # JupyterLab shows only the still pictures of a notebook that is not signed as run here
    NotebookNotary().sign(notebook)  # type: ignore[no-untyped-call]
    root = ["--allow-root"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
    subprocess.run([sys.executable, "-m", "jupyter", "lab", *root, str(copy)], check=False)


def _copied(folder: str) -> Path:
    """The notebook in `folder`, as shipped: from the wheel, or from the repository."""
    package = Path(__file__).parent
    for home in (package / "notebooks", package.parents[1] / "notebooks"):
        if (home / NOTEBOOK).is_file():
            try:
                Path(folder).mkdir(exist_ok=True)
                copy = Path(folder) / NOTEBOOK
                copy.write_bytes((home / NOTEBOOK).read_bytes())
            except OSError as error:
                raise OutputError(f"{folder}: cannot be written ({error.strerror})") from error
            return copy
    raise DemoError(f"{NOTEBOOK} is missing from this installation: install tam-widgets again")
