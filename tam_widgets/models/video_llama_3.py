"""VideoLLaMA 3: the whole picture in its own shape; of a video, what changes in each frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ProcessorError
from ..explanation.geometry import Grid
from .family import Family
from .images_only import load_processor
from .medium import Medium
from .tiles import frame_grids


class VideoLlama3(Family):
    """One grid a picture or frame; the processor says how many patches a side are merged.

    It leaves out what a frame shows just as the frame before did. Such a cell has the token of
    the frame before: the model has no other for what is there.
    """

    name = "video_llama_3"
    model_types = ("video_llama_3",)

    def image_grids(
        self, inputs: Mapping[str, Any], number: int, medium: Medium, config: Any, processor: Any
    ) -> Sequence[Grid]:
        """One grid, over all of the picture."""
        _, rows, cols = _shape(inputs, "image", number, processor)
        return [Grid(rows, cols, medium.rect, medium.first)]

    def video_grids(
        self, inputs: Mapping[str, Any], number: int, medium: Medium, config: Any, processor: Any
    ) -> Sequence[Grid]:
        """One grid a frame."""
        frames, rows, cols = _shape(inputs, "video", number, processor)
        if frames != len(medium.pictures):
            raise ProcessorError(
                f"{type(processor).__name__} made {frames} frames of {medium}: VideoLLaMA 3 takes "
                "each for itself; set temporal_patch_size=1 as the model was published with"
            )
        return frame_grids(medium, (rows, cols))

    def visual_positions(
        self, inputs: Mapping[str, Any], grids: Sequence[Grid], config: Any
    ) -> NDArray[np.int64]:
        """Of each cell; of one that was left out that of the same cell in the frame before."""
        sizes = [grid.size for grid in grids]
        kept = np.ones(sum(sizes), bool)
        if "video_compression_mask" in inputs:
            filmed = np.repeat([grid.time is not None for grid in grids], sizes)
            kept[filmed] = inputs["video_compression_mask"].cpu().numpy()
        positions = np.full(len(kept), -1)
        positions[kept] = self.placeholder_positions(inputs, config, int(kept.sum()))
        size = np.repeat(sizes, sizes)
        for cell in np.flatnonzero(~kept):
            positions[cell] = positions[cell - size[cell]]
        return positions

    def load_processor(self, name: str, **options: Any) -> Any:
        """The saved processor; without torchvision an equal one that takes no video."""
        return load_processor("VideoLlama3Processor", name, **options)


def _shape(
    inputs: Mapping[str, Any], medium: str, number: int, processor: Any
) -> tuple[int, int, int]:
    """Frames, rows and columns of visual tokens, before any is left out."""
    names = f"{medium}_grid_thw", f"{medium}_merge_sizes"
    missing = [name for name in names if name not in inputs]
    if missing:
        raise ProcessorError(
            f"{type(processor).__name__} returned no {missing[0]}: use the processor that was "
            "saved with this VideoLLaMA 3 model"
        )
    frames, rows, cols = inputs[names[0]][number].tolist()
    merge = int(inputs[names[1]][number])
    return frames, rows // merge, cols // merge
