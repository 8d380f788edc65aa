"""Reads an answer while its pictures are removed or uncovered step by step."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..explanation.faithfulness import Side

if TYPE_CHECKING:
    from ..capture.forcing.frozen_answer import FrozenAnswer
    from .orders import Ranking
    from .units import Units

_SIDES: tuple[Side, Side] = ("deletion", "insertion")


@dataclass(frozen=True, eq=False)
class Plan:
    """The distinct pictures on all curves between their ends; each is read once.

    Attributes:
        removed: Which units of each picture are filled: an order, a side and a number of units, as
            for `removed_units`.
        index: The picture of each point, int64 [sides, rows, steps − 1].
    """

    removed: Sequence[tuple[Ranking, Side, int]]
    index: NDArray[np.int64]


def planned(
    places: Sequence[Ranking], ends: NDArray[np.int64], turned: Collection[int] = ()
) -> Plan:
    """Finds equal pictures on the curves of several orders.

    Args:
        places: Indices of the units in each order, first removed first, [units].
        ends: Number of units that are removed at each step.
        turned: Rows whose insertion goes through the order backwards.
    """
    known: dict[bytes, int] = {}
    found: list[tuple[Ranking, Side, int]] = []
    index = np.empty((len(_SIDES), len(places), len(ends) - 2), np.int64)
    for row, forwards in enumerate(places):
        for which, side in enumerate(_SIDES):
            order = forwards[::-1] if side == "insertion" and row in turned else forwards
            for step, end in enumerate(ends[1:-1].tolist()):
                removed = removed_units(order, side, end)
                # A digest, as there may be millions of pixels.
                digest = blake2b(np.packbits(removed).tobytes(), digest_size=16).digest()
                index[which, row, step] = known.setdefault(digest, len(found))
                if known[digest] == len(found):
                    found.append((order, side, end))
    return Plan(found, index)


def removed_units(order: Ranking, side: Side, end: int) -> NDArray[np.bool_]:
    """Which units are filled after some steps, bool [units].

    Args:
        order: Indices of the units, [units].
        side: Whether the first `end` ones are removed, or uncovered.
        end: Their number.
    """
    removed = np.full(len(order), side == "insertion")
    removed[order[:end]] = side == "deletion"
    return removed


def read_curves(
    frozen: FrozenAnswer,
    units: Units,
    plan: Plan,
    both: NDArray[np.float32],
    blank: Sequence[Image.Image],
    progress: Callable[[int], Any],
) -> NDArray[np.float32]:
    """Log-probabilities of all tokens of the answer on all curves.

    Args:
        frozen: The answer.
        units: The units.
        plan: The distinct pictures.
        both: Log-probabilities with the whole and with the blank picture, float32 [2, answer].
        blank: What takes the place of removed units.
        progress: Is called with the number of pictures that are read.

    Returns:
        Those of the deletion and of the insertion curves, float32 [2, rows, steps + 1, answer].
    """
    tokens = range(frozen.prompt_length, frozen.prompt_length + len(frozen.ids))
    pictures = (
        units.areas.replaced(frozen.pictures, blank, removed_units(*one)) for one in plan.removed
    )
    read = frozen.log_probabilities(pictures, tokens, progress=progress).astype(np.float32)
    sides, rows, inner = plan.index.shape
    found = np.empty((sides, rows, inner + 2, len(tokens)), np.float32)
    found[:, :, 1:-1] = read[plan.index]
    found[0, :, 0] = found[1, :, -1] = both[0]
    found[0, :, -1] = found[1, :, 0] = both[1]
    return found
