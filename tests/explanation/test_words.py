"""Words of an explanation and the same words in others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tam_widgets.explanation.types import Token
from tam_widgets.explanation.words import links, words


@dataclass
class Panel:
    tokens: Sequence[Token]


def tokens(*pieces: str, kind: str = "answer", end: bool = False) -> list[Token]:
    made, position = [], 0
    for piece in pieces:
        made.append(_token(piece, kind, position))
        position += len(piece)
    return [*made, _token("</s>", kind, position, special=True)] if end else made


def _token(text: str, kind: str, start: int, special: bool = False) -> Token:
    span = (start, start) if special else (start, start + len(text))
    return Token(
        id=0,
        text=text,
        kind=kind,  # type: ignore[arg-type]
        span=span,
        probability=None,
        candidates=(),
        special=special,
    )


def found(pieces: Sequence[Token]) -> list[tuple[str, tuple[int, ...]]]:
    return [(word.text, word.tokens) for word in words(pieces, "answer")]


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (["A", " cat", "."], [("A", (0,)), ("cat", (1,))]),
        ([" do", "g", "s"], [("dogs", (0, 1, 2))]),
        (["dog", "'", "s", " tail"], [("dog's", (0, 1, 2)), ("tail", (3,))]),
        (["the dogs", "'", " tails"], [("the", (0,)), ("dogs", (0,)), ("tails", (2,))]),
        (["well", "-", "known", " - ", "yes"], [("well-known", (0, 1, 2)), ("yes", (4,))]),
        (["Cafe", "\u0301", " ", "übe", "r"], [("Cafe\u0301", (0, 1)), ("über", (3, 4))]),
        (["小狗", "和", "猫", "。"], [("小狗", (0,)), ("和", (1,)), ("猫", (2,))]),
        (["24", "7", " 🐶", "!"], [("247", (0, 1))]),
        (["…", "\n"], []),
        ([], []),
    ],
)
def test_words_follow_the_text(
    pieces: list[str], expected: list[tuple[str, tuple[int, ...]]]
) -> None:
    assert found(tokens(*pieces)) == expected


def test_a_special_token_is_in_no_word() -> None:
    assert found(tokens("cat", end=True)) == [("cat", (0,))]


def test_an_empty_piece_inside_a_word_belongs_to_it() -> None:
    pieces = [_token("a", "answer", 0), _token("", "answer", 1), _token("é", "answer", 1)]
    assert found(pieces) == [("aé", (0, 1, 2))]


def test_prompt_and_answer_are_apart() -> None:
    both = [*tokens("do", "g", kind="prompt"), *tokens("do", "g")]
    assert [word.tokens for word in words(both, "prompt")] == [(0, 1)]
    assert [word.tokens for word in words(both, "answer")] == [(2, 3)]


def test_links_join_the_same_word_however_it_is_cut() -> None:
    a = Panel([*tokens("the", " cat", kind="prompt"), *tokens("A", " ca", "t", " and", " a")])
    b = Panel([*tokens("dog", kind="prompt"), *tokens("The", " Cat", " a")])
    assert links([a, b]) == [
        [[0, [2]], [0, [6]], [1, [3]]],
        [[0, [3, 4]], [1, [2]]],
    ]


def test_links_fold_case_and_typography() -> None:
    a, b = Panel(tokens("STRASSE", " dog’s")), Panel(tokens("straße", " dog's"))
    assert links([a, b]) == [[[0, [0]], [1, [0]]], [[0, [1]], [1, [1]]]]


def test_one_panel_has_no_links() -> None:
    assert links([Panel(tokens("a", " cat", " a"))]) == []


@given(st.lists(st.text(st.sampled_from("ab 'é-狗\u0301."), max_size=4)))
def test_words_are_the_runs_of_the_text_whatever_the_pieces(pieces: list[str]) -> None:
    made = tokens(*pieces)
    text = "".join(pieces)
    grouped = words(made, "answer")
    assert all(word.text in text for word in grouped)
    assert all(list(word.tokens) == sorted(set(word.tokens)) for word in grouped)
    for word in grouped:
        assert word.text in "".join(made[i].text for i in word.tokens)


@given(st.lists(st.lists(st.sampled_from(["a", " b", "c", " A", "."])), max_size=4))
def test_every_link_spans_panels_and_points_at_its_word(answers: list[list[str]]) -> None:
    panels = [Panel(tokens(*answer)) for answer in answers]
    for group in links(panels):
        assert len({panel for panel, _ in group}) >= 2
        assert group == sorted(group)
