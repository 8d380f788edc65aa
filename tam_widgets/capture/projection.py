"""Products of hidden states and classifier rows, the only matrix products made with torch.

Half-precision tensors are converted to float32 in parts, so that neither a float32 copy of all
states nor logits for all positions over the vocabulary ever exist as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# Bytes of float32 values that are made at a time, from hidden states or classifier rows.
CHUNK_BYTES = 8 * 2**20


class ClassifierRows(Protocol):
    """Rows of a classifier, [vocabulary, c]: a tensor, or what computes rows on demand."""

    @property
    def shape(self) -> torch.Size:
        """[vocabulary, c]."""

    @property
    def device(self) -> torch.device:
        """The device of the rows."""

    def __getitem__(self, index: Any, /) -> torch.Tensor:
        """The rows of a slice or a tensor of ids, any float type."""


def _as_they_are(states: torch.Tensor) -> torch.Tensor:
    return states


@torch.no_grad()
def activations(
    hidden: torch.Tensor,
    positions: NDArray[np.int64],
    classifier: ClassifierRows,
    classes: NDArray[np.int64],
    norm: Callable[[torch.Tensor], torch.Tensor] = _as_they_are,
) -> Floats:
    """`relu(W[classes] · H[positions])` in float32.

    Args:
        hidden: [n, c], any float type and device.
        positions: Rows of `hidden`, [m].
        classifier: [vocabulary, c], any float type and device.
        classes: Rows of `classifier`, [t].
        norm: Applied to the states first, [n, c] at a time; by default none is.

    Returns:
        float32 [t, m].
    """
    rows = classifier[torch.as_tensor(classes, device=classifier.device)].float()
    result = torch.empty((len(classes), len(positions)), device=rows.device)
    for part in _slices(len(positions), hidden.shape[1], CHUNK_BYTES):
        states = norm(_rows(hidden, positions[part])).to(rows.device, torch.float32)
        result[:, part] = rows @ states.T
    return result.relu_().cpu().numpy()


def _rows(hidden: torch.Tensor, positions: NDArray[np.int64]) -> torch.Tensor:
    """The states at these positions; a view if the positions are consecutive."""
    if (np.diff(positions) == 1).all():
        return hidden[int(positions[0]) : int(positions[-1]) + 1]
    return hidden[torch.as_tensor(positions, device=hidden.device)]


@torch.no_grad()
def products(
    states: torch.Tensor, classifier: ClassifierRows
) -> Iterator[tuple[slice, torch.Tensor]]:
    """`H · Wᵀ` in parts of the vocabulary.

    Args:
        states: Hidden states, [n, c], any float type and device.
        classifier: [vocabulary, c], any float type and device.

    Yields:
        A part of the vocabulary, and its products, float32 [n, rows of the part]; they are
        overwritten by the next part.
    """
    states = states.to(classifier.device, torch.float32)
    vocabulary, width = classifier.shape
    parts = list(_slices(vocabulary, width, CHUNK_BYTES))
    wide = states.new_empty((parts[0].stop, width))  # reused: allocating costs more than copying
    for part in parts:
        rows = classifier[part]
        if rows.dtype != torch.float32:
            rows = wide[: len(rows)].copy_(rows)
        yield part, states @ rows.T


@torch.no_grad()
def row_products(
    states: torch.Tensor, classifier: ClassifierRows, ids: torch.Tensor
) -> torch.Tensor:
    """Products of each state with rows of its own.

    Args:
        states: [n, c], any float type and device.
        classifier: [vocabulary, c], any float type and device.
        ids: Rows of `classifier` for each state, int64 [n, count], on its device.

    Returns:
        float32 [n, count].
    """
    states = states.to(classifier.device, torch.float32)
    result = states.new_empty(ids.shape)
    for part in _slices(len(ids), states.shape[1] * ids.shape[1], CHUNK_BYTES):
        result[part] = torch.bmm(classifier[ids[part]].float(), states[part, :, None])[:, :, 0]
    return result


def _slices(length: int, width: int, size: int) -> Iterator[slice]:
    step = max(1, size // (4 * width))
    for start in range(0, length, step):
        yield slice(start, min(start + step, length))
