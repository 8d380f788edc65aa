"""Read CHANGELOG.md; `python -m scripts.changelog` prints what its newest version brings."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
_HEADING = re.compile(r"^## \[(?P<name>[^\]]+)\](?: - (?P<date>\d{4}-\d\d-\d\d))?$", re.MULTILINE)


class Section(NamedTuple):
    """One version's part of the changelog."""

    name: str
    date: str | None
    text: str


def sections(changelog: str) -> list[Section]:
    """All versions, the newest first, `Unreleased` too."""
    headings = list(_HEADING.finditer(changelog))
    ends = [heading.start() for heading in headings[1:]] + [len(changelog)]
    return [
        Section(heading["name"], heading["date"], changelog[heading.end() : end].strip())
        for heading, end in zip(headings, ends, strict=True)
    ]


def newest(changelog: str) -> Section:
    """The newest version."""
    return next(one for one in sections(changelog) if one.name != "Unreleased")


if __name__ == "__main__":
    print(newest((ROOT / "CHANGELOG.md").read_text("utf-8")).text)
