"""Sorts and sums many short lists at once, with operations on whole arrays.

The k-th values of all lists form one array, the k-th plane, so that each step of a sorting network
is one minimum and one maximum of two planes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.floating]

# NumPy adds up to this many contiguous values in eight lanes, and splits longer rows in half.
_LANES, _BLOCK = 8, 128


def sort_planes(planes: Sequence[Plane]) -> list[Plane]:
    """Sorts each list in place.

    Args:
        planes: For each k the k-th values of all lists; arrays of one shape, which are overwritten.

    Returns:
        The planes from the smallest to the largest values.
    """
    ranked, spare = list(planes), np.empty_like(planes[0])
    for low, high in sorting_network(len(ranked)):
        np.minimum(ranked[low], ranked[high], out=spare)
        np.maximum(ranked[low], ranked[high], out=ranked[high])
        ranked[low], spare = spare, ranked[low]
    return ranked


@lru_cache(maxsize=32)
def sorting_network(size: int) -> tuple[tuple[int, int], ...]:
    """The comparisons (low, high), in order, that sort any list of this length.

    Batcher's merge exchange (Knuth, The Art of Computer Programming, volume 3, algorithm 5.2.2M).
    """
    top = 1 << max(0, (size - 1).bit_length() - 1)
    pairs: list[tuple[int, int]] = []
    block = top
    while block:
        stride, remainder, reach = top, 0, block
        while True:
            pairs += [(i, i + reach) for i in range(size - reach) if i & block == remainder]
            if stride == block:
                break
            reach, stride, remainder = stride - block, stride // 2, block
        block //= 2
    return tuple(pairs)


def sum_planes(planes: Sequence[Plane]) -> Plane:
    """Sums each list in NumPy's order for a contiguous row, so that results are bit-identical."""
    count = len(planes)
    if count < _LANES:
        return _sum_in_turn(planes)
    if count > _BLOCK:
        half = count // 2 - count // 2 % _LANES
        return sum_planes(planes[:half]) + sum_planes(planes[half:])
    whole = count - count % _LANES
    a, b, c, d, e, f, g, h = (_sum_in_turn(planes[lane:whole:_LANES]) for lane in range(_LANES))
    return _sum_in_turn([((a + b) + (c + d)) + ((e + f) + (g + h)), *planes[whole:]])


def _sum_in_turn(planes: Sequence[Plane]) -> Plane:
    total = planes[0]
    for plane in planes[1:]:
        total = total + plane
    return total
