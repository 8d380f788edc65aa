"""Qwen2-VL and Qwen2.5-VL: the whole picture, resized to whole patches, merged 2 × 2."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import ProcessorError
from ..explanation.geometry import Grid
from .family import Family
from .medium import Medium


class Qwen2VL(Family):
    """`*_grid_thw` counts patches before merging; a grid covers the whole picture.

    In a video a grid covers `temporal_patch_size` frames. If the last group is incomplete, the
    processor repeats the last frame; the grid does not.
    """

    name = "qwen2_vl"
    model_types: tuple[str, ...] = ("qwen2_vl", "qwen2_5_vl")

    def image_grids(
        self, inputs: Mapping[str, Any], number: int, medium: Medium, config: Any, processor: Any
    ) -> Sequence[Grid]:
        """One grid over the whole picture."""
        _, rows, cols = grid_thw(inputs, "image_grid_thw", number, processor)
        merge = config.vision_config.spatial_merge_size
        return [Grid(rows // merge, cols // merge, medium.rect, medium.first)]

    def video_grids(
        self, inputs: Mapping[str, Any], number: int, medium: Medium, config: Any, processor: Any
    ) -> Sequence[Grid]:
        """One grid for each temporal patch, over all of its frames."""
        steps, rows, cols = grid_thw(inputs, "video_grid_thw", number, processor)
        merge, patch = config.vision_config.spatial_merge_size, _temporal_patch(config)
        count = len(medium.pictures)
        return [
            Grid(
                rows // merge,
                cols // merge,
                medium.rect,
                medium.first + start,
                medium.time(start, start + patch),
                frames=min(patch, count - start),
            )
            for start in range(0, steps * patch, patch)
        ]

    def load_processor(self, name: str, **options: Any) -> Any:
        """The saved processor; without torchvision an equivalent one that takes no videos."""
        from transformers.utils import is_torchvision_available

        if is_torchvision_available():
            return super().load_processor(name, **options)
        return images_only().from_pretrained(name, **options)


def grid_thw(
    inputs: Mapping[str, Any], name: str, number: int, processor: Any
) -> tuple[int, int, int]:
    """Temporal patches, rows and columns of a picture or video, counted before merging."""
    if name not in inputs:
        raise ProcessorError(
            f"{type(processor).__name__} returned no {name}: use the processor that was saved with "
            "this model"
        )
    steps, rows, cols = inputs[name][number].tolist()
    return steps, rows, cols


def _temporal_patch(config: Any) -> int:
    return int(config.vision_config.temporal_patch_size)


def images_only() -> Any:
    """The class of Qwen2-VL processors that read pictures with Pillow and have no video part."""
    from transformers import Qwen2VLProcessor

    class Qwen2VLImagesOnlyProcessor(Qwen2VLProcessor):  # type: ignore[misc]
        @classmethod
        def get_attributes(cls) -> list[str]:
            return ["image_processor", "tokenizer"]

        @property
        def model_input_names(self) -> list[str]:
            parts = (self.tokenizer, self.image_processor)
            return [*(n for part in parts for n in part.model_input_names), "mm_token_type_ids"]

    return Qwen2VLImagesOnlyProcessor
