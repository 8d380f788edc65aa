"""Checks that the arrays of a trace fit together; each raises `TraceError` if not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from ..errors import TraceError
from ..explanation.geometry import Grid
from .projection import ClassifierRows


def check_answer(answer_ids: NDArray[np.int64]) -> None:
    """Refuses an empty answer."""
    if len(answer_ids) == 0:
        raise TraceError("answer_ids is empty: an explanation needs at least one answer token")


def check_ids(
    input_ids: NDArray[np.int64], answer_ids: NDArray[np.int64], classifier: ClassifierRows
) -> None:
    """Refuses ids for which the classifier has no row."""
    rows = classifier.shape[0]
    ids = np.concatenate([input_ids[input_ids >= 0], answer_ids])
    if answer_ids.min() < 0 or ids.max() >= rows:
        raise TraceError(f"token ids up to {ids.max()} do not fit a classifier of {rows} rows")


def check_states(hidden: torch.Tensor, count: int, classifier: ClassifierRows) -> None:
    """Refuses states of another number or width, and values that are not finite.

    Args:
        hidden: Hidden states, [count, c].
        count: How many there must be.
        classifier: [vocabulary, c].
    """
    if hidden.ndim != 2 or hidden.shape[0] != count:
        raise TraceError(
            f"hidden has shape {tuple(hidden.shape)}: the input and answer ids need "
            f"[{count}, width], one state for each position except that of the last answer token"
        )
    if len(classifier.shape) != 2 or classifier.shape[1] != hidden.shape[1]:
        raise TraceError(
            f"classifier has shape {tuple(classifier.shape)}: [vocabulary, {hidden.shape[1]}] is "
            "expected, as wide as the hidden states, which a model's family reads at its "
            "`final_norm`"
        )
    if not hidden.is_floating_point():
        raise TraceError(f"hidden has type {hidden.dtype}: floating-point states are expected")
    broken = ~torch.isfinite(hidden.sum(dim=1, dtype=torch.float32))
    if bool(broken.any()):
        first = int(broken.nonzero()[0])
        raise TraceError(
            f"hidden states contain NaN or infinity, first at position {first}: the model's "
            "arithmetic overflowed; load it in bfloat16 or float32 instead of float16"
        )


def check_grids(grids: Sequence[Grid], visual: NDArray[np.int64]) -> None:
    """Refuses grids that do not have one cell for each visual token."""
    cells = sum(grid.size for grid in grids)
    if cells != len(visual) or cells == 0:
        raise TraceError(
            f"{len(visual)} visual tokens do not fill grids of {cells} cells: "
            f"{[(grid.rows, grid.cols) for grid in grids]}"
        )


def check_positions(name: str, positions: NDArray[np.int64], length: int) -> None:
    """Refuses positions outside an input of some length."""
    if len(positions) and not 0 <= positions.min() <= positions.max() < length:
        raise TraceError(
            f"{name} positions {positions.min()}..{positions.max()} lie outside the {length} "
            "input ids"
        )
