"""Which tokens are shown before anybody chose one, here and in the browser."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tam_widgets.contract import CONTRACT
from tam_widgets.explanation.types import Token
from tam_widgets.explanation.word_changes import changed_words
from tam_widgets.views.at_rest import at_rest, is_readable, shown_at_rest
from tam_widgets.views.stills.settings import StillSettings
from tam_widgets.views.stills.sight import sights
from tam_widgets.views.wire import encode
from tests.views.made import explanation

FIXTURE = Path(__file__).parents[1] / "fixtures" / "at_rest.json"
KNOWN = json.loads(FIXTURE.read_text("utf-8")) if FIXTURE.exists() else {}

Links = list[list[list[Any]]]

DOG: Links = [[[0, [1]], [1, [2]]]]
BY_HAND: list[tuple[str, list[list[float]], list[list[int]], Links]] = [
    ("one panel shows its strongest", [[0.2, 0.9, 0.4]], [[1, 1, 1]], []),
    ("only of readable tokens", [[0.2, 0.9, 0.4]], [[1, 0, 1]], []),
    ("the first of equals", [[0.3, 0.7, 0.7]], [[1, 1, 1]], []),
    ("maps that are empty or against their tokens", [[-0.5, 0.0, -0.2]], [[1, 0, 1]], []),
    ("nothing is readable", [[0.2, 0.9], [0.1, 0.3]], [[0, 0], [1, 1]], []),
    ("a word that both show", [[0.9, 0.6], [0.1, 0.8, 0.7]], [[1, 1], [1, 1, 1]], DOG),
    ("exactly half is too weak", [[0.8, 0.4], [0.1, 0.8, 0.7]], [[1, 1], [1, 1, 1]], DOG),
    ("too weak in one", [[0.9, 0.3], [0.1, 0.8, 0.7]], [[1, 1], [1, 1, 1]], DOG),
    ("not readable in one", [[0.9, 0.6], [0.1, 0.8, 0.7]], [[1, 0], [1, 1, 1]], DOG),
    ("empty maps", [[0.0, 0.0], [0.0, 0.0, 0.0]], [[1, 1], [1, 1, 1]], DOG),
    (
        "the word of more panels before the stronger one",
        [[0.6, 1.0], [0.6, 1.0], [0.6, 1.0]],
        [[1, 1]] * 3,
        [[[0, [1]], [1, [1]]], [[0, [0]], [1, [0]], [2, [0]]]],
    ),
    (
        "the word whose weakest panel is the stronger, then the first",
        [[1.0, 0.8, 0.8], [0.6, 0.8, 0.8]],
        [[1, 1, 1]] * 2,
        [[[0, [0]], [1, [0]]], [[0, [2]], [1, [1]]], [[0, [1]], [1, [2]]]],
    ),
    (
        "the first occurrence and its first piece",
        [[0.7, 0.9, 0.8, 0.9], [0.7, 0.8]],
        [[1, 1, 1, 1], [1, 1]],
        [[[0, [0, 1]], [0, [2, 3]], [1, [0, 1]]]],
    ),
    (
        "a panel without the word shows its own strongest",
        [[0.9, 0.6], [0.1, 0.8, 0.7], [0.2, 0.4]],
        [[1, 1], [1, 1, 1], [1, 1]],
        DOG,
    ),
]
TEXTS = [" dog", "7", "½", "猫", "é", "\u0301", ".", " ", "", "…", "🙂", "ing", "_", "«a»"]


def cases() -> list[dict[str, Any]]:
    """Those by hand, and larger ones at random."""
    rng = np.random.default_rng(7)
    found = [
        {"name": name, "strengths": strengths, "readable": readable, "links": links}
        for name, strengths, readable, links in BY_HAND
    ]
    for number in range(12):
        panels = int(rng.integers(2, 4))
        sizes = rng.integers(3, 8, panels)
        links = [
            [
                [panel, [int(rng.integers(sizes[panel]))]]
                for panel in range(panels)
                if rng.random() < 0.8
            ]
            for _ in range(5)
        ]
        found.append(
            {
                "name": f"at random {number}",
                "strengths": [rng.random(size).round(3).tolist() for size in sizes],
                "readable": [(rng.random(size) < 0.8).astype(int).tolist() for size in sizes],
                "links": [group for group in links if len(group) > 1],
            }
        )
    return found


def fixture() -> dict[str, Any]:
    tokens = [
        Token(0, text, kind, (0, len(text)), special=special)
        for text in TEXTS
        for kind, special in (("answer", False), ("answer", True), ("prompt", False))
    ]
    return {
        "cases": [
            {**case, "tokens": at_rest(case["strengths"], case["readable"], case["links"])}
            for case in cases()
        ],
        "readable": [
            {
                "text": token.text,
                "kind": token.kind,
                "special": token.special,
                "readable": is_readable(token),
            }
            for token in tokens
        ],
    }


def test_the_browser_chooses_the_same() -> None:
    """After a wanted change: `python -m tests.views.test_at_rest` writes it anew."""
    assert fixture() == KNOWN


@pytest.mark.parametrize(
    ("name", "tokens"),
    [
        ("one panel shows its strongest", [[1]]),
        ("only of readable tokens", [[2]]),
        ("the first of equals", [[1]]),
        ("maps that are empty or against their tokens", [[2]]),
        ("nothing is readable", [[], [1]]),
        ("a word that both show", [[1], [2]]),
        ("exactly half is too weak", [[0], [1]]),
        ("too weak in one", [[0], [1]]),
        ("not readable in one", [[0], [1]]),
        ("empty maps", [[0], [0]]),
        ("the word of more panels before the stronger one", [[0], [0], [0]]),
        ("the word whose weakest panel is the stronger, then the first", [[2], [1]]),
        ("the first occurrence and its first piece", [[0], [0]]),
        ("a panel without the word shows its own strongest", [[1], [2], [1]]),
    ],
)
def test_what_is_shown_at_rest(name: str, tokens: list[list[int]]) -> None:
    (case,) = (case for case in fixture()["cases"] if case["name"] == name)
    assert case["tokens"] == tokens


def rest_of_step(
    before: list[str], now: list[str], strong: list[float], stronger: list[float]
) -> list[str]:
    """Words that two answers show at rest, given the largest activation of each of their words."""
    shown = []
    for words, strengths in ((before, strong), (now, stronger)):
        made = explanation(answer=tuple(words), prompt=())
        rows = np.zeros_like(made.activations)
        rows[: len(words), 0] = strengths
        shown.append(replace(made, activations=rows, relevance=np.zeros_like(made.relevance)))
    rest = shown_at_rest(shown, changed_words(*shown))
    assert encode(shown, changed=changed_words(*shown))[0]["atRest"] == rest
    settings = StillSettings()
    assert [list(one.tokens) for one in sights(shown, settings, changed_words(*shown))] == rest
    return [one.tokens[token].text.strip() for one, (token,) in zip(shown, rest, strict=True)]


@pytest.mark.parametrize(
    ("before", "now", "strong", "stronger", "expected"),
    [
        ("a cat sits", "a dog sits", [9, 1, 5], [9, 1, 5], "cat dog"),
        ("a red cat", "a blue dog", [9, 5, 1], [9, 1, 2], "red dog"),
        ("red cats and cups", "blue cats and dogs", [9, 8, 1, 2], [1, 8, 1, 3], "cups dogs"),
        ("a cat", "a cat sleeps", [1, 9], [1, 9, 2], "cat sleeps"),
        ("a cat sleeps", "a cat", [1, 9, 2], [1, 9], "sleeps cat"),
        ("a cat", "the cat", [5, 9], [5, 9], "cat cat"),
        ("a cat", "a dog", [5, 9], [5, 0], "cat dog"),
        ("a cat", "a dog", [5, 0], [5, 0], "a a"),
        ("a cat", "a cat", [5, 9], [5, 9], "cat cat"),
    ],
)
def test_a_step_shows_words_that_differ(
    before: str, now: str, strong: list[float], stronger: list[float], expected: str
) -> None:
    answers = [[f" {word}" for word in text.split()] for text in (before, now)]
    assert rest_of_step(*answers, strong, stronger) == expected.split()


def test_letters_and_digits_of_the_answer_are_readable() -> None:
    readable = {one["text"] for one in fixture()["readable"] if one["readable"]}
    assert readable == {" dog", "7", "½", "猫", "é", "ing", "«a»"}
    assert CONTRACT.shared_word_from == 0.5


if __name__ == "__main__":
    FIXTURE.write_text(json.dumps(fixture(), ensure_ascii=False) + "\n", "utf-8")
