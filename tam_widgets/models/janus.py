"""Janus and DeepSeek-VL: the picture shrunk to fit a square, and padded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..explanation.geometry import Grid
from .family import Family
from .medium import Medium


class Janus(Family):
    """One square grid, which extends beyond the picture where it is padded."""

    name = "janus"
    model_types: tuple[str, ...] = ("janus", "deepseek_vl")

    def image_grids(
        self, inputs: Mapping[str, Any], number: int, medium: Medium, config: Any, processor: Any
    ) -> Sequence[Grid]:
        """One grid over the picture, centred in its padding."""
        side = config.vision_config.image_size // config.vision_config.patch_size
        width, height = medium.size
        long = max(width, height)
        left, top = (width - long) / 2, (height - long) / 2
        return [Grid(side, side, (left, top, left + long, top + long), medium.first)]
