"""What a still picture shows of a record: its pictures, and of each video a few frames."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from ...explanation.explanation import Explanation
from ...explanation.types import StoredImage
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
        """The largest value drawn, of either sign."""
        return max((float(np.abs(part.values).max()) for part in self.parts), default=0.0)


@dataclass(frozen=True)
class Medium:
    """A picture or a video of the prompt.

    Attributes:
        images: Indices of the picture or of the frames.
        is_video: Whether these are frames.
        name: What tells it from the others, such as "video 2"; empty where it is alone.
    """

    images: range
    is_video: bool
    name: str


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
    found: list[Still] = []
    every = media(explanation.images)
    films = sum(medium.is_video for medium in every)
    for medium in every:
        if medium.is_video:
            found += _frames(explanation, values, medium, max(FEWEST, FRAMES // films), thumbnail)
        else:
            image = medium.images[0]
            drawn = parts(explanation, values, image, thumbnail)
            found.append(Still(image, drawn, medium.name))
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


def media(images: Sequence[StoredImage]) -> list[Medium]:
    """The pictures and videos of a prompt in order, each kind with numbers of its own."""

    def key(index: int) -> tuple[str, int]:
        video = images[index].video
        return ("image", index) if video is None else ("video", video)

    groups = [(key, list(group)) for (key, _), group in groupby(range(len(images)), key)]
    numbers = Counter[str]()
    found = []
    for kind, group in groups:
        numbers[kind] += 1
        name = f"{kind} {numbers[kind]}" if len(groups) > 1 else ""
        found.append(Medium(range(group[0], group[-1] + 1), kind == "video", name))
    return found


def _frames(
    explanation: Explanation,
    values: NDArray[np.float32],
    film: Medium,
    most: int,
    thumbnail: bool,
) -> list[Still]:
    """Stills of one video: the first frame of a grid stands for all that the grid covers."""
    starts = sorted({grid.image for grid in explanation.grids} & set(film.images)) or film.images
    every = [
        Still(
            image,
            parts(explanation, values, image, thumbnail),
            ", ".join(filter(None, (film.name, _moment(explanation, film, image)))),
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


def _moment(explanation: Explanation, film: Medium, image: int) -> str:
    time = explanation.images[image].time
    return f"frame {film.images.index(image) + 1}" if time is None else f"{time:.1f} s"
