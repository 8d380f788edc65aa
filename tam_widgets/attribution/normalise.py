"""Joint normalisation of a token's map and its relevance to the text."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def normalise_jointly(
    residuals: Floats, relevance: Floats, context_ends: NDArray[np.int64]
) -> Floats:
    """Scales each token's residual to 0..1 by the joint extremes of residual and relevance.

    For an answer token the relevances of all earlier tokens count, for a prompt token those of the
    whole prompt (TAM, arXiv 2506.23270, "multimodal normalisation"). A constant becomes 0.

    Args:
        residuals: `C`, float32 [tokens, visual], over all grids together.
        relevance: `r`, float32 [tokens, tokens].
        context_ends: Number of leading relevances that count for each token, [tokens].

    Returns:
        float32 [tokens, visual] in 0..1.
    """
    tokens = len(residuals)
    counted = np.arange(tokens) < context_ends[:, None]
    low = np.minimum(residuals.min(axis=1), np.where(counted, relevance, np.inf).min(axis=1))
    high = np.maximum(residuals.max(axis=1), np.where(counted, relevance, -np.inf).max(axis=1))
    low, span = low.astype(np.float32), (high - low).astype(np.float32)
    flat = span <= 0
    result: Floats = residuals - low[:, None]
    result /= np.where(flat, np.float32(1), span)[:, None]
    result[flat] = 0
    return result
