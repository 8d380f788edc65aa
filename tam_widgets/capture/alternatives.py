"""Alternatives to an answer's tokens: which words, and their rows in the record."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..attribution.interference import Floats
from ..errors import OptionError, TokenIndexError
from ..explanation.explanation import Explanation
from ..explanation.types import Alternative
from .distributions import Candidates
from .texts import lone_surrogate
from .trace import Trace

MIN_PROBABILITY = 0.01
"""Least probability at which candidates after the runner-up are recorded too."""


@dataclass(frozen=True)
class AlternativeRows:
    """Alternatives with their rows in the record."""

    alternatives: tuple[Alternative, ...]
    activations: Floats
    relevance: Floats


def likely_alternatives(
    trace: Trace, candidates: Candidates, decode: Callable[[int], str], special: Sequence[bool]
) -> AlternativeRows:
    """Tokens that the model might well have written in place of its answer's tokens.

    These are the runner-up of each token, and any other candidate whose probability is at least
    `MIN_PROBABILITY`.

    Args:
        trace: The answer.
        candidates: The candidates for each of its tokens.
        decode: Returns the text of a vocabulary id.
        special: Whether each explained token is special; these get no alternatives.
    """
    found: list[Alternative] = []
    for token in range(trace.prompt_length, len(trace.token_ids)):
        best = zip(
            candidates.ids[token].tolist(), candidates.probabilities[token].tolist(), strict=True
        )
        others = [(i, share) for i, share in best if i != trace.token_ids[token]]
        found += [
            Alternative(token, decode(token_id), (token_id,), min(1.0, share))
            for rank, (token_id, share) in enumerate(others)
            if (rank == 0 or share >= MIN_PROBABILITY) and not special[token]
        ]
    activations, relevance = trace.counterfactual(
        [other.token for other in found], [other.ids[0] for other in found]
    )
    return AlternativeRows(tuple(found), activations, relevance)


def with_alternative(
    explanation: Explanation, trace: Trace, token: int | str, word: str, tokenizer: Any
) -> Explanation:
    """Returns the explanation with one more alternative to an answer token.

    Raises:
        TokenIndexError: If there is no such answer token.
        OptionError: If the word is empty, cannot be tokenised, or is the token itself.
    """
    place = answer_token(explanation, token)
    text, ids = tokenised(explanation, place, word, tokenizer)
    if ids == (explanation.tokens[place].id,):
        raise OptionError(
            f"{word!r:.80} is the word that stands there, and differs in nothing from itself: give "
            "another one"
        )
    if any((other.token, other.ids) == (place, ids) for other in explanation.alternatives):
        return explanation
    if len(ids) > 1:
        pieces = " + ".join(repr(tokenizer.decode([token_id])) for token_id in ids)
        warnings.warn(
            f"{word!r} is not a single token of this model: it is explained by its pieces "
            f"{pieces}, each in the token's place",
            stacklevel=3,
        )
    activations, relevance = trace.counterfactual([place] * len(ids), ids)
    added = Alternative(place, text, ids, trace.probability(place, ids[0]))
    return replace(
        explanation,
        alternatives=(*explanation.alternatives, added),
        alternative_activations=np.concatenate([explanation.alternative_activations, activations]),
        alternative_relevance=np.concatenate([explanation.alternative_relevance, relevance]),
    )


def answer_token(explanation: Explanation, token: int | str) -> int:
    """The index of an answer token, counted from 0.

    Args:
        explanation: The explanation.
        token: An index, negative ones counted from the end; or a text of the answer, whose first
            token is meant.

    Raises:
        OptionError: If the text does not occur in the answer.
        TokenIndexError: If there is no such token, or it is part of the prompt.
    """
    if isinstance(token, str):
        return explanation.find(token)[0]
    token = explanation.index(token)
    if token < explanation.prompt_length:
        raise TokenIndexError(
            f"token {token} is part of the prompt, which the model did not choose: give one of the "
            f"answer, {explanation.prompt_length} to {len(explanation.tokens) - 1}"
        )
    return token


def tokenised(
    explanation: Explanation, token: int, word: str, tokenizer: Any
) -> tuple[str, tuple[int, ...]]:
    """A word as text and ids in a token's place, with a space before it if the token has one.

    Raises:
        OptionError: If the word is empty, or cannot be tokenised.
    """
    if not isinstance(word, str) or not word.strip():
        raise OptionError(f"word={word!r:.80}: give a word that could take the token's place")
    if lone_surrogate(word):
        raise OptionError(f"word={word!r:.80}: it contains {lone_surrogate(word)!r}; remove it")
    known = explanation.tokens[token]
    led = known.text.startswith(" ") or str(tokenizer.convert_ids_to_tokens(known.id))[0] in "▁Ġ"
    text = " " + word.strip() if led or word.startswith(" ") else word.strip()
    # A space never merges with a letter before it, nor any other character with a line end.
    anchor = "a" if text.startswith(" ") else "\n"
    return text, tuple(
        _ids_after(anchor, text, tokenizer) or _ids_after("", word.strip(), tokenizer)
    )


def _ids_after(anchor: str, text: str, tokenizer: Any) -> Sequence[int]:
    """Ids of a text that follows another; none if the two merge into one token."""
    before = tokenizer(anchor, add_special_tokens=False)["input_ids"]
    whole: list[int] = tokenizer(anchor + text, add_special_tokens=False)["input_ids"]
    return whole[len(before) :] if whole[: len(before)] == before else []
