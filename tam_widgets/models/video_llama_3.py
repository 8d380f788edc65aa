"""VideoLLaMA 3: the whole picture in its own proportions; of a video, what changes."""

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
    """One grid for each picture or frame; the processor says how many patches are merged.

    It drops cells of a frame that look like those of the previous frame. Such a cell has the token
    of the previous frame, as the model has no other for it.
    """

    name = "video_llama_3"
    model_types: tuple[str, ...] = ("video_llama_3",)

    def image_grids(
        self, inputs: Mapping[str, Any], number: int, medium: Medium, config: Any, processor: Any
    ) -> Sequence[Grid]:
        """One grid over the whole picture."""
        _, rows, cols = _shape(inputs, "image", number, processor)
        return [Grid(rows, cols, medium.rect, medium.first)]

    def video_grids(
        self, inputs: Mapping[str, Any], number: int, medium: Medium, config: Any, processor: Any
    ) -> Sequence[Grid]:
        """One grid for each frame."""
        frames, rows, cols = _shape(inputs, "video", number, processor)
        if frames != len(medium.pictures):
            raise ProcessorError(
                f"{type(processor).__name__} made {frames} frames of {medium}: VideoLLaMA 3 takes "
                "each separately; set temporal_patch_size=1, as in the published model"
            )
        return frame_grids(medium, (rows, cols))

    def visual_positions(
        self, inputs: Mapping[str, Any], grids: Sequence[Grid], config: Any
    ) -> NDArray[np.int64]:
        """Positions of all cells; a dropped cell has that of the same cell in the frame before."""
        sizes = [grid.size for grid in grids]
        kept = np.ones(sum(sizes), bool)
        if "video_compression_mask" in inputs:
            in_video = np.repeat([grid.time is not None for grid in grids], sizes)
            kept[in_video] = inputs["video_compression_mask"].cpu().numpy()
        positions = np.full(len(kept), -1)
        positions[kept] = self.placeholder_positions(inputs, config, int(kept.sum()))
        size = np.repeat(sizes, sizes)
        for cell in np.flatnonzero(~kept):
            positions[cell] = positions[cell - size[cell]]
        return positions

    def load_processor(self, name: str, **options: Any) -> Any:
        """The saved processor; without torchvision an equivalent one that takes no videos."""
        return load_processor("VideoLlama3Processor", name, **options)


def _shape(
    inputs: Mapping[str, Any], medium: str, number: int, processor: Any
) -> tuple[int, int, int]:
    """Frames, rows and columns of visual tokens, before any is dropped."""
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
