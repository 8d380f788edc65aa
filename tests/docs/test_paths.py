"""Files and pages that the pages for those who carry on name are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = ("architecture.md", "decisions.md", "first_issues.md", "benchmarks.md")

FOLDERS = (ROOT, DOCS, ROOT / "benchmarks")
"""Folders in which a path on these pages may begin; or anywhere below one of `SOURCES`."""
SOURCES = (ROOT / "tam_widgets", ROOT / "js" / "src", ROOT / "scripts")

PATH = re.compile(r"`([\w./*-]+(?:\.(?:py|ts|json|js|mjs|md|css|npz|svg)|/))`")


def named_paths(page: str) -> list[str]:
    return PATH.findall((DOCS / page).read_text("utf-8"))


def is_there(path: str) -> bool:
    name = path.rstrip("/")
    beginnings = any(any(folder.glob(name)) for folder in FOLDERS)
    return beginnings or any(any(source.rglob(name)) for source in SOURCES)


@pytest.mark.parametrize("page", [page for page in PAGES if (DOCS / page).exists()])
def test_named_files_are_there(page: str) -> None:
    named = named_paths(page)
    assert named
    assert [path for path in named if not is_there(path)] == []


@pytest.mark.parametrize("page", [page for page in PAGES if (DOCS / page).exists()])
def test_links_lead_to_files(page: str) -> None:
    links = re.findall(r"\]\(([^)#]+)", (DOCS / page).read_text("utf-8"))
    local = [link for link in links if "://" not in link]
    assert local
    assert [link for link in local if not (DOCS / link).exists()] == []


def test_a_path_that_is_not_there_is_found_missing() -> None:
    assert not is_there("views/no_such_module.py")
