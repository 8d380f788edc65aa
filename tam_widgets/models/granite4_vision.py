"""Granite 4 Vision: LLaVA-NeXT's tiles, each pooled window by window."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import torch

from .llava_next import LlavaNext


class Granite4Vision(LlavaNext):
    """As LLaVA-NeXT; a query for each place in a window of patches makes a visual token.

    A query starts from the mean of its own patches, or from one of them, and looks at its window.
    Visual tokens enter the decoder empty: what they show is added in several of its layers.
    """

    name = "granite4_vision"
    model_types = ("granite4_vision",)

    def step(self, config: Any) -> Fraction:
        """Side in pixels of a query's own patches; '"4/8"' makes 4 queries of 8 patches a side."""
        return int(config.vision_config.patch_size) / Fraction(config.downsample_rate)

    def logits(self, products: torch.Tensor, config: Any) -> torch.Tensor:
        """Scaled, as in all Granite models."""
        return products / float(config.text_config.logits_scaling)
