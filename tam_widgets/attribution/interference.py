"""Estimated causal inference: subtracts the activation that the context explains.

TAM, arXiv 2506.23270, section "Estimated Causal Inference".
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..contract import CONTRACT

Floats = NDArray[np.float32]

# A residual below this share of the activation is rounding noise of a full cancellation.
CANCELLED = CONTRACT.cancelled
NO_WEIGHT = CONTRACT.no_weight


def interference(activations: Floats, relevance: Floats, words: NDArray[np.int64]) -> Floats:
    """The part of each token's activation that its context tokens explain.

    `E_i = Σ_k w_ik A_k` with `w_ik = r_ik / (Σ_k r_ik + 1e-8)`, over earlier tokens k < i
    whose word differs from that of token i; repeated words are excluded.

    Args:
        activations: `A`, float32 [tokens, visual], not negative.
        relevance: `r`, or other weights, float32 [tokens, tokens], not negative; only k < i is
            read.
        words: What identifies words, [tokens]: the class that explains each token, or, as
            published, its id.

    Returns:
        `E`, float32 [tokens, visual]; zero for a token without context.
    """
    context = np.tri(len(words), k=-1, dtype=bool) & (words[:, None] != words[None, :])
    weights = np.where(context, relevance, np.float32(0))
    weights /= weights.sum(axis=1, keepdims=True) + np.float32(NO_WEIGHT)
    result: Floats = weights @ activations
    return result


def context_interference(context: Floats, relevance: Floats, other: NDArray[np.bool_]) -> Floats:
    """The part of one token's activation that its context explains: one row of `interference`.

    Args:
        context: Activations of the tokens before it, float32 [context, visual].
        relevance: Their relevance to the token, float32 [context].
        other: Which of them are words other than the token's, [context].

    Returns:
        float32 [visual].
    """
    weights = np.where(other, relevance, np.float32(0))
    weights /= weights.sum() + np.float32(NO_WEIGHT)
    result: Floats = weights @ context
    return result


def least_squares_scale(activations: Floats, interfering: Floats) -> NDArray[np.float64]:
    """The factor for each token that best fits its interference to its activation.

    `s_i = <A_i, E_i> / <E_i, E_i>`, 0 where the interference is 0.

    Args:
        activations: `A`, float32 [tokens, visual].
        interfering: `E`, float32 [tokens, visual].

    Returns:
        float64 [tokens].
    """
    product = np.einsum("tv,tv->t", activations, interfering, dtype=np.float64)
    square = np.einsum("tv,tv->t", interfering, interfering, dtype=np.float64)
    scale: NDArray[np.float64] = np.zeros(len(product))
    np.divide(product, square, out=scale, where=square > 0)
    return scale


def residual(activations: Floats, interfering: Floats, strength: float = 1.0) -> Floats:
    """The remaining activation `relu(A_i − λ s_i E_i)`, where λ is the strength.

    Args:
        activations: `A`, float32 [tokens, visual].
        interfering: `E`, float32 [tokens, visual].
        strength: λ from 0 (nothing is subtracted) to 1 (as published).

    Returns:
        float32 [tokens, visual]; all 0 if the residual is only rounding noise of a full
        cancellation.
    """
    fitted = strength * least_squares_scale(activations, interfering)
    # The scale of a tiny interference may exceed float32, and infinity times 0 is NaN.
    scale = np.minimum(fitted, np.finfo(np.float32).max).astype(np.float32)
    result: Floats = scale[:, None] * interfering
    np.subtract(activations, result, out=result)
    np.maximum(result, 0, out=result)
    noise = result.max(axis=1) <= CANCELLED * activations.max(axis=1)
    result[noise] = 0
    return result
