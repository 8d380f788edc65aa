"""Attention rollout: how attention spreads through all layers, whatever the word.

Abnar and Zuidema, Quantifying Attention Flow in Transformers, 2020, section 3. With the mean `Ā_l`
of a layer's heads and the residual connection as a half of identity,

    R = Π_l (½ Ā_l + ½ I), the top layer first,

and the map of token i, predicted at position p, is `R[p, visual]`. Layers without attention
weights, as of linear attention, are left out. The weights do not depend on the class explained.

One forward pass (one more for the first method that follows the attention to an answer), and the
products of [tokens, n] row vectors with each layer's n × n matrix, which is made in blocks; n · d
values are kept a layer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ..attribution import Method, Passes
from ..attribution.interference import Floats

if TYPE_CHECKING:
    from ..capture.forcing.frozen_answer import FrozenAnswer


def rollout(
    frozen: FrozenAnswer, tokens: Sequence[int], *, progress: Callable[[int], Any]
) -> Floats:
    """Computes the maps.

    Args:
        frozen: The answer.
        tokens: Indices of answer tokens.
        progress: Called with the number of passes that are done.

    Returns:
        float32 [tokens, visual], 0 to 1.

    Raises:
        UnsupportedModelError: If the model has no attention weights, or they cannot be recorded.
    """
    from ..capture.attention.flow import rollout_rows

    return rollout_rows(frozen, tokens, progress=progress)[:, frozen.visual]


def passes(frozen: FrozenAnswer, _count: int) -> Passes:
    """One forward pass, and the first time another to compare."""
    from ..capture.attention.forced_pass import forward_passes

    return Passes(forward_passes(frozen))


ROLLOUT = Method(
    "rollout",
    "attention rollout",
    "Abnar & Zuidema 2020, arXiv 2005.00928",
    model_maps=rollout,
    passes=passes,
    cost="1 forward pass",
)
