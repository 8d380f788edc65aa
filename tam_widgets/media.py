"""Pictures and videos of a prompt, as the model gets them and as the record keeps them."""

from __future__ import annotations

import mimetypes
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from .errors import ImageError, MissingExtraError
from .images import ImageSource, load_image, store_image
from .parts import StoredImage

FRAMES_PER_SECOND = 2.0
"""Assumed of frames that come without a rate, as the Qwen processors do."""

DEFAULT_FRAMES = 16
"""Taken evenly from a file where the processor has no sampling of its own."""

FRAME_SIDE = 768
"""Longest side in pixels of a frame in the record."""

_DECODERS = {"pyav": "av", "torchcodec": "torchcodec", "opencv": "cv2", "decord": "decord"}
_EXPECTED = (
    "give a path or URL of a video file, a list of frames, or an array of shape "
    "[frames, rows, cols, 3]"
)


@dataclass(frozen=True)
class Video:
    """A video to explain, with how it is to be sampled.

    Attributes:
        source: A file's path or http(s) URL, a list of frames (each whatever an image may be),
            or an array [frames, rows, cols, 3].
        fps: Of a file, frames to take a second; of frames, how many there are a second (2
            unless given).
        frames: Number of frames to take evenly from a file instead.

    Example:
        >>> Video(np.zeros((8, 32, 32, 3), np.uint8), fps=4.0).fps
        4.0
    """

    source: Any
    fps: float | None = None
    frames: int | None = None

    def __post_init__(self) -> None:
        for name, value in (("fps", self.fps), ("frames", self.frames)):
            if value is not None and not (isinstance(value, int | float) and value > 0):
                raise ImageError(f"{name}={value!r}: give a number above 0")


@dataclass(frozen=True)
class Medium:
    """One picture or video of a prompt.

    Attributes:
        pictures: The upright picture, or the video's frames, all of one size.
        first: Index in the record of the picture or of the first frame.
        times: When each frame is shown, in seconds; empty for a picture.
        fps: Frames a second of a video.
    """

    pictures: tuple[Image.Image, ...]
    first: int = 0
    times: tuple[float, ...] = ()
    fps: float = FRAMES_PER_SECOND

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
        """The whole of it: left, top, right, bottom in pixels."""
        return (0.0, 0.0, float(self.size[0]), float(self.size[1]))

    def time(self, start: int, stop: int) -> tuple[float, float]:
        """From when to when the frames `start` to `stop - 1` are shown, in seconds."""
        ends = [*self.times[1:], self.times[-1] + self._step]
        return self.times[start], ends[min(stop, len(ends)) - 1]

    @property
    def _step(self) -> float:
        steps = np.diff(self.times)
        return float(np.median(steps)) if len(steps) else 1 / self.fps


def load_media(sources: Iterable[Any], processor: Any) -> tuple[Medium, ...]:
    """Opens pictures and videos, in the prompt's order.

    Args:
        sources: Each an image source, a `Video`, the path of a video file, or an array of four
            dimensions.
        processor: The model's processor, which samples the frames of files.

    Raises:
        ImageError: If one cannot be opened, or a video has no frames or frames of several sizes.
        MissingExtraError: If nothing installed can decode a video file.
    """
    media: list[Medium] = []
    for source in sources:
        first = sum(len(medium.pictures) for medium in media)
        media.append(replace(_load(source, processor), first=first))
    return tuple(media)


def store(media: Sequence[Medium]) -> list[StoredImage]:
    """All pictures and frames, encoded for the record."""
    stored: list[StoredImage] = []
    videos = 0
    for medium in media:
        if not medium.is_video:
            stored.append(store_image(medium.pictures[0]))
            continue
        for frame, time in zip(medium.pictures, medium.times, strict=True):
            kept = store_image(frame, side=FRAME_SIDE)
            stored.append(replace(kept, video=videos, time=time))
        videos += 1
    return stored


