"""Which words a figure shows, and their tokens in each explanation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...attribution.interference import Floats
from ...errors import OptionError, TokenIndexError
from ...explanation.content_words import content_words
from ...explanation.explanation import Explanation
from ...explanation.words import Word, span_text

MOST = 12
"""Words that a figure shows unless it is told which."""

Words = str | int | Iterable[str | int | Iterable[int]] | None
"""Texts, indices of tokens, or for one map of several tokens their indices; by default the content
words."""
Twins = Callable[[Sequence[int], int], Sequence[int]]
"""Tokens of another panel that are those of the first panel's tokens."""


@dataclass(frozen=True)
class Chosen:
    """A word of a figure.

    Attributes:
        text: As it is written.
        tokens: Its tokens in each explanation; empty where it does not occur.
    """

    text: str
    tokens: Sequence[Sequence[int]]


def chosen(explanations: Sequence[Explanation], words: Words, twins: Twins) -> list[Chosen]:
    """The words that were asked for.

    Args:
        explanations: One or several.
        words: Texts and tokens; tokens are those of the first explanation.
        twins: Finds these tokens' words in another one.

    Raises:
        OptionError: If a text does not occur in any answer, or nothing is given.
        TokenIndexError: If there is no such token.
    """
    one = isinstance(words, str | int | np.integer)
    several: list[Any] = [words] if one else [*words] if isinstance(words, Iterable) else []
    if not several:
        raise OptionError(
            f"words={words!r:.80}: give texts such as 'dog', indices of tokens or lists of them, "
            "or leave it out for the content words of the answer"
        )
    return [_one(explanations, word, twins) for word in several]


def strongest(
    explanations: Sequence[Explanation], strengths: Sequence[Floats]
) -> tuple[list[Chosen], list[str]]:
    """The content words with the strongest maps, in the order of the answers.

    Args:
        explanations: One or several.
        strengths: Of each the largest value of every token's map.

    Returns:
        At most `MOST` words, and the texts of the others.
    """
    places: dict[str, dict[int, Word]] = {}
    for panel, (one, strength) in enumerate(zip(explanations, strengths, strict=True)):
        for word in content_words(one):
            own = places.setdefault(word.key, {})
            if panel not in own or _peak(word, strength) > _peak(own[panel], strength):
                own[panel] = word
    peaks = {
        key: max(_peak(word, strengths[panel]) for panel, word in own.items())
        for key, own in places.items()
    }
    kept = set(sorted(places, key=lambda key: -peaks[key])[:MOST])
    shown = [
        Chosen(
            next(iter(own.values())).text,
            [own[panel].tokens if panel in own else () for panel in range(len(explanations))],
        )
        for key, own in places.items()
        if key in kept
    ]
    return shown, [next(iter(own.values())).text for key, own in places.items() if key not in kept]


def text_of(explanation: Explanation, tokens: Sequence[int]) -> str:
    """The text of tokens in one line; their number where they have none."""
    text = one_line(span_text(explanation.tokens, tokens))
    return text or f"token {', '.join(map(str, tokens))}"


def one_line(text: str) -> str:
    """A text without line ends, control characters and halves of characters."""
    visible = (c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in text)
    return " ".join("".join(visible).split())


def _peak(word: Word, strength: Floats) -> float:
    return float(strength[list(word.tokens)].max())


def _one(explanations: Sequence[Explanation], word: Any, twins: Twins) -> Chosen:
    if isinstance(word, str):
        return _named(explanations, word)
    first = explanations[0]
    if not isinstance(word, int | np.integer | Iterable):
        raise OptionError(
            f"{word!r:.80} among the words: give a text, the index of a token or a list of indices"
        )
    several: list[Any] = [*word] if isinstance(word, Iterable) else [word]
    if not several:
        raise TokenIndexError("an empty list of tokens among the words: give at least one index")
    tokens = [first.index(token) for token in several]
    others = [twins(tokens, panel) for panel in range(1, len(explanations))]
    return Chosen(text_of(first, tokens), [tokens, *others])


def _named(explanations: Sequence[Explanation], text: str) -> Chosen:
    found: list[list[int]] = []
    problems = []
    for one in explanations:
        try:
            found.append(one.find(text))
        except OptionError as error:
            problems.append(error)
            found.append([])
    if len(problems) == len(explanations):
        raise problems[0]
    return Chosen(one_line(text), found)
