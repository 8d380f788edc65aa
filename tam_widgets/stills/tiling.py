"""Parts of a map that are drawn, tiles of one raster joined into one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..explanation import Explanation
from ..geometry import Rect, in_view

PLAY = 0.25
"""Share of a cell by which a tile may miss the others' raster: rectangles are rounded."""


@dataclass(frozen=True)
class Part:
    """A rectangle of an image with the values [rows, cols] of one token's map."""

    rect: Rect
    values: NDArray[np.float32]


def parts(explanation: Explanation, values: NDArray[np.float32], image: int) -> list[Part]:
    """What is drawn of a token's map on one image: tiles as one part, without their thumbnail.

    Args:
        explanation: The record.
        values: One token's map, [visual].
        image: Index of the picture or frame.
    """
    ends = np.cumsum([grid.size for grid in explanation.grids])
    found = []
    for index in in_view(explanation.grids):
        grid, end = explanation.grids[index], ends[index]
        if grid.image <= image < grid.image + grid.frames:
            part = values[end - grid.size : end].reshape(grid.rows, grid.cols)
            found.append(Part(grid.rect, part))
    joined = stitch(found) if len(found) > 1 else None
    return found if joined is None else [joined]


def stitch(tiles: Sequence[Part]) -> Part | None:
    """Tiles that fill a rectangle on one raster as one part; `None` where they don't."""
    edges = np.array([tile.rect for tile in tiles])
    rect = (*edges[:, :2].min(0), *edges[:, 2:].max(0))
    cell = (edges[0, 2:] - edges[0, :2]) / tiles[0].values.shape[::-1]
    corners = (edges.reshape(-1, 2, 2) - rect[:2]) / cell
    placed = np.rint(corners).astype(int)
    shapes = [tile.values.shape[::-1] for tile in tiles]
    if np.abs(corners - placed).max() > PLAY or (placed[:, 1] - placed[:, 0] != shapes).any():
        return None
    joined = np.full(placed[:, 1].max(0)[::-1], np.nan, np.float32)
    for tile, ((left, top), (right, bottom)) in zip(tiles, placed, strict=True):
        joined[top:bottom, left:right] = tile.values
    whole = not np.isnan(joined).any() and joined.size == sum(tile.values.size for tile in tiles)
    return Part(tuple(map(float, rect)), joined) if whole else None  # type: ignore[arg-type]


def drawn(explanation: Explanation) -> NDArray[np.intp]:
    """Indices of the visual tokens that are drawn on any image."""
    starts = np.cumsum([0, *(grid.size for grid in explanation.grids)])
    spans = [range(starts[i], starts[i + 1]) for i in in_view(explanation.grids)]
    return np.concatenate([np.array(span, np.intp) for span in spans])
