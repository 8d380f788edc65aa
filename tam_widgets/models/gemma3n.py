"""Gemma 3n: the picture squeezed to a square, seen by a convolutional tower."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import torch

from ..errors import UnsupportedModelError
from ..explanation.geometry import Grid
from .family import Family, soft_capped
from .llava import visible_rect
from .medium import Medium


class Gemma3n(Family):
    """One square grid for each picture; audio is ignored."""

    name = "gemma3n"
    model_types: tuple[str, ...] = ("gemma3n",)

    def image_grids(
        self, inputs: Mapping[str, Any], number: int, medium: Medium, config: Any, processor: Any
    ) -> Sequence[Grid]:
        """One grid over the part of the picture that the image processor keeps."""
        side = math.isqrt(config.vision_soft_tokens_per_image)
        rect = visible_rect(medium.size, processor.image_processor)
        return [Grid(side, side, rect, medium.first)]

    def decoder_layers(self, model: Any) -> Sequence[torch.nn.Module]:
        """Refused: each layer puts out several streams, of which the decoder makes one state."""
        raise UnsupportedModelError(
            f"{type(model).__name__}: its decoder layers put out several streams (AltUp), which "
            "are merged only after the last one, which alone can be explained: leave out layers=… "
            "and methods that read other layers, such as 'dex-ar'"
        )

    def logits(self, products: torch.Tensor, config: Any) -> torch.Tensor:
        """Capped like the model's own."""
        return soft_capped(products, config)
