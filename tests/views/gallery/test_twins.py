"""Which noun of an answer is in focus, and the same noun in two answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tam_widgets.views.gallery.filters import no_filters
from tam_widgets.views.gallery.twins import nouns_in_focus, twin

FIXTURE = Path(__file__).parents[2] / "fixtures" / "noun_twins.json"
NOUNS = [("Dog", 0), ("dog", 0), ("puppy", 0), ("DOGS", -1), ("sky", -1), ("İri", -1), ("ΣΑΣ", 1)]
OTHERS = [
    [],
    [("cat", 1), ("dog", -1)],
    [("puppy", 0), ("hound", 0), ("dog", 2)],
    [("sea", -1), ("iri", 1)],
    [("i̇ri", -1), ("σας", -1), ("dogs", 0)],
]


@pytest.mark.parametrize(
    ("noun", "nouns", "expected"),
    [
        (("Dog", "dog"), [("cat", "cat"), ("dog", None)], 1),
        (("dogs", "dog"), [("cat", "cat"), ("puppy", "dog")], 1),
        (("sky", None), [("sea", None)], None),
        (("sky", -1), [("sea", -1)], None),
        (("dog", "dog"), [], None),
    ],
)
def test_a_nouns_twin_is_the_same_word_or_one_of_its_category(
    noun: tuple[str, Any], nouns: list[tuple[str, Any]], expected: int | None
) -> None:
    assert twin(noun, nouns) == expected


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, [2, 0]),
        ({"word": " DOG"}, [1, 0]),
        ({"word": "tree"}, [2, 0]),
        ({"categories": ["dog"]}, [1, 0]),
        ({"word": "do", "categories": ["cat"]}, [2, 0]),
        ({"word": "hat"}, [2, 1]),
    ],
)
def test_the_noun_that_is_filtered_for_is_in_focus_else_the_worst(
    filters: dict[str, Any], expected: list[int]
) -> None:
    """As the front end's own test of `focusOf`: of two dogs it is the one that scored lower."""
    first = {"w": [("dog", 1, None), ("dogs", 1, 0.5), ("cat", 0, 0.2)], "k": 2}
    second = {"w": [("cat", 0, 0.4), ("hat", -1, None)], "k": 1}
    asked = no_filters(2) | filters
    assert nouns_in_focus([first, second], asked, ["cat", "dog"]) == expected
    assert nouns_in_focus([None, second], asked, ["cat", "dog"]) == [-1, 1]


def fixture() -> list[dict[str, Any]]:
    """Nouns, those of another answer, and the index of the twin among them."""
    return [
        {"noun": noun, "nouns": nouns, "twin": twin(noun, nouns)}
        for noun in NOUNS
        for nouns in OTHERS
    ]


def test_the_browser_finds_the_same_twins() -> None:
    """After a wanted change: `python -m tests.views.gallery.test_twins` writes it anew."""
    assert json.loads(json.dumps(fixture())) == json.loads(FIXTURE.read_text("utf-8"))


if __name__ == "__main__":
    FIXTURE.write_text(json.dumps(fixture()) + "\n", "utf-8")
