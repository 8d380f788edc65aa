"""GLM-4V: Qwen2-VL's layout; a video's frames are separate, with time stamps in between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import ProcessorError
from ..explanation.geometry import Grid
from .medium import Medium
from .qwen2_vl import Qwen2VL


class Glm4V(Qwen2VL):
    """Like Qwen2-VL, but the tokens of a video are image tokens too."""

    name = "glm4v"
    model_types: tuple[str, ...] = ("glm4v", "glm4v_moe", "glm46v", "glm_ocr")

    def grids(
        self, inputs: Mapping[str, Any], media: Sequence[Medium], config: Any, processor: Any
    ) -> tuple[Grid, ...]:
        """Grids of pictures or of videos, not both: they have the same tokens."""
        if len({medium.is_video for medium in media}) > 1:
            raise ProcessorError(
                "GLM-V takes pictures or videos, not both in one prompt: give the video's frames "
                "as images, or ask twice"
            )
        return super().grids(inputs, media, config, processor)

    def load_processor(self, name: str, **options: Any) -> Any:
        """The saved processor, which needs torchvision."""
        return super(Qwen2VL, self).load_processor(name, **options)
