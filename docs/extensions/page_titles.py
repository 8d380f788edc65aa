"""A link whose text is a file's name, `[asking.md](asking.md)`, shows the page's title instead."""

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
        """Goes through a page's links to whole pages."""
        for link in self.document.findall(addnodes.pending_xref):
            if link.get("refdomain") == "doc" and not link.get("reftargetid"):
                file = PurePosixPath(f"{link['reftarget']}.md").name
                if PurePosixPath(link.astext()).name == file:
                    link["refexplicit"] = False


def setup(app: Sphinx) -> dict[str, bool]:
    """Registers the transform."""
    app.add_transform(PageTitles)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
