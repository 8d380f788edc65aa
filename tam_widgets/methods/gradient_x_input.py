"""Gradient × input: how a token's log-probability changes along the visual tokens' embeddings.

Shrikumar et al., Not Just a Black Box, 2016. With `e` for the embedding that the decoder is given
at a visual token, of c channels, its value for token i is

    m_i(visual token) = Σ_c e_c · ∂ log p_i / ∂e_c

The sum over channels keeps its sign: values below 0 speak against the token.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..attribution import Method, Passes

if TYPE_CHECKING:
    from ..capture.forcing.frozen_answer import FrozenAnswer


def gradient_x_input(
    frozen: FrozenAnswer, tokens: Sequence[int], *, progress: Callable[[int], Any]
) -> NDArray[np.float64]:
    """Computes the maps.

    Args:
        frozen: The answer.
        tokens: Indices of answer tokens.
        progress: Called with the number of passes that are done.

    Returns:
        float64 [tokens, visual], in units of log-probability.
    """
    from ..capture.forcing.gradients import gradient_products

    return gradient_products(frozen, tokens, baseline="zero", progress=progress)


def passes(_frozen: FrozenAnswer, tokens: int) -> Passes:
    """One forward pass, and one backward pass for each token."""
    return Passes(1, tokens)


GRADIENT_X_INPUT = Method(
    "gradient-x-input",
    "gradient × input",
    "Shrikumar et al. 2016, arXiv 1605.01713",
    model_maps=gradient_x_input,
    passes=passes,
    gradients=True,
    signed=True,
    cost="one forward pass, and one backward pass a token",
)
