"""Chooses the frames of a video file that a model gets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

DEFAULT_FRAMES = 16
"""Number of evenly spaced frames if neither the processor nor the user says how many."""

# Settings of a video processor that its sampling does not take.
_OTHER_SETTINGS = {"input_data_format", "do_convert_rgb", "do_sample_frames", "device"}


def frame_sampler(
    processor: Any, fps: float | None = None, frames: int | None = None
) -> Callable[[Any], Sequence[int]]:
    """Returns how to choose frames: as requested, or else as the model's processor does.

    Args:
        processor: The model's processor.
        fps: Frames to take per second.
        frames: Number of evenly spaced frames to take instead.

    Returns:
        A function from transformers' metadata of a video to the numbers of the frames.
    """

    def choose(metadata: Any) -> Sequence[int]:
        total = metadata.total_num_frames
        own = _settings(processor)
        if frames is None and own is not None:
            asked = {} if fps is None else {"fps": fps, "num_frames": None}
            indices = processor.video_processor.sample_frames(metadata, **{**own, **asked})
            return [int(index) for index in indices]
        count = frames or (DEFAULT_FRAMES if fps is None else round(total / metadata.fps * fps))
        spread = np.linspace(0, total - 1, min(max(count, 1), total)).round()
        return [int(index) for index in spread]

    return choose


def _settings(processor: Any) -> dict[str, Any] | None:
    """Settings of the processor's own sampling; None if it has none."""
    videos = getattr(processor, "video_processor", None)
    names = getattr(getattr(videos, "valid_kwargs", None), "__annotations__", {})
    settings = {name: getattr(videos, name, None) for name in names if name not in _OTHER_SETTINGS}
    own = getattr(videos, "do_sample_frames", False) or any(
        settings.get(name) for name in ("fps", "num_frames")
    )
    return settings if own else None
