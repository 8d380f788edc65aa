"""Gemma 3: the picture squeezed to a square of pooled patches; crops of it if asked for."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ..explanation.geometry import Grid, Rect
from .family import Family
from .medium import Medium

# What Gemma3Processor itself passes on where pan and scan is switched on.
_CROPPING = {
    "pan_and_scan_min_crop_size": 256,
    "pan_and_scan_max_num_crops": 4,
    "pan_and_scan_min_ratio_to_activate": 1.2,
}


class Gemma3(Family):
    """One grid a picture; with `image_processor.do_pan_and_scan` one more for each crop."""

    name = "gemma3"
    model_types = ("gemma3",)

    def image_grids(
        self, inputs: Mapping[str, Any], number: int, medium: Medium, config: Any, processor: Any
    ) -> Sequence[Grid]:
        """The whole picture, a thumbnail where crops follow."""
        side = math.isqrt(config.mm_tokens_per_image)
        crops = _crops(medium.size, **_cropping(processor)) if _pans(processor) else []
        whole = Grid(side, side, medium.rect, medium.first, thumbnail=bool(crops))
        return [whole, *(Grid(side, side, crop, medium.first) for crop in crops)]

    def process(
        self, processor: Any, text: str, media: Sequence[Medium], **options: Any
    ) -> Mapping[str, Any]:
        """As for any family; the processor would switch pan and scan off."""
        if _pans(processor):
            options |= {"do_pan_and_scan": True, **_cropping(processor)}
        return super().process(processor, text, media, **options)

    def image_token(self, processor: Any) -> str:
        """The soft token; the processor itself calls the placeholder its image token."""
        return str(processor.tokenizer.image_token)

    def placeholders(self, processor: Any) -> tuple[str, ...]:
        """The mark of an image's beginning, which the processor widens."""
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
    """Stretches of a long picture side by side, none where it is not long enough."""
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
