"""Gradients of the logit lens with respect to the attention weights of the same layer.

The lens reads a layer's output as the last one is read, `lens_l = W · norm(h_l)`. What follows a
layer's attention treats each position by itself, so `lens_l` at a position depends on only one row
of `A_l`, and one backward pass through the rest of the layer gives the rows of all tokens at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import torch

from ...attribution.interference import Floats
from ..classifier import classifier_rows
from ..forcing.frozen_answer import FrozenAnswer
from .flow import gradients_of_activations
from .forced_pass import follow_attention
from .recording import LayerAttention


def visit_lens_gradients(
    frozen: FrozenAnswer,
    tokens: Sequence[int],
    visit: Callable[[int, Floats], None],
    *,
    last: int,
) -> None:
    """Hands over `∂ lens_l[y] / ∂ A_l` for answer tokens with the ids y, layer by layer.

    A token's row is that of the position p which predicts it. Layers without attention weights are
    left out. The caller must hold `exclusively(model)`.

    Args:
        frozen: The answer.
        tokens: Indices of explained tokens of the answer.
        visit: Is called with each layer's number, from 1, and its rows, float32
            [heads, tokens, n]; 0 where p may not attend to.
        last: Number of the decoder's last layers to consider.

    Raises:
        TokenIndexError: If a token is not part of the answer.
        UnsupportedModelError: If the model is quantised, has no attention weights, they cannot be
            recorded, or the logit lens cannot read its layers.
    """
    lens = _Lens(frozen, tokens)
    layers = frozen.model.decoder_layers
    inside: list[tuple[LayerAttention, torch.Tensor]] = []

    def start(attention: LayerAttention, outputs: torch.Tensor) -> torch.Tensor:
        if attention.layer <= len(layers) - last:
            return outputs
        outputs = outputs.detach().requires_grad_()
        inside.append((attention, outputs))
        return outputs

    def end(states: torch.Tensor) -> None:
        if inside:
            attention, outputs = inside.pop()
            (gradient,) = torch.autograd.grad(lens(states), outputs)
            with torch.no_grad():
                visit(attention.layer, _rows(attention, gradient, lens.positions))

    with gradients_of_activations(frozen), _following(layers, end):
        follow_attention(frozen, tokens, start)


class _Lens:
    """The sum of all tokens' logits, as a layer's states give them."""

    def __init__(self, frozen: FrozenAnswer, tokens: Sequence[int]) -> None:
        rows = classifier_rows(frozen.model.model)
        ids = frozen.ids[[token - frozen.prompt_length for token in tokens]]
        with torch.no_grad():
            self._rows = rows[ids.to(rows.device)].float()
        self._frozen = frozen
        self.positions = torch.tensor([frozen.position(token) for token in tokens])

    def __call__(self, states: torch.Tensor) -> torch.Tensor:
        read = self._frozen.model.final_norm(states[:, self.positions.to(states.device)])[0]
        products = (read.to(self._rows.device, torch.float32) * self._rows).sum(dim=1)
        return self._frozen.model.logits(products).sum()


def _rows(attention: LayerAttention, gradient: torch.Tensor, positions: torch.Tensor) -> Floats:
    positions = positions.to(gradient.device)
    rows = attention.weight_gradients(positions, gradient[0].transpose(0, 1))
    return rows.masked_fill(~attention.visible(positions), 0).cpu().numpy()


@contextmanager
def _following(
    layers: Sequence[torch.nn.Module], end: Callable[[torch.Tensor], None]
) -> Iterator[None]:
    """Calls `end` with the states that each layer returns, and goes on without a graph."""

    def hook(_layer: torch.nn.Module, _given: Any, output: Any) -> Any:
        end(output[0] if isinstance(output, tuple) else output)
        return _detached(output)

    with ExitStack() as stack:
        for layer in layers:
            stack.callback(layer.register_forward_hook(hook).remove)
        yield


def _detached(output: Any) -> Any:
    if isinstance(output, tuple):
        return tuple(map(_detached, output))
    return output.detach() if isinstance(output, torch.Tensor) else output
