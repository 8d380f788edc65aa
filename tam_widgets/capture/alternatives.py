"""Other words in an answer token's place: which ones, and their rows of the record."""

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
"""Probability from which candidates beyond the runner-up are kept in the record."""


@dataclass(frozen=True)
class AlternativeRows:
    """Alternatives with their rows of the record."""

    alternatives: tuple[Alternative, ...]
    activations: Floats
    relevance: Floats


def likely_alternatives(
    trace: Trace, candidates: Candidates, decode: Callable[[int], str], special: Sequence[bool]
) -> AlternativeRows:
    """What the model might well have written in place of its answer's tokens.

    The runner-up of each token, and whatever else had a probability of at least `MIN_PROBABILITY`.

    Args:
        trace: The answer.
        candidates: Those of its tokens.
        decode: Text of a vocabulary id.
        special: Whether each explained token is a control token, which has no alternatives.
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
    explanation: Explanation, trace: Trace, token: int, word: str, tokenizer: Any
) -> Explanation:
    """The explanation with one more word in an answer token's place.

    Raises:
        TokenIndexError: If there is no such answer token.
        OptionError: If the word is empty, no tokenizer reads it, or it is the very one that
            stands there.
    """
    token = _answer_token(explanation, token)
    text, ids = _tokenised(explanation, token, word, tokenizer)
    if ids == (explanation.tokens[token].id,):
        raise OptionError(f"{word!r} is what stands at token {token}: give another word")
    if any((other.token, other.ids) == (token, ids) for other in explanation.alternatives):
        return explanation
    if len(ids) > 1:
        pieces = " + ".join(repr(tokenizer.decode([token_id])) for token_id in ids)
        warnings.warn(
            f"{word!r} is no single token of this model: it is explained by its pieces {pieces}, "
            "each in the token's place",
            stacklevel=3,
        )
    activations, relevance = trace.counterfactual([token] * len(ids), ids)
    added = Alternative(token, text, ids, trace.probability(token, ids[0]))
    return replace(
        explanation,
        alternatives=(*explanation.alternatives, added),
        alternative_activations=np.concatenate([explanation.alternative_activations, activations]),
        alternative_relevance=np.concatenate([explanation.alternative_relevance, relevance]),
    )


def _answer_token(explanation: Explanation, token: int) -> int:
    token = explanation.index(token)
    if token < explanation.prompt_length:
        raise TokenIndexError(
            f"token {token} is part of the prompt, which the model did not choose: give one of the "
            f"answer, {explanation.prompt_length} to {len(explanation.tokens) - 1}"
        )
    return token


def _tokenised(
    explanation: Explanation, token: int, word: str, tokenizer: Any
) -> tuple[str, tuple[int, ...]]:
    """The word as it is written and cut where the token stands: after a blank, or not."""
    if not isinstance(word, str) or not word.strip():
        raise OptionError(f"word={word!r:.80}: give a word that might stand there")
    if lone_surrogate(word):
        raise OptionError(f"word={word!r:.80}: it holds {lone_surrogate(word)!r}; leave that out")
    known = explanation.tokens[token]
    led = known.text.startswith(" ") or str(tokenizer.convert_ids_to_tokens(known.id))[0] in "▁Ġ"
    text = " " + word.strip() if led or word.startswith(" ") else word.strip()
    # Nothing merges with a letter before a blank, nor, without one, with the end of a line.
    anchor = "a" if text.startswith(" ") else "\n"
    return text, tuple(_behind(anchor, text, tokenizer) or _behind("", word.strip(), tokenizer))


def _behind(anchor: str, text: str, tokenizer: Any) -> Sequence[int]:
    """Ids of a text behind another; none where the two merge."""
    before = tokenizer(anchor, add_special_tokens=False)["input_ids"]
    whole: list[int] = tokenizer(anchor + text, add_special_tokens=False)["input_ids"]
    return whole[len(before) :] if whole[: len(before)] == before else []
