"""Decodes selected frames of a video file, upright.

A file may come from a stranger: the decoder gets its bytes, not its name, and accepts only
`FORMATS`, because FFmpeg's playlists (HLS, DASH, SDP, concat) open other files and addresses.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from typing import Any, BinaryIO

import numpy as np
from PIL import Image

from ...errors import ImageError, MissingExtraError
from .downloading import Limits
from .source_names import excerpt, source_name
from .sources import opened

Choose = Callable[[Any], Sequence[int]]
"""Chooses the numbers of frames, given transformers' metadata of a file."""

FORMATS = (
    "mov",
    "matroska",
    "avi",
    "mpegts",
    "mpeg",
    "mpegvideo",
    "m4v",
    "flv",
    "asf",
    "ogg",
    "gif",
)
"""FFmpeg's names of the formats that are opened; they include MP4, MKV and WebM."""

MAX_FRAMES = 500_000
"""Longest video, in frames: four and a half hours at 30 frames per second."""

MAX_SAMPLED_FRAMES = 4096
"""Most frames that are taken from a video."""

MAX_FRAME_PIXELS = 7680 * 4320
"""Largest frame, in pixels."""

MAX_VIDEO_PIXELS = 48_000_000
"""Most pixels of all frames together; above it they are scaled down. Each takes four bytes."""

MAX_RATE = 1000
"""Highest frame rate."""

LIMITS = Limits("video", file=None, download=500_000_000, seconds=60)

