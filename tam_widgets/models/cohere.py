"""Aya Vision and Cohere's Command A Vision: tiles of one size, then the whole picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .medium import Medium
from .tiles import Shape, Tiled, canvases


class AyaVision(Tiled):
    """Tiles chosen by the picture's proportions."""

    name = "aya_vision"
    model_types: tuple[str, ...] = ("aya_vision",)

    def merge(self, config: Any) -> int:
        """Side in patches of the squares that the projector merges."""
        return int(config.downsample_factor)

    def image_token(self, processor: Any) -> str | None:
        """The token of a cell, not that of a whole picture in the template."""
        return str(processor.img_patch_token)


class Cohere2Vision(Tiled):
    """Tiles chosen by the picture's size, so that it is enlarged as little as possible."""

    name = "cohere2_vision"
    model_types: tuple[str, ...] = ("cohere2_vision",)

    def tiles(self, inputs: Mapping[str, Any], medium: Medium, processor: Any) -> Shape:
        """The arrangement that needs the least resizing, preferring to enlarge."""
        images = processor.image_processor
        if not images.crop_to_patches:
            return 1, 1
        return fitting_canvas(medium.size, inputs["pixel_values"].shape[-1], images.max_patches)

    def merge(self, config: Any) -> int:
        """Side in patches of the squares that the projector merges."""
        return int(config.downsample_factor)


def fitting_canvas(size: tuple[int, int], tile: int, most: int) -> Shape:
    """Rows and columns of the smallest canvas that holds a picture, or else of the largest.

    Args:
        size: Width and height of the picture.
        tile: Side of a tile in pixels.
        most: Most tiles that are allowed.
    """
    scales = [
        (min(cols * tile / size[0], rows * tile / size[1]), (rows, cols))
        for rows, cols in canvases(1, most)
    ]
    enough = [scale for scale in scales if scale[0] >= 1]
    _, best = min(enough, key=lambda one: one[0]) if enough else max(scales, key=lambda one: one[0])
    return best
