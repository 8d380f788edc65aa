"""What goes into the attention of each decoder layer, from which its weights are made in parts.

`output_attentions` needs transformers' slowest attention and keeps heads · n² weights a layer.
Here the model attends with scaled dot products (SDPA) as usual, through a function of ours, which
hands over queries, keys and values; whoever needs weights computes the rows it wants from them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import torch
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import ALL_MASK_ATTENTION_FUNCTIONS
from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS

from ...errors import UnsupportedModelError

IMPLEMENTATION = "tam_widgets"
"""Name under which transformers knows the attention function."""

BLOCK_BYTES = 32 * 2**20
"""Size of the float32 weights that are made at a time."""

_UNKNOWN = ("s_aux", "sinks", "position_bias")
"""Inputs of some attention functions that change weights, and that SDPA does not take as such."""


@dataclass(frozen=True, eq=False)
class LayerAttention:
    """The inputs of one decoder layer's attention, after rotary embedding.

    Attributes:
        layer: Number of the layer, from 1.
        queries: [heads, n, d].
        keys: [groups, n, d]; consecutive heads share one.
        values: [groups, n, e].
        mask: What may be attended to (bool) or is added to the scores (float), [1 or heads, n, n];
            None for no mask.
        causal: Whether each position attends to earlier ones and itself, if there is no mask.
        scaling: By which the scores are multiplied.
        softcap: To which the scores are limited, if not None.
    """

    layer: int
    queries: torch.Tensor
    keys: torch.Tensor
    values: torch.Tensor
    mask: torch.Tensor | None
    causal: bool
    scaling: float
    softcap: float | None

    @property
    def length(self) -> int:
        """Number of positions, n."""
        return self.queries.shape[1]

    def detached(self) -> LayerAttention:
        """The same without the graph that gradients are made from."""
        return replace(
            self,
            queries=self.queries.detach(),
            keys=self.keys.detach(),
            values=self.values.detach(),
        )

    def weights(self, positions: torch.Tensor) -> torch.Tensor:
        """Softmax rows, float32 [heads, positions, n].

        Args:
            positions: Of the queries, int64.
        """
        scores = self._grouped(self.queries[:, positions].float(), self.keys) * self.scaling
        if self.softcap is not None:
            scores = self.softcap * torch.tanh(scores / self.softcap)
        if self.mask is not None and self.mask.dtype != torch.bool:
            return (scores + self.mask[:, positions]).softmax(dim=-1)
        seen = self.visible(positions)
        return scores.masked_fill(~seen, -torch.inf).softmax(dim=-1)

    def visible(self, positions: torch.Tensor) -> torch.Tensor:
        """What these positions may attend to, bool [1 or heads, positions, n]."""
        if self.mask is not None:
            own = self.mask[:, positions]
            return own if own.dtype == torch.bool else own > torch.finfo(own.dtype).min / 2
        keys = torch.arange(self.length, device=positions.device)
        last = positions if self.causal else torch.full_like(positions, self.length)
        return (keys <= last[:, None])[None]

    def weight_gradients(
        self, positions: torch.Tensor, output_gradients: torch.Tensor
    ) -> torch.Tensor:
        """`∂/∂A = ∂/∂O · Vᵀ`, since `O = A · V`, float32 [heads, positions, n].

        Args:
            positions: Of the queries, int64.
            output_gradients: Gradient of the heads' outputs, [heads, n, e].
        """
        return self._grouped(output_gradients[:, positions].float(), self.values)

    def blocks(self) -> Iterator[torch.Tensor]:
        """All positions in parts whose weights take about `BLOCK_BYTES`."""
        step = max(1, BLOCK_BYTES // (4 * len(self.queries) * self.length))
        for start in range(0, self.length, step):
            stop = min(start + step, self.length)
            yield torch.arange(start, stop, device=self.queries.device)

    def _grouped(self, rows: torch.Tensor, columns: torch.Tensor) -> torch.Tensor:
        """Products of each head's rows with its group's, [heads, rows, n]."""
        heads, count, width = rows.shape
        products = rows.reshape(len(columns), -1, width) @ columns.float().mT
        return products.reshape(heads, count, -1)

    def outputs(self) -> torch.Tensor:
        """The heads' outputs, [1, n, heads, e], for scores that SDPA cannot compute."""
        groups, _, width = self.values.shape
        parts = []
        for positions in self.blocks():
            weights = self.weights(positions).reshape(groups, -1, self.length)
            mixed = weights.to(self.values.dtype) @ self.values
            parts.append(mixed.reshape(-1, len(positions), width))
        return torch.cat(parts, dim=1).transpose(0, 1)[None].contiguous()


