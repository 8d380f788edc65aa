"""Anchors written as HTML, `<a id="token"></a>`, which GitHub knows, are known here too."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from myst_parser.mdit_to_docutils.transforms import ResolveAnchorIds
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

ANCHOR = re.compile(r'<a id="([^"]+)">')


class HtmlAnchors(SphinxTransform):
    """Adds a page's HTML anchors to those of its headings."""

    default_priority = ResolveAnchorIds.default_priority - 1

    def apply(self, **_: Any) -> None:
        """Finds them in the page's pieces of HTML."""
        names = [name for raw in self.document.findall(nodes.raw) for name in in_text(raw)]
        if names:
            known = self.env.metadata[self.env.docname].setdefault("myst_slugs", {})
            known.update({name: (None, name, name) for name in names})
            self.document.myst_slugs = known


def in_text(raw: nodes.raw) -> list[str]:
    """The anchors in a piece of HTML."""
    return ANCHOR.findall(raw.astext())


def setup(app: Sphinx) -> dict[str, bool]:
    """Registers the transform."""
    app.add_transform(HtmlAnchors)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
