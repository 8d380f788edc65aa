"""Joins the tiles of a picture to one grid, if they fill a rectangle on a common raster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..contract import CONTRACT
from .geometry import Grid, Rect, in_view

TOLERANCE = CONTRACT.raster_tolerance
"""Share of a cell by which a tile may miss the others' raster: rectangles are rounded."""

Place = tuple[slice, slice]
"""Rows and columns."""


@dataclass(frozen=True, eq=False)
class Mosaic:
    """One grid made of the tiles of a picture, without its thumbnail.

    Attributes:
        grid: Rows and columns of all tiles together, and what they cover.
        order: Index of the visual token of each cell, [rows, cols].
    """

    grid: Grid
    order: NDArray[np.intp]

    def planes(self, maps: NDArray[Any]) -> NDArray[Any]:
        """Maps of all visual tokens, [tokens, visual], as [tokens, rows, cols]."""
        return maps[:, self.order]


def mosaic(grids: Sequence[Grid]) -> Mosaic | None:
    """Joins the grids of one picture; None if its tiles do not fill a rectangle on a raster.

    Args:
        grids: All grids of an explanation with one picture.

    Example:
        >>> tiles = Grid(1, 2, (0, 0, 2, 1)), Grid(1, 2, (2, 0, 4, 1))
        >>> joined = mosaic(tiles)
        >>> joined.grid.cols, joined.grid.rect, joined.order.tolist()
        (4, (0.0, 0.0, 4.0, 1.0), [[0, 1, 2, 3]])
    """
    starts = np.cumsum([0, *(grid.size for grid in grids)])
    chosen = in_view(grids)
    tiles = [grids[i] for i in chosen]
    orders = [
        np.arange(starts[i], starts[i + 1]).reshape(grids[i].rows, grids[i].cols) for i in chosen
    ]
    if len(tiles) == 1:
        return Mosaic(tiles[0], orders[0])
    found = places([tile.rect for tile in tiles], [order.shape for order in orders])
    if found is None:
        return None
    rect, (rows, cols), where = found
    joined = np.empty((rows, cols), np.intp)
    for place, order in zip(where, orders, strict=True):
        joined[place] = order
    return Mosaic(Grid(rows, cols, rect, tiles[0].image), joined)


def places(
    rects: Sequence[Rect], shapes: Sequence[tuple[int, ...]]
) -> tuple[Rect, tuple[int, int], list[Place]] | None:
    """Where tiles are on a common raster; None if they do not fill a rectangle on one.

    Args:
        rects: The rectangle that each covers.
        shapes: Rows and columns of each.

    Returns:
        The rectangle that they cover together, its rows and columns, and the place of each tile.
    """
    edges = np.array(rects)
    low, high = edges[:, :2].min(0), edges[:, 2:].max(0)
    cell = (edges[0, 2:] - edges[0, :2]) / shapes[0][::-1]
    corners = (edges.reshape(-1, 2, 2) - low) / cell
    placed = np.rint(corners).astype(int)
    sizes = placed[:, 1] - placed[:, 0]
    if np.abs(corners - placed).max() > TOLERANCE or (sizes[:, ::-1] != shapes).any():
        return None
    cols, rows = (int(count) for count in placed[:, 1].max(0))
    if rows * cols != sizes.prod(axis=1).sum():
        return None
    where = [(slice(up, down), slice(near, far)) for (near, up), (far, down) in placed.tolist()]
    covered = np.zeros((rows, cols), bool)
    for place in where:
        covered[place] = True
    rect = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    return (rect, (rows, cols), where) if covered.all() else None
