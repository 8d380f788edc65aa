"""Pages that show a file of the repository: its CHANGELOG, its notebooks.

In `docs/` such a page is a sentence with a link, for readers of the repository; `shown_as` says
which file takes its place on the site.
"""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx

from .notebooks import as_markdown
from .repository import moved_links


def show_file(app: Sphinx, page: str, content: list[str]) -> None:
    """Puts the file's text in the place of the page's."""
    files = {shown: name for name, shown in app.config.shown_as.items()}
    if page not in files:
        return
    file = Path(app.config.repository_root, files[page])
    app.env.note_dependency(file)
    text = as_markdown(file) if file.suffix == ".ipynb" else file.read_text("utf-8")
    content[0] = moved_links(text, file, Path(app.env.doc2path(page)))


def setup(app: Sphinx) -> dict[str, bool]:
    """Replaces the text of pages as they are read."""
    app.connect("source-read", show_file)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