Listener = Callable[[LayerAttention, torch.Tensor], torch.Tensor]
"""Gets a layer's attention, without a graph, and the heads' outputs, [1, n, heads, e], and returns
the outputs to go on with."""


class _Recording(NamedTuple):
    layers: Mapping[torch.nn.Module, int]
    listener: Listener


_switching = threading.RLock()
"""Held while a configuration names our function: several models may share one."""

_recording: ContextVar[_Recording | None] = ContextVar("_recording", default=None)


@contextmanager
def recorded_attention(model: Any, listener: Listener) -> Iterator[None]:
    """Lets a listener follow the attention of the decoder's layers.

    Afterwards the model attends as before. The caller must hold `exclusively(model)`, and run the
    model with one sequence and without a cache.

    Args:
        model: A transformers model.
        listener: Called in each layer that has attention weights, in order; layers of linear
            attention, of convolutions and of vision towers have none.

    Raises:
        UnsupportedModelError: If the model's attention cannot be replaced; while it runs, if it
            adds something that is not known here.
    """
    decoder = model.get_decoder()
    layers = {
        module: module.layer_idx + 1
        for module in decoder.modules()
        if isinstance(getattr(module, "layer_idx", None), int)
    }
    with _switching, _attending_with_ours(decoder):
        token = _recording.set(_Recording(layers, listener))
        try:
            yield
        finally:
            _recording.reset(token)


@contextmanager
def _attending_with_ours(decoder: Any) -> Iterator[None]:
    modules = [one for one in decoder.modules() if hasattr(one, "set_attn_implementation")]
    configs = {id(one.config): one.config for one in modules}
    before = {key: config._attn_implementation for key, config in configs.items()}
    try:
        if modules:
            decoder.set_attn_implementation(IMPLEMENTATION)
        if not modules or decoder.config._attn_implementation != IMPLEMENTATION:
            raise UnsupportedModelError(
                f"{type(decoder).__name__} does not let its attention be replaced "
                "(set_attn_implementation), so its attention weights are not available: choose a "
                "method that does without them"
            )
        yield
    finally:
        for key, config in configs.items():
            config._attn_implementation = before[key]


def _attend(
    module: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    scaling: float | None = None,
    **options: Any,
) -> tuple[torch.Tensor, None]:
    """Attends as transformers does with SDPA, and tells the listener."""
    recording = _recording.get()
    if recording is None or module not in recording.layers:
        made, _ = sdpa_attention_forward(
            module, query, key, value, attention_mask, scaling=scaling, **options
        )
        return made, None
    _check(module, query, key, options)
    causal = options.get("is_causal")
    inputs = LayerAttention(
        layer=recording.layers[module],
        queries=query[0],
        keys=key[0],
        values=value[0],
        mask=_whole(attention_mask, query.shape[2]),
        causal=getattr(module, "is_causal", True) if causal is None else causal,
        scaling=query.shape[-1] ** -0.5 if scaling is None else scaling,
        softcap=options.get("softcap"),
    )
    if inputs.softcap is None:
        made, _ = sdpa_attention_forward(
            module, query, key, value, attention_mask, scaling=scaling, **options
        )
    else:
        made = inputs.outputs()
    return recording.listener(inputs.detached(), made), None


def _whole(mask: torch.Tensor | None, length: int) -> torch.Tensor | None:
    """A mask with a row for each query, [1 or heads, n, n]."""
    return None if mask is None else mask[0, :, :, :length].expand(-1, length, -1)


def _check(
    module: torch.nn.Module, query: torch.Tensor, key: torch.Tensor, options: Mapping[str, Any]
) -> None:
    name = type(module).__name__
    added = [one for one in _UNKNOWN if options.get(one) is not None]
    if added:
        raise UnsupportedModelError(
            f"{name} adds {added[0]} to its attention, whose weights cannot be computed from "
            "queries and keys alone: choose a method that does without attention weights"
        )
    if len(query) != 1 or query.shape[2] != key.shape[2]:
        raise UnsupportedModelError(
            f"{name} attends with queries of shape {tuple(query.shape)} to keys of shape "
            f"{tuple(key.shape)}: those of one whole sequence are expected; choose a method that "
            "does without attention weights"
        )


ALL_ATTENTION_FUNCTIONS.register(IMPLEMENTATION, _attend)
ALL_MASK_ATTENTION_FUNCTIONS.register(IMPLEMENTATION, ALL_MASK_ATTENTION_FUNCTIONS["sdpa"])
