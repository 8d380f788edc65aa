"""InternVL3 and 3.5, and Qianfan-OCR: tiles of one size, chosen by the picture's proportions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..explanation.geometry import Grid
from . import images_only
from .medium import Medium
from .tiles import Tiled, frame_grids


class InternVL(Tiled):
    """Tiles row by row, then the whole picture; each frame of a video is one tile."""

    name = "internvl"
    model_types: tuple[str, ...] = ("internvl",)

    def merge(self, config: Any) -> int:
        """Side in patches of the squares that the pixel shuffle merges."""
        return int(1 / config.downsample_ratio)

    def video_grids(
        self, inputs: Mapping[str, Any], number: int, medium: Medium, config: Any, processor: Any
    ) -> Sequence[Grid]:
        """One grid for each frame."""
        return frame_grids(medium, self.shape(inputs, config))

    def load_processor(self, name: str, **options: Any) -> Any:
        """The saved processor; without torchvision an equivalent one that takes no videos."""
        return images_only.load_processor("InternVLProcessor", name, **options)


class QianfanOCR(InternVL):
    """Like InternVL, without videos; the template's token is not that of a cell."""

    name = "qianfan_ocr"
    model_types: tuple[str, ...] = ("qianfan_ocr",)

    video_grids = Tiled.video_grids  # none: its processor takes no videos

    def placeholders(self, processor: Any) -> tuple[str, ...]:
        """The text that the template writes for a picture."""
        return (str(processor.image_placeholder_token),)

    def load_processor(self, name: str, **options: Any) -> Any:
        """The saved processor, which has no video part."""
        return Tiled.load_processor(self, name, **options)
