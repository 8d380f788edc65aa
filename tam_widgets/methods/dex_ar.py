"""DEX-AR: gradients of the logit lens with respect to attention weights, of heads that look.

Bousselham, Boggust, Strobelt and Kuehne, DEX-AR, 2026, arXiv 2603.06302. With the logit lens
`lens_l = W · norm(h_l)` on the output of layer l, and the class y and position p of token i,

    G_lh = (∂ lens_l[p, y] / ∂ A_lh[p])⁺
    w_lh = (max over visual tokens of G_lh − max over all others of G_lh)⁺
    m_i  = Σ_l Σ_h w_lh · G_lh[visual], over the last 10 layers.

Only what p may attend to counts. That layers are added as they are is our reading; the paper's
weights of whole tokens, for one map of a sentence, are not part of this. Layers without attention
weights, as of linear attention, are left out.

One forward pass (one more for the first method that follows the attention to an answer), and less
than one backward pass: `lens_l[p]` depends on row p of `A_l` alone, through the rest of layer l,
so all tokens share a pass through that. Gradients [heads, tokens, n] of one layer at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..attribution import Method, Option, Passes
from ..attribution.interference import Floats

if TYPE_CHECKING:
    from ..capture.forcing.frozen_answer import FrozenAnswer

LAYERS = 10


def dex_ar(
    frozen: FrozenAnswer,
    tokens: Sequence[int],
    *,
    layers: int = LAYERS,
    progress: Callable[[int], Any],
) -> Floats:
    """Computes the maps.

    Args:
        frozen: The answer.
        tokens: Indices of answer tokens.
        layers: Number of the decoder's last layers that are added.
        progress: Called with the number of passes that are done.

    Returns:
        float32 [tokens, visual], at least 0.

    Raises:
        UnsupportedModelError: If the model is quantised, has no attention weights, they cannot be
            recorded, or its layers cannot be read by the logit lens.
    """
    from ..capture.attention.lens_gradients import visit_lens_gradients

    maps = np.zeros((len(tokens), len(frozen.visual)), np.float32)

    def add(_layer: int, gradients: Floats) -> None:
        maps[:] += _weighted(gradients.clip(min=0), frozen.visual)

    cost = passes(frozen, len(tokens))
    visit_lens_gradients(frozen, tokens, add, last=int(layers))
    progress(sum(cost))
    return maps


def passes(frozen: FrozenAnswer, _count: int, **_: Any) -> Passes:
    """One forward pass, the first time another to compare, and parts of one backward pass."""
    from ..capture.attention.forced_pass import forward_passes

    return Passes(forward_passes(frozen), 1)


def _weighted(gradients: Floats, visual: NDArray[np.int64]) -> Floats:
    """The sum of heads, weighted by how much they look at the picture, [tokens, visual]."""
    seen = gradients[:, :, visual]
    others = np.delete(gradients, visual, axis=2)
    weights = (seen.max(axis=2) - others.max(axis=2, initial=0)).clip(min=0)
    total: Floats = np.einsum("ht,htv->tv", weights, seen)
    return total


DEX_AR = Method(
    "dex-ar",
    "DEX-AR",
    "Bousselham et al. 2026, arXiv 2603.06302",
    model_maps=dex_ar,
    passes=passes,
    gradients=True,
    options=(Option("layers", LAYERS, low=1),),
    cost="1 forward pass and less than 1 backward pass",
)
