"""The glossary as Python has it, and links to it from the documentation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from traitlets import TraitError

import tam_widgets as tw
from tam_widgets.errors import OptionError
from tam_widgets.views.glossary.entries import ENTRIES, entry_of

DOCS = Path(__file__).resolve().parents[3] / "docs"
PAGES = [page for page in sorted(DOCS.glob("*.md")) if page.name != "glossary.md"]
NAMES = {entry.name for entry in ENTRIES}


@pytest.mark.parametrize("form", ["deletion", "Deletion", " deletion "])
def test_a_term_is_found_in_any_case(form: str) -> None:
    assert tw.glossary(form).term == "deletion"


def test_every_form_leads_to_its_entry() -> None:
    for entry in ENTRIES:
        for form in (entry.name, entry.term, *entry.also):
            assert entry_of(form) is entry


def test_methods_have_an_entry_or_are_named_in_one() -> None:
    ablations = {"tam-no-eci", "tam-no-rgf"}
    controls = {"random", "centre", "edges"}
    for name in {*tw.METHODS} - ablations - controls:
        assert entry_of(name)
    assert all(word in entry_of("control map").text for word in ("centre", "edges"))


def test_an_unknown_term_is_refused_with_similar_ones() -> None:
    with pytest.raises(OptionError, match="no entry 'deltion': did you mean 'deletion'"):
        tw.glossary("deltion")
    with pytest.raises(OptionError, match=f"glossary\\(\\) shows all {len(ENTRIES)}"):
        tw.glossary("qqqq")
    with pytest.raises(OptionError, match="no entry 3"):
        tw.glossary(3)  # type: ignore[arg-type]


def test_the_term_in_view_can_be_set() -> None:
    view = tw.glossary()
    view.term = "ECI"
    assert view.term == "eci"
    assert repr(view).startswith("estimated causal inference: The step that")
    with pytest.raises(TraitError, match="no entry 'ECU'"):
        view.term = "ECU"
    view.term = ""
    assert repr(view) == f"<Glossary of {len(ENTRIES)} terms>"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_links_each_term_once_and_only_to_what_is_there(page: Path) -> None:
    linked = re.findall(r"\]\(glossary\.md#([\w-]+)\)", page.read_text("utf-8"))
    assert {*linked} <= NAMES
    assert len({*linked}) == len(linked)


@pytest.mark.parametrize(
    ("page", "terms"),
    [
        ("asking.md", {"layer", "deletion", "insertion", "random-order", "reliance"}),
        ("exercises.md", {"eci", "context", "visual-token", "iou"}),
        ("families.md", {"visual-token", "grid", "tile"}),
        ("methods.md", {"teacher-forcing", "logit-lens", "frozen-answer", "selectivity"}),
    ],
)
def test_pages_link_the_terms_that_they_are_about(page: str, terms: set[str]) -> None:
    assert terms <= {*re.findall(r"\(glossary\.md#([\w-]+)\)", (DOCS / page).read_text("utf-8"))}
