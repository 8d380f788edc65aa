"""Frames of a video file: decoded upright, and only those that are wanted."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ..errors import ImageError, MissingExtraError
from .images import download

Choose = Callable[[Any], Sequence[int]]
"""Which frames to take, from transformers' metadata of a file."""

_OTHER_DECODERS = {"torchcodec": "torchcodec", "opencv": "cv2", "decord": "decord"}


@dataclass(frozen=True)
class Clip:
    """Some frames of a video.

    Attributes:
        pictures: The frames, upright.
        times: When each is shown, in seconds from the beginning.
        indices: Number of each among all frames.
        total: How many frames there are in all.
        fps: Of all frames, how many are shown a second.
    """

    pictures: tuple[Image.Image, ...]
    times: tuple[float, ...]
    indices: tuple[int, ...]
    total: int
    fps: float


def read_clip(source: str | os.PathLike[str], choose: Choose) -> Clip:
    """Decodes a video file.

    Args:
        source: Its path, or an http(s) URL.
        choose: Which frames to take.

    Raises:
        ImageError: If there is no such file or it is no video that can be decoded.
        MissingExtraError: If nothing installed can decode videos.
    """
    path = os.fspath(source)
    remote = path.startswith(("http://", "https://"))
    if not remote and not Path(path).is_file():
        raise ImageError(f"{path}: there is no such file; give the path or URL of a video")
    file = io.BytesIO(download(path)) if remote and find_spec("av") else path
    try:
        if find_spec("av"):
            return _pyav(file, choose)
        return _through_transformers(path, choose)
    except (OSError, ValueError, RuntimeError, IndexError, AttributeError) as error:
        raise ImageError(
            f"{path[:200]}: the video cannot be read ({error}); convert it to an MP4 file, or give "
            "its frames as a list of images"
        ) from error


def _pyav(file: Any, choose: Choose) -> Clip:
    import av
    from transformers.video_utils import VideoMetadata

    with av.open(file) as container:
        stream = container.streams.video[0]
        total = stream.frames or sum(packet.size > 0 for packet in container.demux(stream))
        fps = float(stream.average_rate or stream.guessed_rate)
        metadata = VideoMetadata(total_num_frames=total, fps=fps, duration=total / fps)
        wanted = _wanted(choose(metadata))
        container.seek(0)
        start = float((stream.start_time or 0) * stream.time_base)
        frames = list(_decoded(container, stream, wanted))
    pictures = tuple(picture for picture, _ in frames)
    times = tuple(time - start for _, time in frames)
    return Clip(pictures, times, wanted[: len(frames)], total, fps)


def _decoded(
    container: Any, stream: Any, wanted: Sequence[int]
) -> Iterator[tuple[Image.Image, float]]:
    for index, frame in enumerate(container.decode(stream)):
        if index in wanted:
            turned = frame.to_image().rotate(getattr(frame, "rotation", 0), expand=True)
            yield turned, frame.time
        if index >= wanted[-1]:
            return


def _through_transformers(path: str, choose: Choose) -> Clip:
    from transformers.video_utils import load_video

    backend = next((name for name, module in _OTHER_DECODERS.items() if find_spec(module)), None)
    if backend is None:
        raise MissingExtraError(
            "no video decoder is installed: pip install 'tam-widgets[video]', or give the frames "
            "as a list of images"
        )
    chosen: list[tuple[int, ...]] = []

    def sample(metadata: Any, **_: Any) -> Any:
        chosen.append(_wanted(choose(metadata)))
        return np.array(chosen[0])

    frames, metadata = load_video(path, backend=backend, sample_indices_fn=sample)
    pictures = tuple(_picture(frame) for frame in frames)
    wanted, fps = chosen[0][: len(pictures)], float(metadata.fps)
    times = tuple(index / fps for index in wanted)
    return Clip(pictures, times, wanted, metadata.total_num_frames, fps)


def _wanted(indices: Sequence[int]) -> tuple[int, ...]:
    """Each frame once: some samplings repeat the last one."""
    wanted = tuple(int(index) for index in np.unique(np.asarray(indices)))
    if not wanted:
        raise ValueError("it has no frames")
    return wanted


def _picture(frame: Any) -> Image.Image:
    array = np.asarray(frame)
    channels_first = array.shape[0] == 3 and array.shape[2] != 3
    return Image.fromarray(np.moveaxis(array, 0, -1) if channels_first else array)
