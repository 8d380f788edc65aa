"""Attention: how much the position that predicts a token attends to each visual token.

For token i, predicted at position p, the map is `A_l,h[p, visual]`, the softmax weights of one
decoder layer l and head h, or their mean over layers, heads or both (as in Vaswani et al., 2017,
equation 1). Layers without such weights, as of linear attention, are left out.

Weights [heads, tokens, n] of one layer at a time are made beside the model's usual attention, in
one forward pass (one more for the first method that follows the attention to an answer, to check
that recording changes nothing).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..attribution import Method, Option, Passes
from ..attribution.interference import Floats
from ..errors import OptionError

if TYPE_CHECKING:
    from ..capture.forcing.frozen_answer import FrozenAnswer


def attention(
    frozen: FrozenAnswer,
    tokens: Sequence[int],
    *,
    layer: int | str = "mean",
    head: int | str = "mean",
    progress: Callable[[int], Any],
) -> Floats:
    """Computes the maps.

    Args:
        frozen: The answer.
        tokens: Indices of answer tokens.
        layer: Number of a decoder layer, from 1; `"last"`, or `"mean"` of all.
        head: Number of a head, from 0, or `"mean"` of all.
        progress: Called with the number of passes that are done.

    Returns:
        float32 [tokens, visual], 0 to 1.

    Raises:
        OptionError: If there is no such layer or head.
        UnsupportedModelError: If the model has no attention weights, or they cannot be recorded.
    """
    from ..capture.attention.forced_pass import forward_passes
    from ..capture.attention.rows import visit_rows

    found: list[int] = []
    chosen: list[Floats] = []

    def keep(number: int, rows: Floats) -> None:
        found.append(number)
        if layer == "last":
            chosen.clear()
        if isinstance(layer, str) or layer == number:
            chosen.append(_of_head(rows[:, :, frozen.visual], head))

    passes = forward_passes(frozen)
    visit_rows(frozen, tokens, keep)
    progress(passes)
    if not chosen:
        raise OptionError(
            f"layer={layer}: the layers of {frozen.model.name} that have attention weights are "
            f"{', '.join(map(str, found))}"
        )
    mean: Floats = np.mean(chosen, axis=0)
    return mean


def passes(frozen: FrozenAnswer, _count: int, **_: Any) -> Passes:
    """One forward pass, and the first time another to compare."""
    from ..capture.attention.forced_pass import forward_passes

    return Passes(forward_passes(frozen))


def _of_head(rows: Floats, head: int | str) -> Floats:
    """One head's rows or the mean of all, [tokens, visual]."""
    if isinstance(head, str):
        mean: Floats = rows.mean(axis=0)
        return mean
    if head not in range(len(rows)):
        raise OptionError(f"head={head}: the heads of this layer are 0 to {len(rows) - 1}")
    one: Floats = rows[int(head)]
    return one


ATTENTION = Method(
    "attention",
    "attention",
    "Vaswani et al. 2017, arXiv 1706.03762, equation 1",
    model_maps=attention,
    passes=passes,
    options=(
        Option("layer", "mean", low=1, values=("mean", "last")),
        Option("head", "mean", low=0, values=("mean",)),
    ),
    cost="1 forward pass",
)
