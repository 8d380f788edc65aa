"""Gemma 4: the picture in its own shape, resized to full cells of pooled patches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch

from ..errors import ProcessorError
from ..geometry import Grid
from ..inputs.media import Medium
from .family import Family, soft_capped


class Gemma4(Family):
    """The processor tells each patch's column and row; a grid covers the whole picture or frame."""

    name = "gemma4"
    model_types = ("gemma4",)

    def image_grids(
        self, inputs: Mapping[str, Any], number: int, medium: Medium, config: Any, processor: Any
    ) -> Sequence[Grid]:
        """One grid, over all of the picture."""
        rows, cols = _shape(_positions(inputs, "image_position_ids")[number], config)
        return [Grid(rows, cols, medium.rect, medium.first)]

    def video_grids(
        self, inputs: Mapping[str, Any], number: int, medium: Medium, config: Any, processor: Any
    ) -> Sequence[Grid]:
        """One grid a frame."""
        return [
            Grid(
                *_shape(frame, config),
                medium.rect,
                medium.first + index,
                medium.time(index, index + 1),
            )
            for index, frame in enumerate(_frames(inputs, number))
        ]

    def logits(self, products: torch.Tensor, config: Any) -> torch.Tensor:
        """Capped, as the model's own."""
        return soft_capped(products, config)


def _positions(inputs: Mapping[str, Any], name: str) -> torch.Tensor:
    if name not in inputs:
        raise ProcessorError(f"the processor told no {name}: use the one saved with the model")
    positions: torch.Tensor = inputs[name]
    return positions


def _frames(inputs: Mapping[str, Any], number: int) -> torch.Tensor:
    """Patch positions of one video, [frames, patches, 2]; older processors stack the videos."""
    positions = _positions(inputs, "video_position_ids")
    if positions.ndim == 4:
        return positions[number]
    counts = [int(count) for count in inputs["num_frames_per_video"]]
    start = sum(counts[:number])
    return positions[start : start + counts[number]]


def _shape(positions: torch.Tensor, config: Any) -> tuple[int, int]:
    """Rows and columns of visual tokens; padding is at position −1."""
    pool = config.vision_config.pooling_kernel_size
    cols, rows = (int(last) + 1 for last in positions.max(dim=0).values)
    return rows // pool, cols // pool
