"""A built documentation site: its pages, and what they refer to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADING = {"script": "src", "img": "src", "iframe": "src", "link": "href"}
"""Attributes by which a page loads something."""

CSS_ADDRESS = re.compile(r"(?:url\(|@import)\s*[\"']?((?:https?:)?//[^\"')\s]+)")


@dataclass
class Page(HTMLParser):
    """One page.

    Attributes:
        path: Its file.
        ids: What in it can be linked to.
        links: Where it links to.
        loads: What it loads.
    """

    path: Path
    ids: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.ids |= {named[name] for name in ("id", "name") if name in named}
        if tag == "a" and "href" in named:
            self.links.append(named["href"])
        if address := named.get(LOADING.get(tag, "")):
            self.loads.append(address)


class Site:
    """All pages of a folder.

    Args:
        folder: It.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        own = [path for path in sorted(folder.rglob("*.html")) if "live" not in path.parts]
        self.pages = {path.relative_to(folder).as_posix(): Page(path) for path in own}

    def broken(self) -> list[str]:
        """Links to files or anchors that do not exist."""
        return [
            f"{name}: {link}"
            for name, page in self.pages.items()
            for link in (*page.links, *page.loads)
            if is_local(link) and not link.startswith("data:") and not self._is_there(page, link)
        ]

    def _is_there(self, page: Page, link: str) -> bool:
        parts = urlsplit(link)
        path = (page.path.parent / unquote(parts.path)).resolve() if parts.path else page.path
        if not parts.fragment or path.suffix != ".html":
            return path.exists()
        other = self.pages.get(path.relative_to(self.folder.resolve()).as_posix())
        return other is not None and unquote(parts.fragment) in other.ids

    def outside(self) -> set[str]:
        """Addresses to which pages link."""
        links = (link for page in self.pages.values() for link in page.links)
        return {link for link in links if not is_local(link)}

    def reference(self) -> str:
        """The HTML of the API reference."""
        return "".join(path.read_text("utf-8") for path in (self.folder / "api").glob("*.html"))

    def loaded_from_outside(self) -> list[str]:
        """Addresses from which pages or style sheets load something."""
        found = [a for page in self.pages.values() for a in page.loads if not is_local(a)]
        for sheet in self.folder.rglob("*.css"):
            found += CSS_ADDRESS.findall(sheet.read_text("utf-8"))
        return found


def is_local(address: str) -> bool:
    """Whether an address needs no network."""
    return address.startswith("data:") or not (urlsplit(address).scheme or address.startswith("//"))
