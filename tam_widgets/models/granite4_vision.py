"""Granite 4 Vision: LLaVA-NeXT's tiles, pooled by windows."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import torch

from .llava_next import LlavaNext


class Granite4Vision(LlavaNext):
    """Like LLaVA-NeXT; each visual token is a query at one position in a window of patches.

    A query starts from the mean of its own patches, or from one of them, and attends to its window.
    Visual tokens enter the decoder empty; their content is added in several of its layers.
    """

    name = "granite4_vision"
    model_types: tuple[str, ...] = ("granite4_vision",)

    def step(self, config: Any) -> Fraction:
        """Side in pixels of a query's own patches; "4/8" means 4 queries for 8 patches per side."""
        return int(config.vision_config.patch_size) / Fraction(config.downsample_rate)

    def logits(self, products: torch.Tensor, config: Any) -> torch.Tensor:
        """Scaled as in all Granite models."""
        return products / float(config.text_config.logits_scaling)
