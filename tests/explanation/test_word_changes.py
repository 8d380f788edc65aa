"""Which answer tokens belong to words that another answer has not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tam_widgets.explanation.word_changes import changed_words

from .test_words import Panel, tokens


def changes(one: list[str], other: list[str]) -> tuple[list[int], list[int]]:
    return changed_words(Panel(tokens(*one, end=True)), Panel(tokens(*other, end=True)))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (["A", " dog", "."], ["A", " cat", "."], ([1], [1])),
        (["A", " dog", "."], ["A", " d", "og"], ([], [])),
        (["A", " dog"], ["A", " big", " red", " dog"], ([], [1, 2])),
        (["Two", " cats", " sit", "."], ["Two", " cats", "."], ([2], [])),
        (["a", " Dog"], ["a", " dog"], ([1], [1])),
        (["A", " lap", "top", " here"], ["A", " cup", " here"], ([1, 2], [1])),
        (["Yes", "!"], ["Yes", ",", " ."], ([], [])),
        (["One"], [], ([0], [])),
        ([], [], ([], [])),
    ],
)
def test_changed_words(one: list[str], other: list[str], expected: tuple[list[int], ...]) -> None:
    assert changes(one, other) == expected
    assert changes(other, one) == (expected[1], expected[0])


def test_prompts_are_not_compared() -> None:
    one = Panel([*tokens("Which", " dog", kind="prompt"), *tokens("A", " dog")])
    other = Panel([*tokens("What", kind="prompt"), *tokens("A", " cat")])
    assert changed_words(one, other) == ([3], [2])


def test_long_answers_are_compared_word_by_word() -> None:
    """Words that occur often count too."""
    one = ["the ", "cat "] * 150
    assert changes([*one, "end"], [*one, "stop"]) == ([300], [300])


@given(st.lists(st.sampled_from(["a ", "b ", "c ", ". "]), max_size=12))
def test_an_answer_does_not_differ_from_itself(pieces: list[str]) -> None:
    assert changes(pieces, pieces) == ([], [])
