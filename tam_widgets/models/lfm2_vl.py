"""LFM2-VL: a picture in its own proportions, after tiles of it if it is large."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch

from ..errors import ProcessorError
from ..explanation.geometry import Grid
from .family import Family
from .medium import Medium
from .tiles import Shape, closest_canvas, tile_rects


class Lfm2VL(Family):
    """Tiles of one size row by row, then the whole picture in its own proportions."""

    name = "lfm2_vl"
    model_types: tuple[str, ...] = ("lfm2_vl",)

    def grids(
        self, inputs: Mapping[str, Any], media: Sequence[Medium], config: Any, processor: Any
    ) -> tuple[Grid, ...]:
        """Grids of all pictures; `spatial_shapes` counts the patches of each."""
        images = processor.image_processor
        joined = config.downsample_factor
        shapes = iter([(h // joined, w // joined) for h, w in inputs["spatial_shapes"].tolist()])
        grids: list[Grid] = []
        for medium in media:
            rects = tile_rects(medium, tiles(medium.size, images))
            grids += [Grid(*next(shapes), rect, medium.first) for rect in rects]
            if images.use_thumbnail or not rects:
                whole = next(shapes)
                grids.append(Grid(*whole, medium.rect, medium.first, thumbnail=bool(rects)))
        if next(shapes, None):
            raise ProcessorError(
                f"{type(processor).__name__} made more tiles than LFM2-VL's layout has: use the "
                "processor that was saved with this model"
            )
        return tuple(grids)

    def final_norm(self, model: Any) -> torch.nn.Module:
        """The decoder's norm, which LFM2 calls `embedding_norm`."""
        norm: torch.nn.Module = model.get_decoder().embedding_norm
        return norm


def tiles(size: tuple[int, int], images: Any) -> Shape:
    """Rows and columns of tiles; (1, 1) for a picture that is small enough not to be tiled.

    Args:
        size: Width and height of the picture.
        images: The image processor.
    """
    step = images.encoder_patch_size * images.downsample_factor
    width, height = (max(images.encoder_patch_size, round(side / step) * step) for side in size)
    large = width * height > images.max_image_tokens * step**2 * images.max_pixels_tolerance
    if not large or not images.do_image_splitting or images.max_tiles == 1:
        return 1, 1
    side = images.tile_size
    return closest_canvas(size, (side, side), images.min_tiles, images.max_tiles)
