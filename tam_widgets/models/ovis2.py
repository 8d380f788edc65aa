"""Ovis2: the whole picture, then as few tiles as keep enough of its detail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .medium import Medium
from .tiles import Shape, Tiled, canvases

_ENOUGH = 0.9
"""Least share of a picture's area that tiles must keep."""


class Ovis2(Tiled):
    """Each visual token is a mixture of entries of a visual vocabulary."""

    name = "ovis2"
    model_types: tuple[str, ...] = ("ovis2",)
    thumbnail_first = True

    def tiles(self, inputs: Mapping[str, Any], medium: Medium, processor: Any) -> Shape:
        """The smallest arrangement that keeps nine tenths of the picture's area."""
        images = processor.image_processor
        if not images.crop_to_patches or images.max_patches == 1:
            return 1, 1
        if images.use_covering_area_grid:
            tile = inputs["pixel_values"].shape[-2]
            return covering_canvas(medium.size, tile, images.max_patches)
        return super().tiles(inputs, medium, processor)

    def merge(self, config: Any) -> int:
        """Side in patches of the squares that the tower's last layer merges."""
        return int(config.vision_config.hidden_stride)

    def image_token(self, processor: Any) -> str | None:
        """The token of a cell, not that of a whole picture in the template."""
        return "<IMG_ATOM>"


def covering_canvas(size: tuple[int, int], tile: int, most: int) -> Shape:
    """Rows and columns of the fewest tiles that keep enough of a picture's area.

    Like the processor, it measures the transpose of an arrangement.

    Args:
        size: Width and height of the picture.
        tile: Side of a tile in pixels.
        most: Most tiles that are allowed.
    """
    kept = [(_kept(size, (cols, rows), tile), (rows, cols)) for rows, cols in canvases(1, most)]
    enough = [one for one in kept if one[0] > _ENOUGH]
    if enough:
        return min(enough, key=lambda one: (one[1][0] * one[1][1], -one[0]))[1]
    return min(kept, key=lambda one: (-one[0], one[1][0] * one[1][1]))[1]


def _kept(size: tuple[int, int], tiles: Shape, side: int) -> float:
    """Share of a picture's area that is kept when each part is scaled down to a tile."""
    areas = [
        _shrunk(right - left, bottom - top, side)
        for top, bottom in _cuts(size[1], tiles[0])
        for left, right in _cuts(size[0], tiles[1])
    ]
    return sum(areas) / (size[0] * size[1])


def _cuts(length: int, parts: int) -> list[tuple[int, int]]:
    step = length // parts
    return [(i * step, length if i == parts - 1 else (i + 1) * step) for i in range(parts)]


def _shrunk(width: int, height: int, side: int) -> float:
    long, short = max(width, height), min(width, height)
    return long * short if long <= side else side * (short / long * side)
