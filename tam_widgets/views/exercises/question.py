"""What an exercise asks: a word, and what there is to choose from."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import numpy as np

from ...attribution import aggregate_maps
from ...attribution.interference import Floats
from ...errors import OptionError
from ...explanation.agreement import correlation
from ...explanation.content_words import content_words
from ...explanation.explanation import Explanation
from ...explanation.words import Word, span_text, words
from ..at_rest import shown_at_rest
from ..colormaps import LEAST_END
from ..stills.tiling import drawn
from .context import Context, context_of

Kind = Literal["draw", "eci", "word"]
KINDS: tuple[Kind, ...] = ("draw", "eci", "word")

MOST_WORDS = 4
"""Words to choose from."""
SAME_FROM = 0.6
"""Correlation of two maps from which on nobody can be asked which of them is whose."""

Tokens = tuple[int, ...]


@dataclass(frozen=True)
class Question:
    """A question about one word's map.

    Attributes:
        kind: `"draw"`, `"eci"` or `"word"`.
        tokens: The word's tokens, shown as one map.
        strengths: For `"eci"` the strength of the causal inference of each map, left to right.
        words: For `"word"` the tokens of each word to choose from.
        solution: Which of them is right; −1 for `"draw"`.
        context: For `"eci"` what the causal inference removes.
    """

    kind: Kind
    tokens: Tokens
    strengths: tuple[int, ...] = ()
    words: tuple[Tokens, ...] = ()
    solution: int = -1
    context: Context | None = None

    @property
    def options(self) -> int:
        """How many answers there are to choose from."""
        return len(self.strengths or self.words)

    def as_json(self) -> dict[str, Any]:
        """The same for the browser."""
        return asdict(self)


def question(
    explanation: Explanation, token: int | str | Iterable[int | str] | None, kind: str, seed: int
) -> Question:
    """Makes a question.

    Args:
        explanation: The record.
        token: As for `exercise`.
        kind: One of `KINDS`.
        seed: Of what is drawn by lot.

    Raises:
        OptionError: As `exercise` does.
        TokenIndexError: If there is no such token, or it belongs to the prompt.
    """
    if kind not in KINDS:
        raise OptionError(f"kind={kind!r:.80}: give one of {', '.join(KINDS)}")
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise OptionError(f"seed={seed!r:.80}: give an integer")
    answer = _Answer(explanation)
    made = Question(kind, _asked(answer, token, kind))
    # several exercises of one seed shall not have their solutions at the same place
    lot = random.Random(f"{seed} {kind} {made.tokens} {explanation.text}")
    if not answer.map(made.tokens).any():
        raise OptionError(
            f"the map of {answer.text(made.tokens)!r} is empty, so there is nothing to predict: "
            "give another word"
        )
    if kind == "eci":
        return _with_strengths(answer, made, lot)
    return _with_words(answer, made, lot) if kind == "word" else made


class _Answer:
    """An answer, and the maps of its tokens in the cells of the pictures."""

    def __init__(self, explanation: Explanation) -> None:
        self.explanation = explanation
        self.words = words(explanation.tokens, "answer")
        self._maps = explanation.maps("tam")[:, drawn(explanation)]

    def map(self, tokens: Sequence[int]) -> Floats:
        """The joint map of some tokens, [cells]."""
        return aggregate_maps(self._maps[list(tokens)], "max")

    def text(self, tokens: Sequence[int]) -> str:
        """Their text."""
        return span_text(self.explanation.tokens, tokens)

    def clear(self) -> list[Word]:
        """Content words whose maps can be seen."""
        found = content_words(self.explanation)
        return [one for one in found if self.map(one.tokens).max() >= LEAST_END]


def _asked(answer: _Answer, token: Any, kind: str) -> Tokens:
    """The tokens of the word that was given, or else of one that suits the question."""
    if token is not None:
        return tuple(answer.explanation.answer_tokens(token))
    shares = {
        word.tokens: context_of(answer.explanation, word.tokens).share
        for word in answer.clear()
        if kind == "eci"
    }
    if shares:
        return max(shares, key=lambda tokens: shares[tokens])
    (rest,) = shown_at_rest([answer.explanation])
    if not rest:
        raise OptionError("the answer has no word that could be asked for")
    return next((word.tokens for word in answer.words if rest[0] in word.tokens), (rest[0],))


def _with_strengths(answer: _Answer, asked: Question, lot: random.Random) -> Question:
    context = context_of(answer.explanation, asked.tokens)
    if context.share <= 0:
        raise OptionError(
            f"no part of {answer.text(asked.tokens)!r} is context, so both maps would be the same: "
            "give another word"
        )
    strengths = tuple(lot.sample((0, 1), 2))
    return replace(asked, strengths=strengths, solution=strengths.index(1), context=context)


def _with_words(answer: _Answer, asked: Question, lot: random.Random) -> Question:
    others = [*_others(answer, asked.tokens)]
    if not others:
        raise OptionError(
            f"the answer has no word beside {answer.text(asked.tokens)!r} whose map is clear and "
            "differs from its own: give another word, or another explanation"
        )
    some = lot.sample(others, min(MOST_WORDS - 1, len(others)))
    chosen = lot.sample([asked.tokens, *some], 1 + len(some))
    return replace(asked, words=tuple(chosen), solution=chosen.index(asked.tokens))


def _others(answer: _Answer, tokens: Tokens) -> Iterator[Tokens]:
    """Other content words whose maps can be told from that of some tokens, each word once."""
    own = answer.map(tokens).astype(np.float64)
    known = {word.key for word in answer.words if {*word.tokens} & {*tokens}}
    for word in answer.clear():
        alike = correlation(own, answer.map(word.tokens).astype(np.float64))
        if word.key not in known and alike < SAME_FROM:
            known.add(word.key)
            yield word.tokens
