"""Notebooks as pages: their text, code and outputs, with the stored views alive."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import plotly.io
from sphinx.application import Sphinx

from .live_pictures import FRAME
from .stored_views import page_of_view

Json = dict[str, Any]

PLOTLY = "application/vnd.plotly.v1+json"
FOLDER = "live/notebooks"
VIEW_HEIGHT, CHART_HEIGHT, CHART_MARGIN = 640, 450, 24  # pixels


def as_markdown(file: Path) -> str:
    """A notebook as Markdown."""
    notebook = json.loads(file.read_text("utf-8"))
    parts = [
        f"```{{note}}\nThis is [{file.name}](../notebooks/{file.name}), with the outputs that are "
        "stored in it; `tam-widgets demo` opens it to be run.\n```"
    ]
    for number, cell in enumerate(notebook["cells"]):
        source = "".join(cell["source"])
        parts.append(source if cell["cell_type"] == "markdown" else fenced(source, "python"))
        for name, output in outputs(file, number, cell):
            parts.append(shown(notebook, name, output))
    first = parts.pop(1)  # the title comes first
    return "\n\n".join([first, *parts]) + "\n"


def outputs(file: Path, number: int, cell: Json) -> Iterator[tuple[str, Json]]:
    """A cell's outputs, each with the name of a page for it."""
    for index, output in enumerate(cell.get("outputs", [])):
        data = output.get("data") or {"text/plain": output.get("text", "")}
        yield f"{file.stem}-{number}-{index}", data


def shown(notebook: Json, name: str, output: Json) -> str:
    """An output as Markdown or HTML, in the richest form that it has."""
    if PLOTLY in output:
        height = output[PLOTLY]["layout"].get("height", CHART_HEIGHT)
        return framed(name, "A chart", height + CHART_MARGIN)
    if page_of_view(notebook, output, ""):
        return framed(name, "A view, as it was stored in the notebook", VIEW_HEIGHT)
    if "image/jpeg" in output:
        data = "".join(output["image/jpeg"].split())
        return f'<img alt="{escape(text(output))}" src="data:image/jpeg;base64,{data}">'
    if "text/html" in output:
        lines = "".join(output["text/html"]).splitlines()
        table = "\n".join(line for line in lines if line.strip())
        return f'<div class="output" tabindex="0">\n{table}\n</div>'
    return fenced(text(output), "text")


def text(output: Json) -> str:
    """An output's plain text."""
    return "".join(output["text/plain"]).strip("\n")


def fenced(content: str, language: str) -> str:
    """A block of code or text."""
    return f"````{language}\n{content}\n````"


def framed(name: str, title: str, height: int) -> str:
    """A frame around a page of the same name."""
    return FRAME.format(address=f"../{FOLDER}/{name}.html", title=title, height=height).strip()


def add_pages(app: Sphinx, failed: Exception | None) -> None:
    """Writes the pages of all notebooks' views and charts."""
    if failed is not None:
        return
    folder = Path(app.outdir, FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    for file in Path(app.config.repository_root, "notebooks").glob("*.ipynb"):
        notebook = json.loads(file.read_text("utf-8"))
        for number, cell in enumerate(notebook["cells"]):
            for name, output in outputs(file, number, cell):
                write_page(notebook, output, folder / f"{name}.html")


def write_page(notebook: Json, output: Json, path: Path) -> None:
    """Writes the page of an output that has one."""
    if PLOTLY in output:
        # plotly's code is written beside the page, once
        plotly.io.write_html(output[PLOTLY], path, include_plotlyjs="directory", validate=False)
    elif page := page_of_view(notebook, output, path.stem):
        path.write_bytes(page)


def setup(app: Sphinx) -> dict[str, bool]:
    """Writes the pages when the site's are written."""
    app.connect("build-finished", add_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
