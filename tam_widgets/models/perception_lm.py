"""Perception LM: the picture squeezed to a square tile, then to tiles that fill a canvas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch

from ..explanation.geometry import Grid
from .family import Family
from .llava import visible_rect
from .medium import Medium
from .tiles import Shape, frame_grids


class PerceptionLM(Family):
    """The whole picture as a thumbnail, then its tiles row by row, at least one."""

    name = "perception_lm"
    model_types: tuple[str, ...] = ("perception_lm",)

    def image_grids(
        self, inputs: Mapping[str, Any], number: int, medium: Medium, config: Any, processor: Any
    ) -> Sequence[Grid]:
        """The whole picture, and one grid for each tile if the processor makes tiles."""
        side = _side(inputs["pixel_values"], processor)
        images = processor.image_processor
        if images.vision_input_type != "thumb+tile":
            return [Grid(side, side, medium.rect, medium.first)]
        canvas = Grid(*_tiles(medium.size, images), medium.rect)
        tiles = [Grid(side, side, canvas.cell(i), medium.first) for i in range(canvas.size)]
        return [Grid(side, side, medium.rect, medium.first, thumbnail=True), *tiles]

    def video_grids(
        self, inputs: Mapping[str, Any], number: int, medium: Medium, config: Any, processor: Any
    ) -> Sequence[Grid]:
        """One grid for each frame."""
        side = _side(inputs["pixel_values_videos"], processor)
        return frame_grids(
            medium, (side, side), visible_rect(medium.size, processor.video_processor)
        )

    def process(
        self, processor: Any, text: str, media: Sequence[Medium], **options: Any
    ) -> Mapping[str, Any]:
        """Puts the tiles of all pictures together, and the frames of all videos.

        The processor itself cannot stack pictures with different numbers of tiles, and older ones
        cannot group them; the model needs no boundaries between them.
        """
        options |= {"return_tensors": None, "disable_grouping": True}
        made = super().process(processor, text, media, **options)
        return {
            name: torch.cat([torch.as_tensor(one) for one in value])[None]
            if name.startswith("pixel_values")
            else torch.as_tensor(value)
            for name, value in made.items()
        }


def _side(pixels: torch.Tensor, processor: Any) -> int:
    """Rows and columns of a tile's visual tokens, which are equal."""
    return int(pixels.shape[-1] // processor.patch_size // processor.pooling_ratio)


def _tiles(size: tuple[int, int], images: Any) -> Shape:
    """Rows and columns of tiles, as the image processor itself chooses them."""
    if images.max_num_tiles == 1:
        return 1, 1
    asked = {"img_width": size[0], "img_height": size[1], "tile_size": images.tile_size}
    cols, rows = images._fit_image_to_canvas(**asked) or images._find_closest_aspect_ratio(**asked)
    return rows, cols
