"""Places the objects of a scene so that its caption describes them correctly."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

_MARGIN = 2


class Box(NamedTuple):
    """Rectangle in pixels: left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Width in pixels."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Height in pixels."""
        return self.bottom - self.top


class Place(NamedTuple):
    """A square for one sprite: centre and side in pixels."""

    x: float
    y: float
    side: float


def slots(size: tuple[int, int], groups: int, relation: str) -> list[Box]:
    """Divides the picture into one slot for each group, in the order of mention.

    The first group gets the left (or upper) half, one or two others share the other half, from
    the top down (or from left to right).
    """
    whole = Box(0, 0, *size)
    if groups == 1:
        return [whole]
    across = relation == "left of"
    first, rest = _split(whole, 2, across)
    return [first, *_split(rest, groups - 1, not across)]


def places(rng: np.random.Generator, slot: Box, count: int, size: tuple[int, int]) -> list[Place]:
    """Draws a place for each of ``count`` objects in a slot, with little overlap."""
    across = slot.width > slot.height or (slot.width == slot.height and rng.random() < 0.5)
    return [_place(rng, cell, size) for cell in _split(slot, count, across)]


def _split(box: Box, parts: int, across: bool) -> list[Box]:
    left, top, right, bottom = box
    if across:
        edges = np.linspace(left, right, parts + 1).tolist()
        return [Box(a, top, b, bottom) for a, b in pairwise(edges)]
    edges = np.linspace(top, bottom, parts + 1).tolist()
    return [Box(left, a, right, b) for a, b in pairwise(edges)]


def _place(rng: np.random.Generator, cell: Box, size: tuple[int, int]) -> Place:
    shorter = min(cell.width, cell.height)
    side = min(shorter * rng.uniform(0.92, 1.2), 0.75 * min(size))
    if shorter == min(size):
        side *= rng.uniform(0.7, 1.0)
    x = _inside(rng, cell.left, cell.right, side, size[0])
    y = _inside(rng, cell.top, cell.bottom, side, size[1])
    return Place(x, y, side)


def _inside(rng: np.random.Generator, start: float, stop: float, side: float, limit: int) -> float:
    """Draws a centre so that the square stays in the picture, and in its cell if it fits."""
    room = max((stop - start - side) / 2, 0.04 * side)
    centre = (start + stop) / 2 + rng.uniform(-room, room)
    reach = side / 2 + _MARGIN
    return float(np.clip(centre, reach, max(limit - reach, reach)))
