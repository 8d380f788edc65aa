"""LLaVA-OneVision: like LLaVA-NeXT, with pooling and videos."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..explanation.geometry import Grid
from . import images_only
from .anyres import Shape, covered_rect, squared
from .llava import visible_rect
from .llava_next import LlavaNext, with_newlines
from .medium import Medium
from .tiles import frame_grids


class LlavaOnevision(LlavaNext):
    """Like LLaVA-NeXT; large stitched grids are pooled, and several pictures are not tiled.

    One newline token ends each picture that is not tiled, and each video.
    """

    name = "llava_onevision"
    model_types: tuple[str, ...] = ("llava_onevision",)

    def image_grids(
        self, inputs: Mapping[str, Any], number: int, medium: Medium, config: Any, processor: Any
    ) -> Sequence[Grid]:
        """As for LLaVA-NeXT; if there are several pictures, one grid each, padded to a square."""
        if max(np.asarray(inputs["batch_num_images"]).ravel()) == 1:
            return super().image_grids(inputs, number, medium, config, processor)
        tile, patch = inputs["pixel_values"].shape[-1], config.vision_config.patch_size
        side = tile // patch
        return [Grid(side, side, covered_rect(squared(medium.size), tile, patch), medium.first)]

    def video_grids(
        self, inputs: Mapping[str, Any], number: int, medium: Medium, config: Any, processor: Any
    ) -> Sequence[Grid]:
        """One grid for each frame, pooled to half as many rows and columns."""
        tile, patch = inputs["pixel_values_videos"].shape[-1], config.vision_config.patch_size
        side = math.ceil(tile // patch / 2)
        rect = covered_rect(visible_rect(medium.size, processor.video_processor), tile, patch)
        return frame_grids(medium, (side, side), rect)

    def pooled(self, rows: int, cols: int, side: int, config: Any) -> Shape:
        """Reduced to about as many features as `anyres_max_…` tiles have."""
        most = int(config.vision_aspect_ratio.removeprefix("anyres_max_"))
        ratio = math.sqrt(rows * cols / (most * side**2))
        return (int(rows // ratio), int(cols // ratio)) if ratio > 1.1 else (rows, cols)

    def cells(self, grids: Sequence[Grid], config: Any) -> NDArray[np.bool_]:
        """All except the newline tokens, after each row of a stitched grid or at the end."""
        stitched = [False, *(grid.thumbnail for grid in grids[:-1])]
        following = [*grids[1:], None]
        parts = [
            with_newlines(grid)
            if grid.thumbnail or after
            else np.arange(grid.size + (not _continues(grid, then))) < grid.size
            for grid, after, then in zip(grids, stitched, following, strict=True)
        ]
        return np.concatenate(parts)

    def load_processor(self, name: str, **options: Any) -> Any:
        """The saved processor; without torchvision an equivalent one that takes no videos."""
        return images_only.load_processor("LlavaOnevisionProcessor", name, **options)


def _continues(grid: Grid, following: Grid | None) -> bool:
    """Whether the next grid is the next frame of the same video."""
    return bool(following and grid.time and following.time and following.time[0] == grid.time[1])
