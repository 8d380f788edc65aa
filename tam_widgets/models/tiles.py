"""Pictures that are cut into tiles of one size, and frames of a video that are not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..explanation.geometry import Grid, Rect
from .family import Family
from .medium import Medium

Shape = tuple[int, int]
"""Rows and columns."""


class Tiled(Family):
    """A picture is resized to fill whole tiles, without keeping its proportions.

    Its tiles come row by row, then a view of the whole. A picture that is not cut has only that
    view.
    """

    thumbnail_first = False

    def tiles(self, inputs: Mapping[str, Any], medium: Medium, processor: Any) -> Shape:
        """Rows and columns of tiles, (1, 1) for a picture that is not cut.

        By default the arrangement nearest to the picture's proportions.
        """
        images = processor.image_processor
        height, width = inputs["pixel_values"].shape[-2:]
        limits = images.min_patches, images.max_patches
        return closest_canvas(medium.size, (height, width), *limits)

    def merge(self, config: Any) -> int:
        """Side in patches of the square that becomes one visual token."""
        raise NotImplementedError

    def shape(self, inputs: Mapping[str, Any], config: Any) -> Shape:
        """Rows and columns of a tile's visual tokens."""
        patch = config.vision_config.patch_size
        step = (patch if isinstance(patch, int) else patch[0]) * self.merge(config)
        height, width = inputs["pixel_values"].shape[-2:]
        return height // step, width // step

    def image_grids(
        self, inputs: Mapping[str, Any], number: int, medium: Medium, config: Any, processor: Any
    ) -> Sequence[Grid]:
        """One grid for each tile, and one over the whole picture."""
        rows, cols = self.shape(inputs, config)
        cut = [
            Grid(rows, cols, rect, medium.first)
            for rect in tile_rects(medium, self.tiles(inputs, medium, processor))
        ]
        if not cut:
            return [Grid(rows, cols, medium.rect, medium.first)]
        whole = Grid(rows, cols, medium.rect, medium.first, thumbnail=True)
        return [whole, *cut] if self.thumbnail_first else [*cut, whole]


def tile_rects(medium: Medium, tiles: Shape) -> list[Rect]:
    """The rectangles of a picture's equal tiles, row by row; none if it is not cut."""
    if tiles == (1, 1):
        return []
    whole = Grid(*tiles, medium.rect)
    return [whole.cell(tile) for tile in range(whole.size)]


def frame_grids(medium: Medium, shape: Shape, rect: Rect | None = None) -> list[Grid]:
    """One grid for each frame of a video, over the whole frame or `rect`."""
    return [
        Grid(*shape, rect or medium.rect, medium.first + frame, medium.time(frame, frame + 1))
        for frame in range(len(medium.pictures))
    ]


def closest_canvas(size: tuple[int, int], tile: Shape, fewest: int, most: int) -> Shape:
    """Rows and columns of the tiles whose proportions are nearest to a picture's.

    Of several equally near ones, the largest of which the picture fills more than half.

    Args:
        size: Width and height of the picture.
        tile: Height and width of a tile in pixels.
        fewest: Fewest tiles that are allowed.
        most: Most tiles that are allowed.
    """
    width, height = size
    best, least = (1, 1), float("inf")
    for rows, cols in canvases(fewest, most):
        difference = abs(width / height - cols / rows)
        filled = width * height > 0.5 * tile[0] * tile[1] * rows * cols
        if difference < least or (difference == least and filled):
            best, least = (rows, cols), difference
    return best


def canvases(fewest: int, most: int) -> list[Shape]:
    """All arrangements of tiles as rows and columns: fewer tiles first, then fewer columns."""
    sides = range(1, most + 1)
    shapes = [(rows, cols) for cols in sides for rows in sides if fewest <= rows * cols <= most]
    return sorted(shapes, key=lambda shape: shape[0] * shape[1])
