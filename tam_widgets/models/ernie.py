"""Baidu's ERNIE 4.5-VL and PaddleOCR-VL: Qwen2-VL's layout of pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..explanation.geometry import Grid
from . import images_only
from .family import Family
from .medium import Medium
from .qwen2_vl import Qwen2VL, grid_thw


class Ernie45VL(Qwen2VL):
    """Like Qwen2-VL, but `video_grid_thw` counts frames, which the model merges in pairs."""

    name = "ernie4_5_vl"
    model_types: tuple[str, ...] = ("ernie4_5_vl_moe",)

    def video_grids(
        self, inputs: Mapping[str, Any], number: int, medium: Medium, config: Any, processor: Any
    ) -> Sequence[Grid]:
        """One grid for each pair of frames; the processor completes the last pair by repetition."""
        frames, rows, cols = grid_thw(inputs, "video_grid_thw", number, processor)
        vision, count = config.vision_config, len(medium.pictures)
        merge, joined = vision.spatial_merge_size, vision.temporal_merge_size
        return [
            Grid(
                rows // merge,
                cols // merge,
                medium.rect,
                medium.first + start,
                medium.time(start, start + joined),
                frames=min(joined, count - start),
            )
            for start in range(0, frames, joined)
        ]

    def load_processor(self, name: str, **options: Any) -> Any:
        """The saved processor; without torchvision an equivalent one that takes no videos."""
        return images_only.load_processor("Ernie4_5_VLMoeProcessor", name, **options)


class PaddleOCRVL(Qwen2VL):
    """Like Qwen2-VL, without videos."""

    name = "paddleocr_vl"
    model_types: tuple[str, ...] = ("paddleocr_vl",)

    video_grids = Family.video_grids  # none: its processor takes no videos.

    def load_processor(self, name: str, **options: Any) -> Any:
        """The saved processor, which has no video part."""
        return Family.load_processor(self, name, **options)
