"""llms.txt: its form, its links, the names that it gives, and its code from top to bottom."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import tam_widgets as tw
from docs.extensions.llms import of_site
from tam_widgets.attribution import METHODS, unregister

SOURCE = Path(__file__).parents[2] / "llms.txt"
TEXT = SOURCE.read_text("utf-8")
PROSE = re.sub(r"^```.*?^```", "", TEXT, flags=re.M | re.S)
LINK = re.compile(r"^- \[([^]]+)\]\(([^)]+)\)(: .+)?$", re.M)

HOLDERS: dict[str, Any] = {
    "tw": tw,
    "ex": tw.Explanation,
    "explainer": tw.Explainer,
    "grid": tw.Grid(1, 1, (0, 0, 1, 1)),
}


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What the code leaves behind, run in an empty folder."""
    left: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("llms"))
        for block in re.findall(r"^```python\n(.*?)^```", TEXT, re.M | re.S):
            exec(block, left)
        left["files"] = sorted(path.name for path in Path().iterdir())
    yield left
    unregister("raw")


def test_its_form_is_that_of_llmstxt() -> None:
    lines = TEXT.splitlines()
    assert lines[0].startswith("# ")
    assert lines[2].startswith("> ")
    assert [line for line in lines[1:] if line.startswith("# ")] == []
    after = TEXT[TEXT.index("## Documentation") :]
    for line in after.splitlines():
        assert not line or line.startswith("## ") or LINK.match(line), line


def test_links_lead_to_files() -> None:
    links = [link for _, link, _ in LINK.findall(TEXT)]
    assert links
    assert [link for link in links if not (SOURCE.parent / link).exists()] == []


def test_names_are_those_of_the_package() -> None:
    given = re.findall(r"\b(tw|ex|explainer|grid)((?:\.\w+)+)", PROSE)
    assert given
    for holder, path in given:
        found = HOLDERS[holder]
        for name in path.strip(".").split("."):
            assert hasattr(found, name), f"{holder}{path}"
            found = getattr(found, name)


def test_methods_are_told_rightly() -> None:
    (line,) = re.findall(
        r"^- Methods (.*?) need no model\. All others \((.*?)\)", PROSE, re.M | re.S
    )
    free, others = (set(re.findall(r'"([\w-]+)"', part)) for part in line)
    assert free == {name for name, one in METHODS.items() if one.maps is not None}
    assert others < set(METHODS) - free


def test_the_code_runs_and_does_what_it_says(names: dict[str, Any]) -> None:
    assert "print(ex.text)                                       # There is" in TEXT
    assert f"# {names['ex'].text}\n" in TEXT
    assert names["both"].explanations[1].title != names["ex"].title
    assert names["maps"][0].shape == (names["ex"].grids[0].rows, names["ex"].grids[0].cols)
    assert {"answer.html", "answer.pdf", "answer.png", "report.html"} <= set(names["files"])
    assert names["check"] in names["ex"].checks
    assert names["raw"].max() == 1


def test_the_site_links_its_own_pages() -> None:
    text = of_site(TEXT, {"CHANGELOG.md": "changelog"}, "https://example.org/repository")
    links = [link for _, link, _ in LINK.findall(text)]
    assert {"methods.html", "changelog.html"} < set(links)
    assert "https://example.org/repository/blob/main/README.md" in links
    assert all(link.endswith(".html") or "://" in link for link in links)
