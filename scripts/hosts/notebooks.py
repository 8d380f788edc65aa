"""JupyterLab, Notebook, nbclassic and Voila: a notebook and a kernel."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import nbformat
from playwright.sync_api import Page

from tests.e2e.notebook import KERNEL_READY
from tests.e2e.server import FLAGS, quiet_settings

from .servers import running

NAME = "app.ipynb"
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
# JupyterLab's promise never ends: the braces keep the page from waiting for it
RUN_ALL = "() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }"
CLASSIC_READY = "() => Boolean(window.Jupyter?.notebook?.kernel?.is_connected())"
CLASSIC_RUN_ALL = "() => { window.Jupyter.notebook.execute_all_cells(); }"


def write(folder: Path, cells: Sequence[str]) -> Path:
    """A notebook of code cells."""
    v4 = nbformat.v4
    notebook = v4.new_notebook(  # type: ignore[no-untyped-call]
        cells=[v4.new_code_cell(cell) for cell in cells],  # type: ignore[no-untyped-call]
        metadata={"kernelspec": KERNEL},
    )
    nbformat.write(notebook, folder / NAME)  # type: ignore[no-untyped-call]
    return folder / NAME


@contextlib.contextmanager
def jupyterlab(page: Page, folder: Path, cells: Sequence[str]) -> Iterator[None]:
    with _jupyter(folder, cells, "jupyterlab", f"lab/tree/{NAME}?reset") as url:
        page.goto(url)
        page.wait_for_function(KERNEL_READY, timeout=90_000)
        page.evaluate(RUN_ALL)
        yield


@contextlib.contextmanager
def notebook(page: Page, folder: Path, cells: Sequence[str]) -> Iterator[None]:
    with _jupyter(folder, cells, "notebook", f"notebooks/{NAME}") as url:
        page.goto(url)
        page.wait_for_function(KERNEL_READY, timeout=90_000)
        page.evaluate(RUN_ALL)
        yield


@contextlib.contextmanager
def nbclassic(page: Page, folder: Path, cells: Sequence[str]) -> Iterator[None]:
    with _jupyter(folder, cells, "nbclassic", f"nbclassic/notebooks/{NAME}") as url:
        page.goto(url)
        page.wait_for_function(CLASSIC_READY, timeout=90_000)
        page.wait_for_timeout(5_000)  # nothing says when its extensions are there
        page.evaluate(CLASSIC_RUN_ALL)
        yield


@contextlib.contextmanager
def voila(page: Page, folder: Path, cells: Sequence[str]) -> Iterator[None]:
    write(folder, cells)
    with running(folder, "voila", NAME, "--no-browser", "--port={port}") as url:
        page.goto(url, timeout=90_000)
        yield


def _jupyter(
    folder: Path, cells: Sequence[str], app: str, path: str
) -> contextlib.AbstractContextManager[str]:
    write(folder, cells)
    quiet_settings(folder / "private" / "settings")
    flags = [flag for flag in FLAGS if app != "nbclassic" or "expose_app" not in flag]
    return running(
        folder, app, *flags, "--port={port}", f"--ServerApp.root_dir={folder}", path=path
    )
