"""Maps of different grids over one picture, resampled to a common raster to be compared.

`js/src/tools/common-raster.ts` is the counterpart in the browser; both are tested against
`tests/fixtures/agreement.json`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..attribution.interference import Floats
from ..contract import CONTRACT
from .geometry import Grid, Rect, in_view
from .types import StoredImage

Numbers = NDArray[np.float64]

SEEN_FROM = CONTRACT.agreement.seen_from
"""Share of a raster's cell from which on a model counts as having seen it."""
_ROUNDING = 1e-9


def same_pictures(
    first: Sequence[StoredImage], second: Sequence[StoredImage]
) -> list[tuple[int, int]]:
    """Indices of the pictures or frames that two explanations have in common.

    Pictures are the same if their stored bytes and their full sizes are equal. Where one occurs
    several times, the first is paired with the first, the second with the second.

    Example:
        >>> cup, dog = (StoredImage(name, "image/png", 4, 3) for name in (b"cup", b"dog"))
        >>> same_pictures([cup, dog, dog], [dog, cup])
        [(0, 1), (1, 0)]
    """
    places: dict[tuple[bytes, int, int], list[int]] = {}
    for index, image in enumerate(second):
        places.setdefault((image.data, image.width, image.height), []).append(index)
    pairs = []
    for index, image in enumerate(first):
        others = places.get((image.data, image.width, image.height))
        if others:
            pairs.append((index, others.pop(0)))
    return pairs


def grids_on(grids: Sequence[Grid], image: int, thumbnail: bool = False) -> dict[int, Grid]:
    """Grids that are drawn on a picture or frame.

    Args:
        grids: All grids of an explanation.
        image: Index of the picture or frame.
        thumbnail: Whether thumbnails are drawn instead of tiles if an image has both.

    Returns:
        Each with the index of its first visual token as the key.
    """
    starts = np.cumsum([0, *(grid.size for grid in grids)])
    drawn = ((int(starts[i]), grids[i]) for i in in_view(grids, thumbnail))
    return {start: grid for start, grid in drawn if grid.image <= image < grid.image + grid.frames}


def common_raster(first: Sequence[Grid], second: Sequence[Grid]) -> Grid | None:
    """The finer raster of two sets of grids over one picture; None if they have no overlap.

    It covers the rectangle that lies within the bounds of both. Its cells are as wide as the
    narrowest of the grids', and as high as the lowest, to the nearest whole number of cells.

    Example:
        >>> crop, whole = Grid(4, 4, (2, 0, 10, 8)), Grid(4, 6, (0, 0, 12, 8))
        >>> raster = common_raster([crop], [whole])
        >>> raster.rows, raster.cols, raster.rect
        (4, 4, (2.0, 0.0, 10.0, 8.0))
    """
    if not (first and second):
        return None
    bounds = [_bounds(first), _bounds(second)]
    left, top = (max(one[edge] for one in bounds) for edge in (0, 1))
    right, bottom = (min(one[edge] for one in bounds) for edge in (2, 3))
    if not (left < right and top < bottom):
        return None
    every = [*first, *second]
    width = min((grid.rect[2] - grid.rect[0]) / grid.cols for grid in every)
    height = min((grid.rect[3] - grid.rect[1]) / grid.rows for grid in every)
    rows, cols = _whole((bottom - top) / height), _whole((right - left) / width)
    return Grid(rows, cols, (left, top, right, bottom))


@dataclass(frozen=True, eq=False)
class Resampled:
    """Maps on a raster.

    Attributes:
        values: The mean of a map over the part of each cell that the model saw, weighted by area,
            0 where it saw nothing, float64 [maps, rows, cols].
        seen: The share of each cell that the model saw, float64 [rows, cols].
    """

    values: Numbers
    seen: Numbers


def resample(maps: Floats, grids: dict[int, Grid], raster: Grid) -> Resampled:
    """Resamples maps to a raster.

    Args:
        maps: float32 [maps, visual].
        grids: Grids of one picture, as `grids_on` gives them.
        raster: In pixels of the same picture.
    """
    total = np.zeros((len(maps), raster.rows, raster.cols))
    seen = np.zeros((raster.rows, raster.cols))
    for start, grid in grids.items():
        part = maps[:, start : start + grid.size].reshape(-1, grid.rows, grid.cols)
        across = _lengths(raster.rect[0::2], raster.cols, grid.rect[0::2], grid.cols)
        down = _lengths(raster.rect[1::2], raster.rows, grid.rect[1::2], grid.rows)
        total += down @ part.astype(np.float64) @ across.T
        seen += down.sum(axis=1)[:, None] * across.sum(axis=1)
    values: Numbers = np.divide(total, seen, out=np.zeros_like(total), where=seen > _ROUNDING)
    return Resampled(values, np.minimum(seen, 1))


def seen_by_both(first: Resampled, second: Resampled) -> NDArray[np.bool_]:
    """Cells of which either model saw at least half, bool [rows, cols]."""
    seen: NDArray[np.bool_] = np.minimum(first.seen, second.seen) >= SEEN_FROM - _ROUNDING
    return seen


def _bounds(grids: Sequence[Grid]) -> Rect:
    edges = np.array([grid.rect for grid in grids], np.float64)
    (left, top), (right, bottom) = edges[:, :2].min(axis=0), edges[:, 2:].max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def _whole(cells: float) -> int:
    """The nearest number from 1 on, halves up as in the browser."""
    return max(1, int(np.floor(cells + 0.5)))


def _lengths(fine: Sequence[float], count: int, coarse: Sequence[float], cells: int) -> Numbers:
    """Of `count` equal parts of a line, the shares in each of `cells` others, [count, cells]."""
    own = np.linspace(fine[0], fine[1], count + 1)
    other = np.linspace(coarse[0], coarse[1], cells + 1)
    ends = np.minimum(own[1:, None], other[None, 1:])
    starts = np.maximum(own[:-1, None], other[None, :-1])
    lengths: Numbers = np.maximum(ends - starts, 0) / (own[1] - own[0])
    return lengths