def media_sources(image: Any, video: Any) -> list[Any]:
    """Pictures and videos, each given as one or as several, as one list."""
    one = [] if image is None else [image]
    images = list(image) if isinstance(image, list | tuple) else one
    if video is None:
        return images
    several = isinstance(video, list | tuple) and any(isinstance(v, Video) for v in video)
    videos = list(video) if several else [video]
    return images + [v if isinstance(v, Video) else Video(v) for v in videos]


def is_video(source: Any) -> bool:
    """Whether a source is a video by its type, its number of dimensions or its file's name."""
    if isinstance(source, str | os.PathLike):
        return (mimetypes.guess_type(str(source))[0] or "").startswith("video/")
    return isinstance(source, Video) or getattr(source, "ndim", 0) == 4


def _load(source: ImageSource, processor: Any) -> Medium:
    if not is_video(source):
        return Medium((load_image(source),))
    video = source if isinstance(source, Video) else Video(source)
    if isinstance(video.source, str | os.PathLike):
        return _checked(*_read(video, processor), fps=video.fps)
    fps = video.fps or FRAMES_PER_SECOND
    frames = _frames(video.source)
    return _checked(frames, [number / fps for number in range(len(frames))], fps)


def _frames(source: Any) -> list[Image.Image]:
    if not (isinstance(source, list | tuple) or getattr(source, "ndim", 0) == 4):
        raise ImageError(f"video of type {type(source).__name__}: {_EXPECTED}")
    return [load_image(frame) for frame in source]


def _checked(frames: Sequence[Image.Image], times: Sequence[float], fps: float | None) -> Medium:
    if not frames:
        raise ImageError(f"the video has no frames: {_EXPECTED}")
    sizes = {frame.size for frame in frames}
    if len(sizes) > 1:
        listed = ", ".join(f"{width} x {height}" for width, height in sorted(sizes)[:4])
        raise ImageError(
            f"the video's frames are of {len(sizes)} sizes ({listed}): bring them to one, or give "
            "them as a list of images"
        )
    return Medium(tuple(frames), times=tuple(times), fps=fps or FRAMES_PER_SECOND)


def _read(video: Video, processor: Any) -> tuple[list[Image.Image], list[float]]:
    """Frames of a file and their times, sampled as the model's own processor does."""
    from transformers.video_utils import load_video

    path = os.fspath(video.source)
    if not path.startswith(("http://", "https://")) and not Path(path).is_file():
        raise ImageError(f"{path}: there is no such file; {_EXPECTED}")
    try:
        frames, metadata = load_video(
            path, backend=_decoder(), sample_indices_fn=_sampling(video, processor)
        )
    except (OSError, ValueError, RuntimeError, IndexError, AttributeError) as error:
        raise ImageError(f"{path}: the video cannot be read ({error}); {_EXPECTED}") from error
    indices = metadata.frames_indices
    return [load_image(np.asarray(frame)) for frame in frames], [
        float(index) / metadata.fps for index in indices
    ]


def _sampling(video: Video, processor: Any) -> Any:
    own = getattr(getattr(processor, "video_processor", None), "sample_frames", None)

    def indices(metadata: Any, **_: Any) -> Any:
        if (
            own is not None
            and video.frames is None
            and getattr(processor.video_processor, "do_sample_frames", False)
        ):
            return own(metadata, **({"fps": video.fps} if video.fps else {}))
        if video.fps is not None and video.frames is None:
            step = metadata.fps / video.fps
            return np.arange(0, metadata.total_num_frames, max(1.0, step)).astype(int)
        count = min(video.frames or DEFAULT_FRAMES, metadata.total_num_frames)
        return np.linspace(0, metadata.total_num_frames - 1, count).round().astype(int)

    return indices


def _decoder() -> str:
    from importlib.util import find_spec

    for backend, module in _DECODERS.items():
        if find_spec(module) is not None:
            return backend
    raise MissingExtraError(
        "no video decoder is installed: pip install 'tam-widgets[video]', or give the frames as "
        "a list of images"
    )
