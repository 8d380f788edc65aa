"""What a still picture shows of a record: its pictures, and of each video a few frames."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from ...explanation.explanation import Explanation
from .tiling import Part, parts

FRAMES = 8
"""Frames at most, of all videos together; each has up to `FEWEST` all the same."""
FEWEST = 4

MOST = 64
"""Pictures and frames of a still picture at most; it shows the first ones."""


@dataclass(frozen=True)
class Still:
    """One picture or frame.

    Attributes:
        image: Its index.
        parts: What is drawn on it of one token's map.
        caption: What tells it from the others; empty where it is alone.
        peak: Whether the token is nowhere stronger in any frame of video.
    """

    image: int
    parts: list[Part]
    caption: str = ""
    peak: bool = False

    @property
    def strength(self) -> float:
        """The largest value drawn."""
        return max((float(part.values.max()) for part in self.parts), default=0.0)


def stills(
    explanation: Explanation, values: NDArray[np.float32], thumbnail: bool = False
) -> list[Still]:
    """All pictures, and frames of each video from beginning to end with its strongest.

    Args:
        explanation: The record.
        values: One token's map, [visual].
        thumbnail: Whether thumbnails are drawn in place of tiles.

    Returns:
        Stills in the prompt's order.
    """
    media = _media(explanation)
    films = sum(explanation.images[medium[0]].video is not None for medium in media)
    numbers = {"video": 0, "image": 0}
    found: list[Still] = []
    for medium in media:
        kind = "image" if explanation.images[medium[0]].video is None else "video"
        numbers[kind] += 1
        name = f"{kind} {numbers[kind]}" if len(media) > 1 else ""
        if kind == "image":
            found.append(Still(medium[0], parts(explanation, values, medium[0], thumbnail), name))
        else:
            found += _frames(explanation, values, medium, name, max(FEWEST, FRAMES // films))
        if len(found) >= MOST:
            break
    return _with_peak(explanation, found[:MOST])


def evenly(count: int, most: int, keep: int) -> list[int]:
    """At most `most` of the numbers below `count`, evenly spaced and `keep` among them."""
    if count <= most:
        return list(range(count))
    chosen = np.rint(np.linspace(0, count - 1, most)).astype(int)
    chosen[np.abs(chosen - keep).argmin()] = keep
    return [int(number) for number in chosen]


def _media(explanation: Explanation) -> list[list[int]]:
    """Indices of the images of each picture or video."""

    def key(index: int) -> tuple[str, int]:
        video = explanation.images[index].video
        return ("image", index) if video is None else ("video", video)

    return [list(group) for _, group in groupby(range(len(explanation.images)), key)]


def _frames(
    explanation: Explanation,
    values: NDArray[np.float32],
    frames: list[int],
    name: str,
    most: int,
) -> list[Still]:
    """Stills of one video: the first frame of a grid stands for all that the grid covers."""
    starts = sorted({grid.image for grid in explanation.grids} & set(frames)) or frames
    every = [
        Still(
            image,
            parts(explanation, values, image),
            ", ".join(filter(None, (name, _moment(explanation, frames, image)))),
        )
        for image in starts
    ]
    peak = int(np.argmax([still.strength for still in every]))
    return [every[i] for i in evenly(len(every), most, peak)]


def _with_peak(explanation: Explanation, found: list[Still]) -> list[Still]:
    """Marks the strongest frame of video."""
    films = [still for still in found if explanation.images[still.image].video is not None]
    best = max(films, key=lambda still: still.strength, default=None)
    if best is None or best.strength <= 0:
        return found
    marked = Still(best.image, best.parts, f"{best.caption}, peak", peak=True)
    return [marked if still is best else still for still in found]


def _moment(explanation: Explanation, frames: list[int], image: int) -> str:
    time = explanation.images[image].time
    return f"frame {image - frames[0] + 1}" if time is None else f"{time:.1f} s"
