"""Llama 4: the picture on a canvas of tiles in its own proportions, then a view of the whole."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch

from ..explanation.geometry import Grid
from .family import Family
from .medium import Medium

Size = tuple[int, int]
"""Width and height in pixels."""


class Llama4(Family):
    """Tiles row by row, padded right and below, then the whole picture squeezed to a tile."""

    name = "llama4"
    model_types: tuple[str, ...] = ("llama4",)

    def image_grids(
        self, inputs: Mapping[str, Any], number: int, medium: Medium, config: Any, processor: Any
    ) -> Sequence[Grid]:
        """One grid for each tile, then one over the whole picture; only one if it fits a tile."""
        vision, images = config.vision_config, processor.image_processor
        side = round(vision.image_size // vision.patch_size * vision.pixel_shuffle_ratio)
        tile, larger = _side(images.size), bool(images.resize_to_max_canvas)
        rows, cols = _canvas(medium.size, tile, images.max_patches, larger)
        shown = _resized(medium.size, tile, (cols * tile, rows * tile), larger)
        x, y = medium.size[0] / shown[0] * tile, medium.size[1] / shown[1] * tile
        whole = Grid(rows, cols, (0.0, 0.0, cols * x, rows * y))
        tiles = [Grid(side, side, whole.cell(cell), medium.first) for cell in range(whole.size)]
        if len(tiles) == 1:
            return tiles
        return [*tiles, Grid(side, side, medium.rect, medium.first, thumbnail=True)]

    def final_norm(self, model: Any) -> torch.nn.Module:
        """The norm of the text model, whose class includes the head."""
        norm: torch.nn.Module = model.language_model.model.norm
        return norm

    def image_token(self, processor: Any) -> str:
        """The token of a cell; the processor's image token precedes the view of the whole."""
        return str(processor.img_patch_token)

    def placeholders(self, processor: Any) -> tuple[str, ...]:
        """The text that the template writes for a picture."""
        return (str(processor.fake_image_token),)


def _side(size: Any) -> int:
    return int(size["height"] if isinstance(size, Mapping) else size.height)


def _canvas(size: Size, tile: int, most: int, larger: bool) -> tuple[int, int]:
    """Rows and columns: the least (or most) enlarging, else the least shrinking; then fewest."""
    every = range(1, most + 1)
    shapes = [(rows, cols) for rows in every for cols in every if rows * cols <= most]
    width, height = np.float32(size[0]), np.float32(size[1])
    scales = {(rows, cols): min(rows * tile / height, cols * tile / width) for rows, cols in shapes}
    enlarging = [scale for scale in scales.values() if scale >= 1]
    best = (max if larger else min)(enlarging) if enlarging else max(scales.values())
    return min((shape for shape in shapes if scales[shape] == best), key=math.prod)


def _resized(size: Size, tile: int, canvas: Size, larger: bool) -> Size:
    """Width and height of the picture on its canvas; it is enlarged to one tile at most."""
    room = (
        canvas
        if larger
        else tuple(min(max(own, tile), limit) for own, limit in zip(size, canvas, strict=True))
    )
    across, down = room[0] / size[0], room[1] / size[1]
    if across < down:
        return room[0], max(1, min(math.floor(size[1] * across), room[1]))
    return max(1, min(math.floor(size[0] * down), room[0])), room[1]
