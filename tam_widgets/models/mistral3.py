"""Mistral 3: Pixtral's picture in its own proportions, with a break token after each row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import ProcessorError
from ..explanation.geometry import Grid
from .family import Family
from .medium import Medium


class Mistral3(Family):
    """One grid of merged patches; break tokens have their own id and are not image tokens."""

    name = "mistral3"
    model_types: tuple[str, ...] = ("mistral3",)

    def image_grids(
        self, inputs: Mapping[str, Any], number: int, medium: Medium, config: Any, processor: Any
    ) -> Sequence[Grid]:
        """One grid over the whole picture."""
        return [pixtral_grid(inputs, number, medium, config, config.spatial_merge_size)]


def pixtral_grid(
    inputs: Mapping[str, Any], number: int, medium: Medium, config: Any, merge: int = 1
) -> Grid:
    """The grid of a picture for Pixtral's tower: resized to whole cells, then padded.

    Args:
        inputs: With `image_sizes`, height and width before the padding of smaller pictures.
        number: Index of the picture among the prompt's pictures.
        medium: The picture.
        config: With the tower's patch size.
        merge: Side in patches of one visual token.
    """
    if "image_sizes" not in inputs:
        raise ProcessorError(
            "the processor returned no image_sizes: use the processor that was saved with the model"
        )
    height, width = (int(side) for side in inputs["image_sizes"][number])
    side = config.vision_config.patch_size * merge
    return Grid(height // side, width // side, medium.rect, medium.first)
