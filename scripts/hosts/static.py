"""Pages made from a notebook or an app once, and read without Python."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from playwright.sync_api import Page

from .notebooks import write
from .servers import files, run

SPHINX = "project = 'notes'\nextensions = ['{}']\nnb_execution_mode = 'force'\n"


@contextlib.contextmanager
def _opened(page: Page, folder: Path, name: str) -> Iterator[None]:
    text = (folder / name).read_text("utf-8")
    # the npm registry has the same scripts as the networks, but not always minified
    (folder / name).write_text(re.sub(r' integrity="[^"]*"', "", text), "utf-8")
    with files(folder) as url:
        page.goto(url + name, timeout=90_000)
        yield


@contextlib.contextmanager
def nbconvert(page: Page, folder: Path, cells: Sequence[str]) -> Iterator[None]:
    name = write(folder, cells).name
    run(folder, "jupyter", "nbconvert", "--execute", "--to", "html", "--output=page.html", name)
    with _opened(page, folder, "page.html"):
        yield


@contextlib.contextmanager
def myst_nb(page: Page, folder: Path, cells: Sequence[str]) -> Iterator[None]:
    with _sphinx(page, folder, cells, "myst_nb"):
        yield


@contextlib.contextmanager
def nbsphinx(page: Page, folder: Path, cells: Sequence[str]) -> Iterator[None]:
    with _sphinx(page, folder, cells, "nbsphinx"):
        yield


@contextlib.contextmanager
def _sphinx(page: Page, folder: Path, cells: Sequence[str], extension: str) -> Iterator[None]:
    path = write(folder, ["# Notes", *cells])
    if extension == "nbsphinx":
        run(folder, "jupyter", "nbconvert", "--execute", "--inplace", "--to", "notebook", path.name)
    (folder / "conf.py").write_text(SPHINX.format(extension))
    (folder / "index.rst").write_text("Notes\n=====\n\n.. toctree::\n\n   app\n")
    run(folder, "sphinx", "-q", ".", "built")
    with _opened(page, folder / "built", "app.html"):
        yield


@contextlib.contextmanager
def written(page: Page, folder: Path, code: Sequence[str]) -> Iterator[None]:
    """Code that writes page.html."""
    (folder / "app.py").write_text("\n\n".join(code), "utf-8")
    run(folder, "app")
    with _opened(page, folder, "page.html"):
        yield


@contextlib.contextmanager
def marimo_html(page: Page, folder: Path, cells: Sequence[str]) -> Iterator[None]:
    run(folder, "marimo", "convert", write(folder, cells).name, "-o", "app.py")
    run(folder, "marimo", "export", "html", "app.py", "-o", "page.html")
    with _opened(page, folder, "page.html"):
        yield
