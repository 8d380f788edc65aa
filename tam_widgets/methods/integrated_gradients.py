"""Integrated gradients: gradients along the way from a picture of nothing to the picture.

Sundararajan et al., Axiomatic Attribution for Deep Networks, 2017, equation 3. The way leads, in
the embeddings that the decoder is given at visual tokens, from their mean `b` to themselves, `e`.
With S steps, a visual token's value for token i is

    m_i = 1/S · Σ_s Σ_c (e − b)_c · ∂ log p_i / ∂e_c   at   b + (s + ½)/S · (e − b),  s = 0 … S − 1

The values of all visual tokens add up to log p_i(e) − log p_i(b), up to the error of the steps
(section 3, completeness). Values below 0 speak against the token.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..attribution import Method, Option, Passes

if TYPE_CHECKING:
    from ..capture.forcing.frozen_answer import FrozenAnswer


def integrated_gradients(
    frozen: FrozenAnswer,
    tokens: Sequence[int],
    *,
    steps: int = 20,
    progress: Callable[[int], Any],
) -> NDArray[np.float64]:
    """Computes the maps.

    Args:
        frozen: The answer.
        tokens: Indices of answer tokens.
        steps: Number of steps.
        progress: Called with the number of passes that are done.

    Returns:
        float64 [tokens, visual], in differences of log-probability.
    """
    from ..capture.forcing.gradients import gradient_products

    total = np.zeros((len(tokens), len(frozen.visual)))
    for step in range(steps):
        share = (step + 0.5) / steps
        total += gradient_products(frozen, tokens, baseline="mean", share=share, progress=progress)
    return total / steps


def passes(_frozen: FrozenAnswer, tokens: int, *, steps: int = 20) -> Passes:
    """One forward pass a step, and one backward pass for each of its tokens."""
    return Passes(steps, steps * tokens)


INTEGRATED_GRADIENTS = Method(
    "integrated-gradients",
    "integrated gradients",
    "Sundararajan et al. 2017, arXiv 1703.01365",
    model_maps=integrated_gradients,
    passes=passes,
    gradients=True,
    options=(Option("steps", 20, low=1, high=1000, whole=True),),
    signed=True,
    cost="one forward pass a step, and one backward pass a step and token",
)
