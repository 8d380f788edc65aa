"""Opens the pictures and videos of a prompt, for the model and for the record."""

from __future__ import annotations

import mimetypes
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from math import inf
from typing import Any

from PIL import Image

from ...errors import ImageError
from ...explanation.types import StoredImage
from ...models.medium import FRAMES_PER_SECOND, Medium
from .frame_sampling import frame_sampler
from .images import ImageSource, load_image, store_image
from .source_names import source_name
from .video_decoding import MAX_SAMPLED_FRAMES, Clip, fitted_size, read_clip

FRAME_SIDE = 768
"""Longest side in pixels of a frame in the record."""

_EXPECTED = (
    "give a path or URL of a video file, a list of frames, or an array of shape "
    "[frames, rows, cols, 3]"
)


@dataclass(frozen=True, repr=False)
class Video:
    """A video to explain, and how to sample it.

    Attributes:
        source: A file's path, an http(s) or data URL, a list of frames (each whatever an image
            may be), or an array [frames, rows, cols, 3]. Files are MP4, MOV, MKV, WebM, AVI,
            MPEG, WMV, FLV, Ogg or GIF; a download has at most 500 MB and ends after 60 seconds.
            If all frames together have more than 48 megapixels, they are scaled down.
        fps: For a file, frames to take per second; for frames, their rate (2 unless given).
        frames: Number of evenly spaced frames to take from a file instead.

    Example:
        >>> import numpy as np
        >>> Video(np.zeros((8, 32, 32, 3), np.uint8), fps=4.0).fps
        4.0
    """

    source: Any
    fps: float | None = None
    frames: int | None = None

    def __post_init__(self) -> None:
        if self.fps is not None and not (isinstance(self.fps, int | float) and 0 < self.fps < inf):
            raise ImageError(f"fps={self.fps!r}: give a number above 0")
        if self.frames is not None and not (isinstance(self.frames, int) and self.frames > 0):
            raise ImageError(f"frames={self.frames!r}: give a whole number above 0")

    def __repr__(self) -> str:
        named = isinstance(self.source, str | os.PathLike)
        source = repr(source_name(self.source)) if named else _array_or_list(self.source)
        given = {"fps": self.fps, "frames": self.frames}
        asked = [f"{name}={value}" for name, value in given.items() if value is not None]
        return f"Video({', '.join([source, *asked])})"


def load_media(sources: Iterable[Any], processor: Any) -> tuple[Medium, ...]:
    """Opens pictures and videos, in the prompt's order.

    Args:
        sources: Each an image source, a `Video`, the path of a video file, an array of four
            dimensions, or a `Medium`, which is open already.
        processor: The model's processor, which samples the frames of files.

    Raises:
        ImageError: If one cannot be opened, or a video has no frames or frames of several sizes.
        MissingExtraError: If no video decoder is installed.
    """
    media: list[Medium] = []
    for source in sources:
        first = sum(len(medium.pictures) for medium in media)
        media.append(replace(_load(source, processor), first=first))
    return tuple(media)


def store(media: Sequence[Medium]) -> list[StoredImage]:
    """Encodes all pictures and frames for the record."""
    stored: list[StoredImage] = []
    videos = 0
    for medium in media:
        if not medium.is_video:
            stored.append(store_image(medium.pictures[0]))
            continue
        for frame, time in zip(medium.pictures, medium.times, strict=True):
            stored.append(store_image(frame, FRAME_SIDE, video=videos, time=time))
        videos += 1
    return stored


def media_sources(image: Any, video: Any) -> list[Any]:
    """One list of the given pictures and videos; each argument may be one or several."""
    one = [] if image is None else [image]
    images = list(image) if isinstance(image, list | tuple) else one
    if video is None:
        return images
    several = isinstance(video, list | tuple) and any(is_video(v) for v in video)
    videos = list(video) if several else [video]
    return images + [v if isinstance(v, Video) else Video(v) for v in videos]


def is_video(source: Any) -> bool:
    """Whether a source is a video, judged by its type, dimensions or file name."""
    if isinstance(source, str | os.PathLike):
        with suppress(ValueError):  # an invalid address
            return (mimetypes.guess_type(str(source))[0] or "").startswith("video/")
    if isinstance(source, Medium):
        return source.is_video
    return isinstance(source, Video) or getattr(source, "ndim", 0) == 4


def _load(source: ImageSource, processor: Any) -> Medium:
    if isinstance(source, Medium):
        return source
    if not is_video(source):
        return Medium((load_image(source),))
    video = source if isinstance(source, Video) else Video(source)
    if isinstance(video.source, str | os.PathLike):
        return _checked(read_clip(video.source, frame_sampler(processor, video.fps, video.frames)))
    fps = video.fps or FRAMES_PER_SECOND
    frames = _frames(video.source)
    numbers = tuple(range(len(frames)))
    times = tuple(number / fps for number in numbers)
    return _checked(Clip(frames, times, numbers, len(frames), fps))


def _array_or_list(source: Any) -> str:
    shape = getattr(source, "shape", None)
    name = type(source).__name__
    if shape is not None:
        return f"<{name} of shape {tuple(shape)}>"
    return f"<{name} of {len(source)} frames>" if isinstance(source, list | tuple) else f"<{name}>"


def _frames(source: Any) -> tuple[Image.Image, ...]:
    if not (isinstance(source, list | tuple) or getattr(source, "ndim", 0) == 4):
        raise ImageError(f"video of type {type(source).__name__}: {_EXPECTED}")
    if len(source) > MAX_SAMPLED_FRAMES:
        raise ImageError(f"a video of {len(source)} frames: the limit is {MAX_SAMPLED_FRAMES}")
    return tuple(_frame(load_image(frame), len(source)) for frame in source)


def _frame(picture: Image.Image, count: int) -> Image.Image:
    size = fitted_size(picture.size, count)
    return picture if size == picture.size else picture.resize(size, Image.Resampling.BOX)


def _checked(clip: Clip) -> Medium:
    if not clip.pictures:
        raise ImageError(f"the video has no frames: {_EXPECTED}")
    sizes = {picture.size for picture in clip.pictures}
    if len(sizes) > 1:
        listed = ", ".join(f"{width} x {height}" for width, height in sorted(sizes)[:4])
        raise ImageError(
            f"the video's frames are of {len(sizes)} sizes ({listed}): bring them to one size, or "
            "give them as a list of images"
        )
    return Medium(
        clip.pictures, times=clip.times, fps=clip.fps, indices=clip.indices, total=clip.total
    )
