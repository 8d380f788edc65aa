"""HunYuan-VL and HunyuanOCR: the whole picture, patches merged 2 × 2, separators around rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..explanation.geometry import Grid
from .family import Family
from .medium import Medium
from .qwen2_vl import grid_thw


class HunYuanVL(Family):
    """`image_grid_thw` counts patches before merging; a grid covers the whole picture."""

    name = "hunyuan_vl"
    model_types: tuple[str, ...] = ("hunyuan_vl",)
    batches = False  # transformers would number pictures across prompts

    def image_grids(
        self, inputs: Mapping[str, Any], number: int, medium: Medium, config: Any, processor: Any
    ) -> Sequence[Grid]:
        """One grid over the whole picture."""
        _, rows, cols = grid_thw(inputs, "image_grid_thw", number, processor)
        merge = config.vision_config.spatial_merge_size
        return [Grid(rows // merge, cols // merge, medium.rect, medium.first)]

    def cells(self, grids: Sequence[Grid], config: Any) -> NDArray[np.bool_]:
        """All except the picture's begin and end tokens and the newline token after each row."""
        cells: list[bool] = []
        for grid in grids:
            cells += [False, *([True] * grid.cols + [False]) * grid.rows, False]
        return np.array(cells)
