"""Gemma 3: the picture squeezed to a square of pooled patches, optionally with crops."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ..explanation.geometry import Grid, Rect
from .family import Family
from .medium import Medium

# Gemma3Processor's own defaults for pan and scan.
_CROPPING = {
    "pan_and_scan_min_crop_size": 256,
    "pan_and_scan_max_num_crops": 4,
    "pan_and_scan_min_ratio_to_activate": 1.2,
}


class Gemma3(Family):
    """One grid for each picture; with `image_processor.do_pan_and_scan` also one for each crop."""

    name = "gemma3"
    model_types: tuple[str, ...] = ("gemma3",)

    def image_grids(
        self, inputs: Mapping[str, Any], number: int, medium: Medium, config: Any, processor: Any
    ) -> Sequence[Grid]:
        """The whole picture, which is a thumbnail if crops follow."""
        side = math.isqrt(config.mm_tokens_per_image)
        crops = _crops(medium.size, **_cropping(processor)) if _pans(processor) else []
        whole = Grid(side, side, medium.rect, medium.first, thumbnail=bool(crops))
        return [whole, *(Grid(side, side, crop, medium.first) for crop in crops)]

    def process(
        self, processor: Any, text: str, media: Sequence[Medium], **options: Any
    ) -> Mapping[str, Any]:
        """As for any family, but keeps pan and scan, which the processor would switch off."""
        if _pans(processor):
            options |= {"do_pan_and_scan": True, **_cropping(processor)}
        return super().process(processor, text, media, **options)

    def image_token(self, processor: Any) -> str:
        """The soft token; what the processor calls its image token is the placeholder."""
        return str(processor.tokenizer.image_token)

    def placeholders(self, processor: Any) -> tuple[str, ...]:
        """The token that begins an image, which the processor expands."""
        return (str(processor.boi_token),)


def _pans(processor: Any) -> bool:
    return bool(getattr(processor.image_processor, "do_pan_and_scan", False))


def _cropping(processor: Any) -> dict[str, Any]:
    images = processor.image_processor
    return {name: getattr(images, name, None) or value for name, value in _CROPPING.items()}


def _crops(
    size: tuple[int, int],
    pan_and_scan_min_crop_size: int,
    pan_and_scan_max_num_crops: int,
    pan_and_scan_min_ratio_to_activate: float,
) -> list[Rect]:
    """Parts of a long picture side by side; none if it is not long enough."""
    short, long = sorted(size)
    if long / short < pan_and_scan_min_ratio_to_activate:
        return []
    wanted = min(long // pan_and_scan_min_crop_size, math.floor(long / short + 0.5))
    count = min(pan_and_scan_max_num_crops, max(2, wanted))
    step = math.ceil(long / count)
    if min(step, short) < pan_and_scan_min_crop_size:
        return []
    edges = [
        (float(start), float(min(start + step, long))) for start in range(0, count * step, step)
    ]
    if size[0] >= size[1]:
        return [(start, 0.0, stop, float(short)) for start, stop in edges]
    return [(0.0, start, float(short), stop) for start, stop in edges]
