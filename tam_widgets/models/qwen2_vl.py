"""Qwen2-VL and Qwen2.5-VL: the whole picture, resized to full patches, merged 2 × 2."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import ProcessorError
from ..geometry import Grid
from .family import Family, Size


class Qwen2VL(Family):
    """`image_grid_thw` counts patches before merging; the grid covers the whole picture."""

    name = "qwen2_vl"
    model_types = ("qwen2_vl", "qwen2_5_vl")

    def grids(
        self, inputs: Mapping[str, Any], sizes: Sequence[Size], config: Any, processor: Any
    ) -> tuple[Grid, ...]:
        """One grid a picture, over all of it."""
        if "image_grid_thw" not in inputs:
            raise ProcessorError(
                f"{type(processor).__name__} returned no image_grid_thw: use the processor "
                "that was "
                "saved with this Qwen2-VL model"
            )
        merge = config.vision_config.spatial_merge_size
        return tuple(
            Grid(rows // merge, cols // merge, (0.0, 0.0, float(width), float(height)), image)
            for image, ((_, rows, cols), (width, height)) in enumerate(
                zip(inputs["image_grid_thw"].tolist(), sizes, strict=True)
            )
        )

    def load_processor(self, name: str, **options: Any) -> Any:
        """The saved processor; without torchvision an equal one that takes no video."""
        from transformers.utils import is_torchvision_available

        if is_torchvision_available():
            return super().load_processor(name, **options)
        return images_only().from_pretrained(name, **options)


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
