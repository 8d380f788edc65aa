"""Reads an answer while its pictures are removed or uncovered step by step."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..explanation.faithfulness import Side

if TYPE_CHECKING:
    from ..capture.forcing.black_box import BlackBoxAnswer
    from .orders import Ranking
    from .units import Units

_SIDES: tuple[Side, Side] = ("deletion", "insertion")


@dataclass(frozen=True, eq=False)
class Plan:
    """The distinct pictures on all curves between their ends; each is read once.

    Attributes:
        removed: Which units of each picture are filled: an order, a side and a number of units, as
            for `removed_units`; those that say most about the maps come first.
        index: The picture of each point, int64 [sides, rows, steps − 1].
    """

    removed: Sequence[tuple[Ranking, Side, int]]
    index: NDArray[np.int64]

    def curves(self, read: NDArray[np.float32], both: NDArray[np.float32]) -> NDArray[np.float32]:
        """Log-probabilities of all tokens of the answer on all curves.

        Args:
            read: With each picture of the plan, float32 [pictures, answer].
            both: With the whole and with the blank picture, float32 [2, answer].

        Returns:
            Those of the deletion and of the insertion curves, float32 [2, rows, steps + 1, answer].
        """
        sides, rows, inner = self.index.shape
        found = np.empty((sides, rows, inner + 2, both.shape[1]), np.float32)
        found[:, :, 1:-1] = read[self.index]
        found[0, :, 0] = found[1, :, -1] = both[0]
        found[0, :, -1] = found[1, :, 0] = both[1]
        return found


def planned(
    places: Sequence[Ranking],
    ends: NDArray[np.int64],
    turned: Collection[int] = (),
    first: Collection[int] = (),
) -> Plan:
    """Finds equal pictures on the curves of several orders.

    Args:
        places: Indices of the units in each order, first removed first, [units].
        ends: Number of units that are removed at each step.
        turned: Rows whose insertion goes through the order backwards.
        first: Rows whose curves are read before the others', those of maps.
    """
    known: dict[bytes, int] = {}
    found: list[tuple[Ranking, Side, int]] = []
    index = np.empty((len(_SIDES), len(places), len(ends) - 2), np.int64)
    for side, row, step in _points(len(places), len(ends) - 2, first):
        backwards = side == "insertion" and row in turned
        order, end = places[row][::-1] if backwards else places[row], int(ends[1 + step])
        # A digest, as there may be millions of pixels.
        packed = np.packbits(removed_units(order, side, end)).tobytes()
        digest = blake2b(packed, digest_size=16).digest()
        picture = known.setdefault(digest, len(found))
        index[_SIDES.index(side), row, step] = picture
        if picture == len(found):
            found.append((order, side, end))
    return Plan(found, index)


def _points(rows: int, steps: int, first: Collection[int]) -> Iterator[tuple[Side, int, int]]:
    """All points as side, row and step: deletion first, some rows first, coarse steps first."""
    others = [row for row in range(rows) if row not in first]
    for side in _SIDES:
        for group in (sorted(first), others):
            for step in coarse_to_fine(steps):
                for row in group:
                    yield side, row, step


def coarse_to_fine(count: int) -> Iterator[int]:
    """Numbers below a count: the middle one first, then the middle of each half, and so on.

    Example:
        >>> list(coarse_to_fine(7))
        [3, 1, 5, 0, 2, 4, 6]
    """
    parts = deque([(0, count)])
    while parts:
        start, stop = parts.popleft()
        if start < stop:
            middle = (start + stop) // 2
            yield middle
            parts += ((start, middle), (middle + 1, stop))


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


def read_pictures(
    frozen: BlackBoxAnswer, units: Units, plan: Plan, blank: Sequence[Image.Image]
) -> Iterator[NDArray[np.float32]]:
    """Yields log-probabilities of all tokens of the answer with a few pictures at a time.

    Args:
        frozen: The answer.
        units: The units.
        plan: The distinct pictures.
        blank: What takes the place of removed units.

    Returns:
        Those of the plan's next pictures, float32 [pictures, answer].
    """
    pictures = (
        units.areas.replaced(frozen.pictures, blank, removed_units(*one)) for one in plan.removed
    )
    for values in frozen.read(pictures, frozen.answer_tokens):
        yield values.astype(np.float32)
