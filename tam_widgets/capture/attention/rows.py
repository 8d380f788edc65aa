"""The attention weights of an answer's tokens, in all layers and heads of the decoder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch

from ...attribution.interference import Floats
from ..forcing.frozen_answer import FrozenAnswer
from .forced_pass import follow_attention
from .recording import LayerAttention


@dataclass(frozen=True, eq=False)
class AttentionRows:
    """Attention weights of tokens, in the layers that have any.

    Attributes:
        layers: Numbers of the decoder layers, from 1.
        rows: For each of them, softmax rows of the tokens, float32 [heads, tokens, n], where n is
            the length of input and answer; each sums to 1.
    """

    layers: tuple[int, ...]
    rows: list[Floats]


def attention_rows(frozen: FrozenAnswer, tokens: Sequence[int]) -> AttentionRows:
    """Attention weights of answer tokens, from one forward pass with scaled dot products.

    No matrix of n × n is made, except for a mask where the model has one. The row of a token is
    that of the position which predicts it. The caller must hold `exclusively(model)`.

    Args:
        frozen: The answer.
        tokens: Indices of explained tokens of the answer.

    Raises:
        TokenIndexError: If a token is not part of the answer.
        UnsupportedModelError: If the model has no attention weights, or they cannot be recorded.

    Example:
        >>> found = attention_rows(frozen, [12, 13])  # doctest: +SKIP
        >>> found.layers, found.rows[0].shape  # doctest: +SKIP
        ((0, 1, 2, 3), (4, 2, 97))
    """
    layers: list[int] = []
    found: list[Floats] = []

    def keep(layer: int, rows: Floats) -> None:
        layers.append(layer)
        found.append(rows)

    visit_rows(frozen, tokens, keep)
    return AttentionRows(tuple(layers), found)


@torch.no_grad()
def visit_rows(
    frozen: FrozenAnswer, tokens: Sequence[int], visit: Callable[[int, Floats], None]
) -> None:
    """As `attention_rows`, but hands over the rows layer by layer, so that none need be kept.

    Args:
        frozen: The answer.
        tokens: Indices of explained tokens of the answer.
        visit: Is called with each layer's number, from 1, and its rows, float32 [heads, tokens, n].
    """
    positions = torch.tensor([frozen.position(token) for token in tokens])

    def listen(attention: LayerAttention, outputs: torch.Tensor) -> torch.Tensor:
        rows = attention.weights(positions.to(attention.queries.device))
        visit(attention.layer, rows.cpu().numpy())
        return outputs

    follow_attention(frozen, tokens, listen)
