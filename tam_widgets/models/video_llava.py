"""Video-LLaVA: the centre square of a picture, or of each of a video's frames."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ProcessorError
from ..explanation.geometry import Grid
from .family import Family
from .llava import visible_rect
from .medium import Medium
from .tiles import frame_grids


class VideoLlava(Family):
    """A grid of vision-tower patches for each picture or frame; frames keep a class token."""

    name = "video_llava"
    model_types: tuple[str, ...] = ("video_llava",)

    def image_grids(
        self, inputs: Mapping[str, Any], number: int, medium: Medium, config: Any, processor: Any
    ) -> Sequence[Grid]:
        """One grid over the part of the picture that the image processor keeps."""
        rect = visible_rect(medium.size, processor.image_processor)
        return [Grid(*_shape(config), rect, medium.first)]

    def video_grids(
        self, inputs: Mapping[str, Any], number: int, medium: Medium, config: Any, processor: Any
    ) -> Sequence[Grid]:
        """One grid for each frame, over the part that the video processor keeps."""
        rect = visible_rect(medium.size, processor.video_processor)
        return frame_grids(medium, _shape(config), rect)

    def cells(self, grids: Sequence[Grid], config: Any) -> NDArray[np.bool_]:
        """All except class tokens: before each frame, and with the "full" strategy each picture."""
        full = config.vision_feature_select_strategy == "full"
        cells: list[bool] = []
        for grid in grids:
            cells += [False] * (full or grid.time is not None) + [True] * grid.size
        return np.array(cells)

    def process(
        self, processor: Any, text: str, media: Sequence[Medium], **options: Any
    ) -> Mapping[str, Any]:
        """The processor's output for one conversation.

        Raises:
            ProcessorError: If the installed transformers is too old.
        """
        if "kwargs" not in inspect.signature(type(processor).__call__).parameters:
            raise ProcessorError(
                f"{type(processor).__name__} of the installed transformers takes no options: "
                "install a newer one (pip install -U transformers)"
            )
        return super().process(processor, text, media, **options)


def _shape(config: Any) -> tuple[int, int]:
    side = config.vision_config.image_size // config.vision_config.patch_size
    return side, side
