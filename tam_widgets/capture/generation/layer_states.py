"""The states after decoder layers, recorded while a model generates or reads.

They are the residual stream as transformers returns it in `output_hidden_states`: what a layer
puts out, before anything that the model adds to it between two layers. Only the positions from
which maps are computed are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ..inputs.encoding import Encoded

KEPT_BYTES = 2**30
"""Most bytes of states that are kept while an answer is generated; for more than that, the answer
is read again, and each layer is projected as soon as it has run."""

Layers = Mapping[int, torch.nn.Module]
"""Decoder layers by their numbers, from 1."""


@contextmanager
def hooked(layers: Layers, keep: Callable[[int, torch.Tensor], None]) -> Iterator[None]:
    """Gives `keep` each layer's number and output, [rows, n, c], whenever the layer runs."""

    def hook(number: int, _module: torch.nn.Module, _given: Any, output: Any) -> None:
        keep(number, output[0] if isinstance(output, tuple) else output)

    handles = [
        module.register_forward_hook(partial(hook, number)) for number, module in layers.items()
    ]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def input_positions(encoded: Encoded) -> NDArray[np.int64]:
    """The positions of an input whose states explain tokens, in order; the last one is among them.

    A token of an earlier answer is read one position before its own.
    """
    prompt = encoded.prompt_tokens.positions
    last = [len(encoded.input_ids) - 1]
    return np.unique(np.concatenate([encoded.visual, prompt, (prompt - 1).clip(min=0), last]))


class LayerStates:
    """States of a batch, collected step by step.

    Args:
        layers: The layers to record.
        positions: For each row, the positions to keep of its input.
        lengths: For each row, the length of its input; shorter ones are padded on the left.
    """

    def __init__(
        self, layers: Layers, positions: Sequence[NDArray[np.int64]], lengths: Sequence[int]
    ) -> None:
        self._layers = layers
        self._length = max(lengths)
        self._positions = [
            torch.from_numpy(own + self._length - length)
            for own, length in zip(positions, lengths, strict=True)
        ]
        self._given: dict[int, list[torch.Tensor]] = {}
        self._steps: dict[int, list[torch.Tensor]] = {number: [] for number in layers}
        self._regular = True

    def recording(self) -> AbstractContextManager[None]:
        """Records whatever the model runs meanwhile."""
        return hooked(self._layers, self._add)

    def of(self, row: int, steps: int) -> dict[int, torch.Tensor]:
        """States of a row by layer: at the kept positions of its input, then of later steps.

        Empty if the model did not advance one position at a time.

        Args:
            row: Index in the batch.
            steps: Number of steps after the input.
        """
        if not self._regular or any(len(made) < steps for made in self._steps.values()):
            return {}
        return {
            number: torch.cat([given[row], *(step[row] for step in self._steps[number][:steps])])
            for number, given in self._given.items()
        }

    def _add(self, number: int, states: torch.Tensor) -> None:
        """Keeps a step of a layer: first the whole input, then one position at a time."""
        first = number not in self._given
        self._regular &= states.shape[:-1] == (len(self._positions), self._length if first else 1)
        if not self._regular:
            self._given.clear()
            self._steps = {other: [] for other in self._layers}
        elif first:
            rows = zip(states.detach(), self._positions, strict=True)
            self._given[number] = [row[own.to(row.device)] for row, own in rows]
        else:
            self._steps[number].append(states.detach().clone())
