"""Links to files of the repository that are no pages here lead to where the repository is shown."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

LINK = re.compile(r"(\]\()(?!#|\w+:)([^)\s#]+)")
"""The target of a Markdown link or picture, up to its anchor, unless it is an address."""


def moved_links(text: str, source: Path, page: Path) -> str:
    """The text of one file, shown as another one, with relative links that still lead there."""

    def moved(link: re.Match[str]) -> str:
        target = Path(os.path.normpath(source.parent / link[2]))
        return link[1] + Path(os.path.relpath(target, page.parent)).as_posix()

    return LINK.sub(moved, text)


class RepositoryLinks(SphinxTransform):
    """Turns links out of `docs/` into links to a page that shows the file, or to the repository."""

    default_priority = 700  # all links are there, and none is resolved

    def apply(self, **_: Any) -> None:
        """Goes through the links of a page."""
        for link in [*self.document.findall(_is_relative)]:
            asked, anchor = _target(link)
            folder = Path(self.env.srcdir, self.env.docname).parent
            path = Path(os.path.normpath(folder / asked))
            if path.is_relative_to(self.env.srcdir) or not path.exists():
                continue
            name = path.relative_to(self.config.repository_root).as_posix()
            if name in self.config.shown_as:
                _lead_to_page(link, self.config.shown_as[name], anchor)
            else:
                link.replace_self(_reference(link, self.address(path, name) + anchor))

    def address(self, path: Path, name: str) -> str:
        """Where the repository shows a file or folder."""
        kind = "tree" if path.is_dir() else "blob"
        return f"{self.config.repository_address}/{kind}/main/{name}"


def _is_relative(node: nodes.Node) -> bool:
    kinds = addnodes.pending_xref, addnodes.download_reference
    return isinstance(node, kinds) and node.get("reftype") == "myst"


def _target(link: nodes.Element) -> tuple[str, str]:
    """The path that a link names, relative or absolute, and its anchor with its sign."""
    path, _, anchor = link["reftarget"].partition("#")
    anchor = link.get("reftargetid") or anchor
    if link.get("refdomain") == "doc":
        path = f"/{path.lstrip('/')}.md" if path.startswith("/") else f"{path}.md"
    return path, f"#{anchor}" if anchor else ""


def _lead_to_page(link: nodes.Element, page: str, anchor: str) -> None:
    """Makes a link to a file one to the page that shows it."""
    asked = {"refdomain": "doc", "reftarget": page, "reftargetid": anchor[1:] or None}
    kept = {name: link[name] for name in ("refdoc", "reftype", "refexplicit")}
    new = addnodes.pending_xref("", *link.children, **kept, **asked)
    new.source, new.line = link.source, link.line
    link.replace_self(new)


def _reference(link: nodes.Element, address: str) -> nodes.reference:
    return nodes.reference("", "", *link.children, refuri=address, internal=False)


def setup(app: Sphinx) -> dict[str, bool]:
    """Registers the transform and its settings."""
    app.add_config_value("repository_root", "", "env")
    app.add_config_value("repository_address", "", "env")
    app.add_config_value("shown_as", {}, "env")  # pages by the file that they show
    app.add_transform(RepositoryLinks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
