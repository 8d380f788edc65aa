"""LLaVA-1.5: a square picture, by default the centre crop of the photo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ProcessorError
from ..explanation.geometry import Grid, Rect
from .family import Family
from .medium import Medium
from .mistral3 import pixtral_grid

Size = tuple[int, int]
"""Width and height in pixels."""


class Llava(Family):
    """A grid of vision-tower patches over the part of the picture that is kept."""

    name = "llava"
    model_types: tuple[str, ...] = ("llava",)

    def image_grids(
        self, inputs: Mapping[str, Any], number: int, medium: Medium, config: Any, processor: Any
    ) -> Sequence[Grid]:
        """One grid over the part of the picture that the image processor keeps."""
        if _is_pixtral(config):
            return [pixtral_grid(inputs, number, medium, config)]
        pixels = inputs.get("pixel_values")
        patch = getattr(config.vision_config, "patch_size", None)
        if pixels is None or pixels.ndim != 4 or patch is None or "image_sizes" in inputs:
            raise ProcessorError(
                f"{type(processor).__name__} did not return plain square pictures: LLaVA-1.5 "
                "models with a CLIP-like vision tower and their own processor are supported"
            )
        height, width = pixels.shape[-2:]
        rect = visible_rect(medium.size, processor.image_processor)
        return [Grid(height // patch, width // patch, rect, medium.first)]

    def cells(self, grids: Sequence[Grid], config: Any) -> NDArray[np.bool_]:
        """All, except the class token before each picture, which the "full" strategy keeps."""
        full = config.vision_feature_select_strategy == "full" and not _is_pixtral(config)
        first = [False] if full else []
        return np.array([cell for grid in grids for cell in (*first, *[True] * grid.size)], bool)


def _is_pixtral(config: Any) -> bool:
    """Whether the tower is Pixtral's, which has no class token and keeps proportions."""
    return bool(config.vision_config.model_type == "pixtral")


def visible_rect(size: Size, image_processor: Any) -> Rect:
    """The part of a picture that an image processor keeps, in the picture's pixels.

    Args:
        size: Width and height of the upright picture.
        image_processor: With transformers' standard steps: padding to a square, resizing the
            shorter side or both, cropping the centre.

    Returns:
        left, top, right, bottom; outside the picture where it is padded.
    """
    width, height = size
    left = top = 0.0
    if getattr(image_processor, "do_pad", False):
        side = max(width, height)
        left, top = -((side - width) // 2), -((side - height) // 2)
        width = height = side
    scaled_width, scaled_height = _resized((width, height), image_processor)
    crop_width, crop_height = scaled_width, scaled_height
    if getattr(image_processor, "do_center_crop", False):
        crop_width = _entry(image_processor.crop_size, "width")
        crop_height = _entry(image_processor.crop_size, "height")
    x, y = width / scaled_width, height / scaled_height
    left += (scaled_width - crop_width) // 2 * x
    top += (scaled_height - crop_height) // 2 * y
    return (left, top, left + crop_width * x, top + crop_height * y)


def _resized(size: Size, image_processor: Any) -> Size:
    if not getattr(image_processor, "do_resize", True):
        return size
    target = image_processor.size
    shortest = _entry(target, "shortest_edge")
    if shortest is None:
        return _entry(target, "width"), _entry(target, "height")
    short, long = sorted(size)
    scaled = (shortest, int(shortest * long / short))
    return scaled if size[0] <= size[1] else scaled[::-1]


def _entry(size: Any, name: str) -> Any:
    return size.get(name) if hasattr(size, "get") else getattr(size, name, None)
