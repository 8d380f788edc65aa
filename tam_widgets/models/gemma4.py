"""Gemma 4: the picture in its own proportions, resized to whole cells of pooled patches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch

from ..errors import ProcessorError
from ..explanation.geometry import Grid
from .family import Family, soft_capped
from .medium import Medium
from .tiles import Shape


class Gemma4(Family):
    """A grid covers the whole picture or frame; the processor gives each patch's position."""

    name = "gemma4"
    model_types: tuple[str, ...] = ("gemma4",)

    def image_grids(
        self, inputs: Mapping[str, Any], number: int, medium: Medium, config: Any, processor: Any
    ) -> Sequence[Grid]:
        """One grid over the whole picture."""
        rows, cols = self.shape(_positions(inputs, "image_position_ids")[number], config)
        return [Grid(rows, cols, medium.rect, medium.first)]

    def video_grids(
        self, inputs: Mapping[str, Any], number: int, medium: Medium, config: Any, processor: Any
    ) -> Sequence[Grid]:
        """One grid for each frame."""
        return [
            Grid(
                *self.shape(frame, config),
                medium.rect,
                medium.first + index,
                medium.time(index, index + 1),
            )
            for index, frame in enumerate(_frames(inputs, number))
        ]

    def shape(self, positions: torch.Tensor, config: Any) -> Shape:
        """Rows and columns of visual tokens, from the positions of patches before pooling."""
        rows, cols = _ends(positions)
        pool = config.vision_config.pooling_kernel_size
        return rows // pool, cols // pool

    def logits(self, products: torch.Tensor, config: Any) -> torch.Tensor:
        """Capped like the model's own."""
        return soft_capped(products, config)


class Gemma4Unified(Gemma4):
    """Like Gemma 4, without a vision tower: the processor itself pools patches."""

    name = "gemma4_unified"
    model_types: tuple[str, ...] = ("gemma4_unified",)

    def shape(self, positions: torch.Tensor, config: Any) -> Shape:
        """Rows and columns of visual tokens, from their positions."""
        return _ends(positions)


def _positions(inputs: Mapping[str, Any], name: str) -> torch.Tensor:
    if name not in inputs:
        raise ProcessorError(f"the processor returned no {name}: use the one saved with the model")
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


def _ends(positions: torch.Tensor) -> Shape:
    """Numbers of rows and columns, from positions (column, row), [n, 2]; padding has −1."""
    cols, rows = (int(last) + 1 for last in positions.max(dim=0).values)
    return rows, cols
