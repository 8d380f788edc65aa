"""How attention flows from an answer's tokens through all layers down to the input.

Rollout and relevancy are products of one n × n matrix a layer. Only the rows of the tokens asked
for are needed, so row vectors go from the top layer down, `r ← r · M_l`, and each `M_l` is made in
blocks of rows from the layer's queries and keys: n · d values are kept a layer, never heads · n².
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import torch

from ...attribution.interference import Floats
from ...errors import UnsupportedModelError
from ..forcing.black_box import Progress, silent
from ..forcing.frozen_answer import FrozenAnswer
from .forced_pass import follow_attention, forward_passes
from .recording import LayerAttention


@torch.no_grad()
def rollout_rows(
    frozen: FrozenAnswer, tokens: Sequence[int], *, progress: Progress = silent
) -> Floats:
    """Rows of `Π_l (½ mean_h A_l + ½ I)`, the top layer first.

    Abnar and Zuidema, Quantifying Attention Flow in Transformers, 2020, section 3. Layers without
    attention weights are left out. The caller must hold `exclusively(model)`.

    Args:
        frozen: The answer.
        tokens: Indices of explained tokens of the answer.
        progress: Is called with the number of passes that are done.

    Returns:
        float32 [tokens, n], for n positions of input and answer; each row sums to 1.

    Raises:
        TokenIndexError: If a token is not part of the answer.
        UnsupportedModelError: If the model has no attention weights, or they cannot be recorded.
    """
    layers: list[LayerAttention] = []

    def keep(attention: LayerAttention, outputs: torch.Tensor) -> torch.Tensor:
        layers.append(attention)
        return outputs

    made = forward_passes(frozen)
    follow_attention(frozen, tokens, keep)
    progress(made)
    rows = _ones(frozen, tokens, layers[0].length)
    for attention in reversed(layers):
        rows = rows.to(attention.queries.device)
        rows = (rows + _product(rows, attention, partial(_mean_weights, attention))) / 2
    return rows.cpu().numpy()


def relevancy_rows(
    frozen: FrozenAnswer, tokens: Sequence[int], *, progress: Progress = silent
) -> Floats:
    """Rows of R, where `R ← R + mean_h[(∇A_l ∘ A_l)⁺] · R` from the first layer up, from R = I.

    Chefer, Gur and Wolf, Generic Attention-model Explainability, 2021, equations 5 and 6. ∇A is the
    gradient of the logit of the token explained, made of that of the heads' outputs. Layers without
    attention weights are left out. The caller must hold `exclusively(model)`.

    Args:
        frozen: The answer.
        tokens: Indices of explained tokens of the answer.
        progress: Is called with the number of passes that are done.

    Returns:
        float32 [tokens, n], for n positions of input and answer.

    Raises:
        TokenIndexError: If a token is not part of the answer.
        UnsupportedModelError: If the model is quantised, has no attention weights, or they cannot
            be recorded.
    """
    layers: list[LayerAttention] = []
    outputs: list[torch.Tensor] = []

    def keep(attention: LayerAttention, made: torch.Tensor) -> torch.Tensor:
        layers.append(attention)
        outputs.append(made if made.requires_grad else made.requires_grad_())
        return outputs[-1]

    made = forward_passes(frozen)
    with gradients_of_activations(frozen):
        logits = follow_attention(frozen, tokens, keep)
        progress(made)
        rows = _ones(frozen, tokens, layers[0].length)
        for number, token in enumerate(tokens):
            logit = logits[number, frozen.ids[token - frozen.prompt_length]]
            more = number + 1 < len(tokens)
            gradients = torch.autograd.grad(
                logit, outputs, retain_graph=more, materialize_grads=True
            )
            rows[number] = _relevancy(rows[number : number + 1], layers, gradients)
            progress(1)
    return rows.cpu().numpy()


@contextmanager
def gradients_of_activations(frozen: FrozenAnswer) -> Iterator[None]:
    """Records what gradients of activations need, and nothing for those of weights.

    Raises:
        UnsupportedModelError: If the model is quantised.
    """
    model = frozen.model.model
    quantizer = getattr(model, "hf_quantizer", None)
    if quantizer is not None:
        raise UnsupportedModelError(
            f"{frozen.model.name} is quantised ({type(quantizer).__name__}), and gradients through "
            "it are not supported: choose a method without gradients, or load it in bfloat16"
        )
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    for parameter in trained:
        parameter.requires_grad_(False)
    try:
        with torch.enable_grad():
            yield
    finally:
        for parameter in trained:
            parameter.requires_grad_(True)


@torch.no_grad()
def _relevancy(
    row: torch.Tensor, layers: Sequence[LayerAttention], gradients: Sequence[torch.Tensor]
) -> torch.Tensor:
    """The row of R for one token, [n], from the gradients of each layer's outputs."""
    for attention, gradient in zip(reversed(layers), reversed(gradients), strict=True):
        row = row.to(attention.queries.device)
        row = row + _product(row, attention, partial(_relevance, attention, gradient))
    return row[0]


def _relevance(
    attention: LayerAttention, gradient: torch.Tensor, positions: torch.Tensor
) -> torch.Tensor:
    slopes = attention.weight_gradients(positions, gradient[0].transpose(0, 1))
    return (slopes * attention.weights(positions)).relu().mean(dim=0)


def _mean_weights(attention: LayerAttention, positions: torch.Tensor) -> torch.Tensor:
    return attention.weights(positions).mean(dim=0)


def _product(
    rows: torch.Tensor, attention: LayerAttention, matrix: Callable[[torch.Tensor], torch.Tensor]
) -> torch.Tensor:
    """`rows · matrix`, where only blocks that meet values other than 0 are made."""
    product = torch.zeros_like(rows)
    for positions in attention.blocks():
        part = rows[:, positions]
        if bool(part.any()):
            product += part @ matrix(positions)
    return product


def _ones(frozen: FrozenAnswer, tokens: Sequence[int], length: int) -> torch.Tensor:
    """A row for each token, 1 where it is predicted and 0 elsewhere."""
    rows = torch.zeros(len(tokens), length)
    rows[range(len(tokens)), [frozen.position(token) for token in tokens]] = 1
    return rows
