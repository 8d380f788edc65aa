"""Every link of a page to a file or a heading leads there, in the repository as it is."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from .pages import PAGES, ROOT, text_of

LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCED = re.compile(r"^(`{3,}).*?^\1$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
HTML_ANCHOR = re.compile(r'<a id="([^"]+)">')


def links(page: str) -> list[str]:
    """The targets of a page's links and pictures, but those in code."""
    return LINK.findall(re.sub(r"`[^`\n]+`", "", FENCED.sub("", text_of(page))))


@cache
def anchors(page: str) -> set[str]:
    """The anchors of a page, as GitHub names them."""
    text = FENCED.sub("", text_of(page))
    found = set(HTML_ANCHOR.findall(text))
    for heading in HEADING.findall(text):
        shown = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
        slug = re.sub(r"[^\w\- ]", "", shown.lower()).replace(" ", "-")
        again = sum(
            re.fullmatch(rf"{re.escape(slug)}(-\d+)?", known) is not None for known in found
        )
        found.add(f"{slug}-{again}" if again else slug)
    return found


def fault(page: str, link: str) -> str:
    """What is wrong with a link; empty if it leads to something."""
    parts = urlsplit(link)
    if parts.scheme:
        good = parts.scheme in ("http", "https") and "." in parts.netloc
        return "" if good else f"{link}: no address"
    target = (ROOT / page).parent / parts.path if parts.path else ROOT / page
    if not target.exists():
        return f"{link}: no such file"
    if not parts.fragment or target.suffix != ".md":
        return ""
    named = target.resolve().relative_to(ROOT).as_posix()
    return "" if parts.fragment in anchors(named) else f"{link}: no such heading"


@pytest.mark.parametrize("page", [*PAGES, "CHANGELOG.md", "benchmarks/README.md"])
def test_links(page: str) -> None:
    assert [found for link in links(page) if (found := fault(page, link))] == []


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("docs/no_page.md", "no such file"),
        ("docs/methods.md#no-heading", "no such heading"),
        ("#no-heading", "no such heading"),
        ("https:arxiv", "no address"),
    ],
)
def test_a_link_that_leads_nowhere_is_found(link: str, said: str) -> None:
    assert fault("README.md", link).endswith(said)


def test_headings_with_the_same_text_have_anchors_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("# A `b`, c\n\n## Same\n\n## Same\n\n```\n# code\n```\n")
    assert anchors(str(tmp_path / "page.md")) == {"a-b-c", "same", "same-1"}
