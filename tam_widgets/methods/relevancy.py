"""Relevancy: attention through all layers, weighted by the gradient of the token's logit.

Chefer, Gur and Wolf, Generic Attention-model Explainability, 2021, equations 5 and 6. With the
attention weights `A_l` of all heads and the gradient `∇A_l` of the logit of token i,

    R ← R + mean_h[(∇A_l ∘ A_l)⁺] · R, from the first layer up, from R = I,

and the map of token i, predicted at position p, is `R[p, visual]`. Layers without attention
weights, as of linear attention, are left out.

One forward pass (one more for the first method that follows the attention to an answer), a backward
pass for each token, and the products of a row vector with each layer's n × n matrix, which is made
in blocks. Kept are the values that gradients of activations need, of all layers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ..attribution import Method, Passes
from ..attribution.interference import Floats

if TYPE_CHECKING:
    from ..capture.forcing.frozen_answer import FrozenAnswer


def relevancy(
    frozen: FrozenAnswer, tokens: Sequence[int], *, progress: Callable[[int], Any]
) -> Floats:
    """Computes the maps.

    Args:
        frozen: The answer.
        tokens: Indices of answer tokens.
        progress: Called with the number of passes that are done.

    Returns:
        float32 [tokens, visual], at least 0.

    Raises:
        UnsupportedModelError: If the model is quantised, has no attention weights, or they cannot
            be recorded.
    """
    from ..capture.attention.flow import relevancy_rows

    return relevancy_rows(frozen, tokens, progress=progress)[:, frozen.visual]


def passes(frozen: FrozenAnswer, count: int) -> Passes:
    """One forward pass, the first time another to compare, and a backward pass for each token."""
    from ..capture.attention.forced_pass import forward_passes

    return Passes(forward_passes(frozen), count)


RELEVANCY = Method(
    "relevancy",
    "relevancy",
    "Chefer et al. 2021, arXiv 2103.15679",
    model_maps=relevancy,
    passes=passes,
    gradients=True,
    cost="1 forward pass and 1 backward pass a token",
)