_OTHER_DECODERS = {"torchcodec": "torchcodec", "opencv": "cv2", "decord": "decord"}
_BEGINNINGS = (
    (0, b"\x1aE\xdf\xa3"),  # Matroska
    (0, b"RIFF"),
    (0, b"OggS"),
    (0, b"FLV"),
    (0, b"GIF8"),
    (0, b"G"),  # MPEG transport stream
    (0, b"\x00\x00\x01"),  # MPEG
    (0, b"0&\xb2u\x8ef\xcf\x11"),  # ASF
    *((4, box) for box in (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide")),  # MP4
)


@dataclass(frozen=True)
class Clip:
    """Selected frames of a video.

    Attributes:
        pictures: The frames, upright.
        times: When each is shown, in seconds from the beginning.
        indices: Number of each among all frames.
        total: How many frames there are in all.
        fps: Frame rate of the whole video.
    """

    pictures: tuple[Image.Image, ...]
    times: tuple[float, ...]
    indices: tuple[int, ...]
    total: int
    fps: float


def read_clip(source: str | os.PathLike[str], choose: Choose) -> Clip:
    """Decodes a video file.

    Args:
        source: Its path, or an http(s) or data URL. A download has at most 500 MB and ends after
            60 seconds.
        choose: Which frames to take.

    Returns:
        The frames, scaled down if they would have more than `MAX_VIDEO_PIXELS` together.

    Raises:
        ImageError: If the file does not exist, cannot be decoded as a video, or is too large.
        MissingExtraError: If no video decoder is installed.
    """
    with opened(source, LIMITS) as file:
        try:
            return (_pyav if find_spec("av") else _through_transformers)(file, choose)
        except MissingExtraError:
            raise
        except Exception as error:  # FFmpeg's errors have their own base class
            reason = getattr(error, "strerror", None) or error  # without repeating the path
            raise ImageError(
                f"{source_name(source)}: the video cannot be read ({excerpt(reason)}); convert it "
                "to an MP4 file, or give its frames as a list of images"
            ) from error


def fitted_size(size: tuple[int, int], count: int) -> tuple[int, int]:
    """The size at which frames have at most `MAX_VIDEO_PIXELS` together.

    Args:
        size: Width and height of a frame in pixels.
        count: Number of frames.
    """
    width, height = size
    scale = min(1.0, (MAX_VIDEO_PIXELS / (width * height * count)) ** 0.5)
    return max(1, int(width * scale)), max(1, int(height * scale))


def _pyav(file: BinaryIO, choose: Choose) -> Clip:
    import av

    container: Any
    options = {
        "format_whitelist": ",".join(FORMATS),
        "protocol_whitelist": "none",
        "max_pixels": str(MAX_FRAME_PIXELS),
    }
    with av.open(file, options=options, metadata_errors="replace") as container:
        if not container.streams.video:
            raise ValueError("it contains no pictures, perhaps only sound")
        stream = container.streams.video[0]
        stream.codec_context.options = {"max_pixels": options["max_pixels"]}
        total = stream.frames  # the file may lie, but a frame has at least one byte
        if not 0 < total <= min(MAX_FRAMES, container.size):
            total = _counted(container, stream)
            container.seek(0)
        wanted, fps = _sampled(choose, total, stream.average_rate or stream.guessed_rate or 0)
        start = float((stream.start_time or 0) * stream.time_base)
        frames = list(_decoded(container, stream, wanted))
    times = tuple(time - start for _, time in frames)
    wanted = wanted[: len(frames)]
    if any(later <= time for time, later in pairwise(times)):
        times = tuple(index / fps for index in wanted)
    return Clip(tuple(picture for picture, _ in frames), times, wanted, total, fps)


def _counted(container: Any, stream: Any) -> int:
    total = 0
    for packet in container.demux(stream):
        total += packet.size > 0
        if total > MAX_FRAMES:
            raise ValueError(f"it has more than {MAX_FRAMES} frames")
    return total


def _sampled(choose: Choose, total: int, rate: Any) -> tuple[tuple[int, ...], float]:
    """Numbers of the frames to take, and the frame rate."""
    from transformers.video_utils import VideoMetadata

    if not 0 < total <= MAX_FRAMES:
        raise ValueError(f"it claims {total} frames; 1 to {MAX_FRAMES} are supported")
    if not 0 < rate <= MAX_RATE:
        raise ValueError(f"it claims {rate} frames per second")
    fps = float(rate)
    chosen = choose(VideoMetadata(total_num_frames=total, fps=fps, duration=total / fps))
    return _wanted(chosen), fps


def _decoded(
    container: Any, stream: Any, wanted: Sequence[int]
) -> Iterator[tuple[Image.Image, float]]:
    chosen, rate = set(wanted), float(stream.average_rate or stream.guessed_rate)
    for index, frame in enumerate(container.decode(stream)):
        if index in chosen:
            width, height = fitted_size((frame.width, frame.height), len(chosen))
            picture = frame.to_image(width=width, height=height, interpolation="AREA")
            turned = picture.rotate(getattr(frame, "rotation", 0), expand=True)
            yield turned, index / rate if frame.time is None else frame.time
        if index >= wanted[-1]:
            return


def _through_transformers(file: BinaryIO, choose: Choose) -> Clip:
    """Decodes with a library that opens the file by its name."""
    from transformers.video_utils import load_video

    backend = next((name for name, module in _OTHER_DECODERS.items() if find_spec(module)), None)
    if backend is None:
        raise MissingExtraError(
            "no video decoder is installed: pip install 'tam-widgets[video]', or give the frames "
            "as a list of images"
        )
    beginning = file.read(16)
    if not any(beginning[place:].startswith(mark) for place, mark in _BEGINNINGS):
        raise ValueError("its format is unknown")
    chosen: list[tuple[int, ...]] = []

    def sample(metadata: Any, **_: Any) -> Any:
        wanted, _fps = _sampled(choose, metadata.total_num_frames, metadata.fps)
        size = (metadata.width or 1, metadata.height or 1)
        if fitted_size(size, len(wanted)) != size:
            raise ValueError(
                f"{len(wanted)} frames of {size[0]} x {size[1]} pixels are too many for {backend}: "
                "take fewer, or pip install 'tam-widgets[video]'"
            )
        chosen.append(wanted)
        return np.array(wanted)

    frames, metadata = load_video(file.name, backend=backend, sample_indices_fn=sample)
    pictures = tuple(_picture(frame) for frame in frames)
    wanted, fps = chosen[0][: len(pictures)], float(metadata.fps)
    times = tuple(index / fps for index in wanted)
    return Clip(pictures, times, wanted, metadata.total_num_frames, fps)


def _wanted(indices: Sequence[int]) -> tuple[int, ...]:
    """Removes duplicates, because some samplers repeat the last frame."""
    wanted = tuple(int(index) for index in np.unique(np.asarray(indices)))
    if not wanted:
        raise ValueError("it has no frames")
    if len(wanted) > MAX_SAMPLED_FRAMES:
        raise ValueError(f"{len(wanted)} frames are requested; the limit is {MAX_SAMPLED_FRAMES}")
    return wanted


def _picture(frame: Any) -> Image.Image:
    array = np.asarray(frame)
    channels_first = array.shape[0] == 3 and array.shape[2] != 3
    return Image.fromarray(np.moveaxis(array, 0, -1) if channels_first else array)
