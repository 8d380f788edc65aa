"""Hidden states projected on classifier rows: the only place where torch multiplies.

Half-precision tensors are brought to float32 part by part, so that neither a float32 copy of
all states nor logits over vocabulary and positions ever exist whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# Bytes of float32 values made at a time, of hidden states and of classifier rows.
CHUNK_BYTES = 16 * 2**20
CLASSIFIER_BYTES = 64 * 2**20


class Rows(Protocol):
    """Rows of a classifier, [vocabulary, c]: a tensor, or what makes those that are asked for."""

    @property
    def shape(self) -> torch.Size:
        """[vocabulary, c]."""

    @property
    def device(self) -> torch.device:
        """Where the rows are."""

    def __getitem__(self, index: Any, /) -> torch.Tensor:
        """The rows of a slice or of a tensor of ids, any float type."""


@dataclass(frozen=True)
class Candidates:
    """Next-token distributions, cut to the most probable.

    Attributes:
        probability: Of the token that came, float32 [tokens].
        ids: The most probable tokens, best first, int64 [tokens, count].
        probabilities: Theirs, float32 [tokens, count].
    """

    probability: Floats
    ids: NDArray[np.int64]
    probabilities: Floats


@torch.no_grad()
def activations(
    hidden: torch.Tensor,
    positions: NDArray[np.int64],
    classifier: Rows,
    classes: NDArray[np.int64],
) -> Floats:
    """`relu(W[classes] · H[positions])` in float32.

    Args:
        hidden: [n, c], any float type and device.
        positions: Rows of `hidden`, [m].
        classifier: [vocabulary, c], any float type and device.
        classes: Rows of `classifier`, [t].

    Returns:
        float32 [t, m].
    """
    rows = classifier[torch.as_tensor(classes, device=classifier.device)].float()
    result = torch.empty((len(classes), len(positions)), device=rows.device)
    for part in _slices(len(positions), hidden.shape[1], CHUNK_BYTES):
        states = _rows(hidden, positions[part]).to(rows.device, torch.float32)
        result[:, part] = rows @ states.T
    return result.relu_().cpu().numpy()


def _rows(hidden: torch.Tensor, positions: NDArray[np.int64]) -> torch.Tensor:
    """The states at these positions; a view of them where they follow one another."""
    if (np.diff(positions) == 1).all():
        return hidden[int(positions[0]) : int(positions[-1]) + 1]
    return hidden[torch.as_tensor(positions, device=hidden.device)]


@torch.no_grad()
def candidates(
    states: torch.Tensor,
    classifier: Rows,
    count: int,
    chosen: NDArray[np.int64] | None = None,
    logits: Callable[[torch.Tensor], torch.Tensor] = lambda products: products,
) -> Candidates:
    """Softmax over the whole vocabulary, computed in parts of it.

    Args:
        states: Hidden states that predict the tokens, [tokens, c].
        classifier: [vocabulary, c].
        count: Number of candidates kept.
        chosen: Ids of the tokens that came, [tokens]; the best ones if not given.
        logits: How the model turns products of states and rows into logits, value by value.

    Returns:
        The distributions' heads, in float32.
    """
    states = states.to(classifier.device, torch.float32)
    count = min(count, classifier.shape[0])
    values = states.new_empty((len(states), 0))
    ids = torch.empty((len(states), 0), dtype=torch.int64, device=states.device)
    total = states.new_full((len(states),), -torch.inf)
    vocabulary, width = classifier.shape
    for part in _slices(vocabulary, width, CLASSIFIER_BYTES):
        scores = logits(states @ classifier[part].float().T)
        best = scores.topk(min(count, scores.shape[1]), dim=1)
        top = best.values[:, :1]
        total = torch.logaddexp(total, top[:, 0] + (scores - top).exp_().sum(dim=1).log())
        values, ids = _best(
            torch.cat([values, best.values], 1),
            torch.cat([ids, best.indices + part.start], 1),
            count,
        )
    own = values[:, 0] if chosen is None else logits(_products(chosen, states, classifier))
    return Candidates(
        probability=(own - total).exp().cpu().numpy(),
        ids=ids.cpu().numpy(),
        probabilities=(values - total[:, None]).exp().cpu().numpy(),
    )


@torch.no_grad()
def products(state: torch.Tensor, classifier: Rows) -> torch.Tensor:
    """`W · h` in the rows' own float type, as the model's head does it, on their device.

    Args:
        state: One hidden state, [c].
        classifier: [vocabulary, c].

    Returns:
        float32 [vocabulary].
    """
    state = state.to(classifier.device)
    vocabulary, width = classifier.shape
    parts = (classifier[part] for part in _slices(vocabulary, width, CLASSIFIER_BYTES))
    return torch.cat([(rows @ state.to(rows.dtype)).float() for rows in parts])


def _best(values: torch.Tensor, ids: torch.Tensor, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    best = values.topk(min(count, values.shape[1]), dim=1)
    return best.values, ids.gather(1, best.indices)


def _products(chosen: NDArray[np.int64], states: torch.Tensor, classifier: Rows) -> torch.Tensor:
    rows = classifier[torch.as_tensor(chosen, device=classifier.device)].float()
    return (states * rows).sum(dim=1)


def _slices(length: int, width: int, size: int) -> Iterator[slice]:
    step = max(1, size // (4 * width))
    for start in range(0, length, step):
        yield slice(start, min(start + step, length))
