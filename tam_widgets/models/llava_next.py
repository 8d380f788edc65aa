"""LLaVA-NeXT and similar: the whole picture, then a grid stitched from tiles without padding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ImageError
from ..explanation.geometry import Grid
from .anyres import Shape, best_canvas, covered_rect, unpadded
from .family import Family
from .llava import visible_rect
from .medium import Medium
from .tiles import frame_grids


class LlavaNext(Family):
    """The whole picture, then its tiles as one grid with a newline token after each row.

    The picture is resized into a canvas of tiles and centred; rows and columns of features
    in the padding are removed.
    """

    name = "llava_next"
    model_types: tuple[str, ...] = ("llava_next",)

    def image_grids(
        self, inputs: Mapping[str, Any], number: int, medium: Medium, config: Any, processor: Any
    ) -> Sequence[Grid]:
        """The thumbnail's grid and the stitched one."""
        tile, patch = inputs["pixel_values"].shape[-1], self.step(config)
        side = tile // patch
        whole = Grid(
            side, side, covered_rect(medium.rect, tile, patch), medium.first, thumbnail=True
        )
        canvas = best_canvas(medium.size, config.image_grid_pinpoints)
        (rows, cols), rect = unpadded(medium.size, canvas, tile, patch)
        rows, cols = self.pooled(rows, cols, side, config)
        if not rows * cols:
            raise ImageError(
                f"{medium}: so narrow that no row or column of features remains; crop or pad it"
            )
        return [whole, Grid(rows, cols, rect, medium.first)]

    def step(self, config: Any) -> int | Fraction:
        """Side in pixels of the area that one feature of a tile covers."""
        return int(config.vision_config.patch_size)

    def pooled(self, rows: int, cols: int, side: int, config: Any) -> Shape:
        """The stitched grid's rows and columns in the model's input.

        Args:
            rows: Rows of features.
            cols: Columns of features.
            side: Rows or columns of features in one tile.
            config: The model's configuration.
        """
        return rows, cols

    def cells(self, grids: Sequence[Grid], config: Any) -> NDArray[np.bool_]:
        """All except the newline tokens, one after each row of a stitched grid."""
        return np.concatenate([with_newlines(grid) for grid in grids])


class LlavaNextVideo(LlavaNext):
    """Like LLaVA-NeXT; frames of a video are pooled and have no newlines."""

    name = "llava_next_video"
    model_types: tuple[str, ...] = ("llava_next_video",)

    def video_grids(
        self, inputs: Mapping[str, Any], number: int, medium: Medium, config: Any, processor: Any
    ) -> Sequence[Grid]:
        """One grid for each frame, over the part that the video processor keeps."""
        tile, patch = inputs["pixel_values_videos"].shape[-1], config.vision_config.patch_size
        side = tile // patch // config.spatial_pool_stride
        rect = covered_rect(visible_rect(medium.size, processor.video_processor), tile, patch)
        return frame_grids(medium, (side, side), rect)


def with_newlines(grid: Grid) -> NDArray[np.bool_]:
    """A grid's tokens in order: cells, and newline tokens at the ends of rows."""
    cells = np.ones((grid.rows, grid.cols + (not grid.thumbnail and grid.time is None)), bool)
    cells[:, grid.cols :] = False
    return cells.ravel()
