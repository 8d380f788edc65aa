"""A link whose text is a file's name, `[asking.md](asking.md)`, shows that page's title."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform


class PageTitles(SphinxTransform):
    """Lets Sphinx write the text of such links."""

    default_priority = 710  # after links to files have become links to pages

    def apply(self, **_: Any) -> None:
        """Goes through a page's links to pages."""
        for link in self.document.findall(addnodes.pending_xref):
            file = PurePosixPath(f"{link['reftarget']}.md").name
            if link.get("refdomain") == "doc" and PurePosixPath(link.astext()).name == file:
                link["refexplicit"] = False


def setup(app: Sphinx) -> dict[str, bool]:
    """Registers the transform."""
    app.add_transform(PageTitles)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
