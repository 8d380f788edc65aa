"""One token at all layers: the little from which a view computes its map at each of them.

A map of `Explanation.maps` needs the activations of all tokens before. But at any strength λ of the
causal inference it depends on them only through `R = A − s E`, what the context does not explain of
the token's activation: `relu(A − λ s E) = relu((1 − λ) A + λ R)`. `A`, `R` and the two extremes of
the relevances that joint normalisation counts are thus enough for every strength and every filter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..attribution.interference import NO_WEIGHT, Floats, least_squares_scale
from ..errors import OptionError
from .record import Record


@dataclass(frozen=True, eq=False)
class TokenLayers:
    """A token at the layers of a record, the last one at the end.

    Attributes:
        layers: Their numbers.
        activations: Raw `A`, float32 [layers, visual].
        unexplained: `R = A − s E`, where `E` is the interference of the context and `s` its
            least-squares scale, float32 [layers, visual]; negative where the context explains more
            than there is.
        relevance: Raw relevances of the tokens before to it, float32 [layers, tokens].
        lowest: The smallest relevance that joint normalisation counts, float32 [layers]; infinite
            for a token without any.
        highest: The largest, likewise; minus infinity.
    """

    layers: tuple[int, ...]
    activations: Floats
    unexplained: Floats
    relevance: Floats
    lowest: Floats
    highest: Floats


def token_layers(record: Record, token: int) -> TokenLayers:
    """What the maps of a token depend on, at each layer of a record.

    Args:
        record: An answer, explained with layers.
        token: Index of the token.

    Raises:
        TokenIndexError: If there is no such token.
        OptionError: If the record has only its last layer.
    """
    index = record.index(token)
    if not record.layers or record.layer_count is None:
        raise OptionError(
            "this explanation has only its last layer: Explainer.explain_layers(explanation) adds "
            'others, and so does explain(…, layers="all")'
        )
    relevance = _rows(record.layer_relevance[:, index], record.relevance[index])
    own = _rows(record.layer_activations[:, index], record.activations[index])
    interfering = _interference(record, index, relevance)
    scale = np.minimum(least_squares_scale(own, interfering), np.finfo(np.float32).max)
    counted = relevance[:, : record.context_ends[index]]
    return TokenLayers(
        layers=(*record.layers, record.layer_count),
        activations=own,
        unexplained=own - scale.astype(np.float32)[:, None] * interfering,
        relevance=relevance,
        lowest=counted.min(axis=1, initial=np.inf),
        highest=counted.max(axis=1, initial=-np.inf),
    )


def _rows(layers: NDArray[np.floating], last: Floats) -> Floats:
    return np.concatenate([layers, last[None]]).astype(np.float32)


def _interference(record: Record, token: int, relevance: Floats) -> Floats:
    """`E` of a token at each layer, float32 [layers, visual]; see `attribution.interference`."""
    others = np.flatnonzero(record.classes[:token] != record.classes[token])
    weights = relevance[:, others]
    weights = weights / (weights.sum(axis=1, keepdims=True) + np.float32(NO_WEIGHT))
    found = np.empty((len(weights), record.visual_length), np.float32)
    for number, row in enumerate(weights[:-1]):
        found[number] = row @ record.layer_activations[number, others].astype(np.float32)
    found[-1] = weights[-1] @ record.activations[others]
    return found
