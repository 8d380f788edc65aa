"""How much of a word's activation is context, and which earlier word it comes from most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...attribution.interference import Floats, context_interference, residual
from ...explanation.explanation import Explanation
from ...explanation.words import span_text, words
from ..stills.tiling import drawn


@dataclass(frozen=True)
class Context:
    """What the estimated causal inference removes from a word.

    Attributes:
        share: Part of the word's activation, summed over the cells of the pictures, that it
            removes, 0..1.
        word: The earlier word that adds most to the interference; empty for none.
    """

    share: float
    word: str


def context_of(explanation: Explanation, tokens: Sequence[int]) -> Context:
    """What the estimated causal inference at full strength removes from some tokens.

    Args:
        explanation: The record.
        tokens: Indices of a word's tokens.
    """
    cells = drawn(explanation)
    activations = explanation.activations[list(tokens)]
    interfering = np.stack([_interference(explanation, token) for token in tokens])
    left = residual(activations, interfering)[:, cells].sum(dtype=np.float64)
    whole = activations[:, cells].sum(dtype=np.float64)
    share = float(1 - left / whole) if whole > 0 else 0.0
    return Context(share, _heaviest(explanation, tokens) if share > 0 else "")


def _interference(explanation: Explanation, token: int) -> Floats:
    other = explanation.classes[:token] != explanation.classes[token]
    relevance = explanation.relevance[token, :token]
    return context_interference(explanation.activations[:token], relevance, other)


def _heaviest(explanation: Explanation, tokens: Sequence[int]) -> str:
    """The word whose weighted activations have the largest sum."""
    cells = drawn(explanation)
    sums = explanation.activations[:, cells].sum(axis=1, dtype=np.float64)
    added = np.zeros(len(explanation.tokens))
    for token in tokens:
        other = explanation.classes[:token] != explanation.classes[token]
        added[:token] += np.where(other, explanation.relevance[token, :token], 0) * sums[:token]
    most = int(added.argmax())
    whole = next(
        (word.tokens for word in words(explanation.tokens) if most in word.tokens), (most,)
    )
    return span_text(explanation.tokens, whole)
