"""Pictures cut into tiles of one size, and frames of a video that are seen whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..explanation.geometry import Grid, Rect
from .family import Family
from .medium import Medium

Shape = tuple[int, int]
"""Rows and columns."""


class Tiled(Family):
    """A picture resized to fill whole tiles, whatever becomes of its proportions.

    Its tiles come row by row, then a view of the whole. A picture that is not cut has that view
    only.
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
        """How many patches a side become one visual token."""
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
        """One grid a tile, and one over the whole picture."""
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
    """What each of equal tiles covers of a picture, row by row; nothing where it is not cut."""
    if tiles == (1, 1):
        return []
    whole = Grid(*tiles, medium.rect)
    return [whole.cell(tile) for tile in range(whole.size)]


def frame_grids(medium: Medium, shape: Shape, rect: Rect | None = None) -> list[Grid]:
    """One grid a frame of a video, over all of it or over `rect`."""
    return [
        Grid(*shape, rect or medium.rect, medium.first + frame, medium.time(frame, frame + 1))
        for frame in range(len(medium.pictures))
    ]


def closest_canvas(size: tuple[int, int], tile: Shape, fewest: int, most: int) -> Shape:
    """Rows and columns of the tiles whose proportions come nearest to a picture's.

    Of equally near ones the largest that the picture fills by half.

    Args:
        size: Width and height of the picture.
        tile: Height and width of a tile in pixels.
        fewest: Least number of tiles.
        most: Largest number of tiles.
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
