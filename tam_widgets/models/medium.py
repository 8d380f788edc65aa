"""A picture or a video as the model gets it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

FRAMES_PER_SECOND = 2.0
"""Assumed for frames without a rate, as in Qwen's processors."""


@dataclass(frozen=True)
class Medium:
    """One picture or video of a prompt.

    Attributes:
        pictures: The upright picture, or the video's frames, all of one size.
        first: Index in the record of the picture or of the first frame.
        times: Time of each frame in seconds; empty for a picture.
        fps: Frame rate of the video from which the frames were taken.
        indices: Number of each frame in that video.
        total: Number of frames of that video.
    """

    pictures: tuple[Image.Image, ...]
    first: int = 0
    times: tuple[float, ...] = ()
    fps: float = FRAMES_PER_SECOND
    indices: tuple[int, ...] = ()
    total: int = 0

    def __str__(self) -> str:
        size, count = f"{self.size[0]} x {self.size[1]} pixels", len(self.pictures)
        frames = f"{count} frame{'s' if count > 1 else ''}"
        return f"a video of {frames}, {size}" if self.is_video else f"a picture of {size}"

    @property
    def is_video(self) -> bool:
        """Whether it is a video, even one of a single frame."""
        return bool(self.times)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.pictures[0].size

    @property
    def rect(self) -> tuple[float, float, float, float]:
        """The whole area: left, top, right, bottom in pixels."""
        return (0.0, 0.0, float(self.size[0]), float(self.size[1]))

    def time(self, start: int, stop: int) -> tuple[float, float]:
        """Start and end in seconds of the frames `start` to `stop - 1`."""
        ends = [*self.times[1:], self.times[-1] + self._step]
        return self.times[start], ends[min(stop, len(ends)) - 1]

    @property
    def _step(self) -> float:
        steps = np.diff(self.times)
        return float(np.median(steps)) if len(steps) else 1 / self.fps
