"""Idefics3 and SmolVLM: tiles of the enlarged picture, then the whole picture."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import ProcessorError
from ..explanation.geometry import Grid
from .medium import Medium
from .tiles import Shape, Tiled, frame_grids

_LONGEST = 4096
"""Longest side in pixels after resizing."""


class Idefics3(Tiled):
    """Tiles row by row, then the whole picture, each with the same number of tokens."""

    name = "idefics3"
    model_types: tuple[str, ...] = ("idefics3",)

    def tiles(self, inputs: Mapping[str, Any], medium: Medium, processor: Any) -> Shape:
        """As many tiles as the resized picture needs."""
        images = processor.image_processor
        if not images.do_image_splitting:
            return 1, 1
        size = medium.size
        if images.do_resize:
            size = resized(size, images.size["longest_edge"])
        return enlarged(size, images.max_image_size["longest_edge"])

    def merge(self, config: Any) -> int:
        """Side in patches of the squares that the connector merges."""
        return int(config.scale_factor)


class SmolVLM(Idefics3):
    """Like Idefics3; each frame of a video is one tile."""

    name = "smolvlm"
    model_types: tuple[str, ...] = ("smolvlm",)

    def grids(
        self, inputs: Mapping[str, Any], media: Sequence[Medium], config: Any, processor: Any
    ) -> tuple[Grid, ...]:
        """Grids of all pictures, or of all videos.

        Raises:
            ProcessorError: If there are both: the processor keeps the pixels of only one of them.
        """
        if len({medium.is_video for medium in media}) > 1:
            raise ProcessorError(
                "SmolVLM's processor takes pictures or videos, not both in one prompt: give some "
                "frames of the video as a list of images"
            )
        return super().grids(inputs, media, config, processor)

    def video_grids(
        self, inputs: Mapping[str, Any], number: int, medium: Medium, config: Any, processor: Any
    ) -> Sequence[Grid]:
        """One grid for each frame."""
        return frame_grids(medium, self.shape(inputs, config))


def resized(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """Width and height for a given longer side; the shorter side is made even."""
    width, height = size
    ratio = width / height
    if width >= height:
        width, height = longest, int(longest / ratio)
        height += height % 2
    else:
        width, height = int(longest * ratio), longest
        width += width % 2
    return _bounded((max(width, 1), max(height, 1)))


def _bounded(size: tuple[int, int]) -> tuple[int, int]:
    width, height = size
    if max(size) <= _LONGEST:
        return size
    ratio = width / height
    bounded = (
        (_LONGEST, int(_LONGEST / ratio)) if width >= height else (int(_LONGEST * ratio), _LONGEST)
    )
    return max(bounded[0], 1), max(bounded[1], 1)


def enlarged(size: tuple[int, int], tile: int) -> Shape:
    """Rows and columns of tiles; the longer side is enlarged to whole tiles first."""
    width, height = size
    ratio = width / height
    if width >= height:
        cols = math.ceil(width / tile)
        return math.ceil(int(cols * tile / ratio) / tile), cols
    rows = math.ceil(height / tile)
    return rows, math.ceil(int(rows * tile * ratio) / tile)
