"""Joint normalisation of a token's map and its relevance to the text."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def normalise_jointly(residuals: Floats, relevance: Floats, prompt_length: int) -> Floats:
    """Maps every token's residual to 0..1 by the extremes of residual and relevance together.

    The relevances taken into account are those of the earlier tokens for an answer token, and
    those of all prompt positions for a prompt token (TAM, arXiv 2506.23270, "multimodal
    normalisation"). A constant becomes 0.

    Args:
        residuals: `C`, float32 [tokens, visual], over all grids of the token at once.
        relevance: `r`, float32 [tokens, tokens].
        prompt_length: Number of prompt tokens; they come first.

    Returns:
        float32 [tokens, visual] in 0..1.
    """
    tokens = len(residuals)
    counted = np.tri(tokens, k=-1, dtype=bool)
    counted[:prompt_length, :prompt_length] = True
    low = np.minimum(residuals.min(axis=1), np.where(counted, relevance, np.inf).min(axis=1))
    high = np.maximum(residuals.max(axis=1), np.where(counted, relevance, -np.inf).max(axis=1))
    low, span = low.astype(np.float32), (high - low).astype(np.float32)
    flat = span <= 0
    result: Floats = residuals - low[:, None]
    result /= np.where(flat, np.float32(1), span)[:, None]
    result[flat] = 0
    return result
