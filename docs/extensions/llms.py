"""Writes llms.txt into the site: that of the repository, with links to the site's pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

NAME = "llms.txt"
LINK = re.compile(r"(?<=\]\()(?!\w+:)([^)]+)(?=\))")
"""The target of a Markdown link to a file."""


def of_site(text: str, shown_as: Mapping[str, str], address: str) -> str:
    """The text with links that lead from the site.

    Args:
        text: That of the repository.
        shown_as: Pages of the site by the files, outside `docs/`, that they show.
        address: Where the repository is shown.
    """

    def moved(link: re.Match[str]) -> str:
        file = link[1]
        if file in shown_as:
            return f"{shown_as[file]}.html"
        if file.startswith("docs/"):
            return file.removeprefix("docs/").removesuffix(".md") + ".html"
        return f"{address}/blob/main/{file}"

    return LINK.sub(moved, text)


def write(app: Sphinx, exception: Exception | None) -> None:
    """Writes the file beside the pages."""
    if exception is None:
        text = Path(app.config.repository_root, NAME).read_text("utf-8")
        config = app.config
        moved = of_site(text, config.shown_as, config.repository_address)
        Path(app.outdir, NAME).write_text(moved, "utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Registers it."""
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
