"""One small picture of a figure: what it shows, and how it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from PIL import Image

from ...explanation.explanation import Explanation
from ...explanation.types import StoredImage
from ..stills.frames import Still, media, stills
from ..stills.heatmap import Paint, photo_under_map
from ..stills.sight import Sight

MOST_PICTURES = 4
"""Of a prompt with more pictures, only that with the word's strongest value is shown."""

Ring = Sequence[float]
"""A closed line: x, y, x, y, … as shares of the picture's width and height."""


@dataclass(frozen=True, eq=False)
class View:
    """One picture or frame under a map.

    Attributes:
        image: The photo.
        still: What is drawn over it.
        paint: How.
        caption: What tells it from the cell's other pictures; empty where it is alone.
        rings: Outlines of the true mask on it.
    """

    image: StoredImage
    still: Still
    paint: Paint
    caption: str = ""
    rings: Sequence[Ring] = ()

    @property
    def aspect(self) -> float:
        """Width by height."""
        return self.image.width / self.image.height

    def drawn(self, width: int, height: int) -> Image.Image:
        """The photo under the map, RGB; it may be off this size by a pixel, to keep its aspect."""
        return photo_under_map(self.image, self.still.parts, self.paint, (width, height))


@dataclass(frozen=True, eq=False)
class Cell:
    """A word's map under one method.

    Attributes:
        title: The word; empty where the band or the column says it.
        detail: Its probability and other facts, or why there is no map.
        views: The prompt's pictures, and of each video the frame with the strongest value.
    """

    title: str
    detail: str
    views: Sequence[View]

    @property
    def is_diverging(self) -> bool:
        """Whether values run to both sides of 0."""
        return any(view.paint.diverging for view in self.views)


def views_of(
    explanation: Explanation, sight: Sight, thumbnail: bool, rings: Sequence[Ring] = ()
) -> list[View]:
    """The pictures of a cell.

    Args:
        explanation: The record.
        sight: What is shown of it.
        thumbnail: Whether thumbnails are drawn in place of tiles.
        rings: Outlines of the true mask on its first picture.
    """
    found = stills(explanation, sight.values, thumbnail)
    shown = list(chain.from_iterable(_shown(explanation, found)))
    if len(shown) > MOST_PICTURES:
        strongest = max(shown, key=lambda still: still.strength)
        shown = [strongest]
    return [
        View(
            explanation.images[still.image],
            still,
            sight.paint,
            still.caption.removesuffix(", peak"),
            rings if still.image == 0 else (),
        )
        for still in shown
    ]


def _shown(explanation: Explanation, found: Sequence[Still]) -> list[list[Still]]:
    """Of each medium its picture, or its strongest frame."""
    every = []
    for medium in media(explanation.images):
        own = [still for still in found if still.image in medium.images]
        if medium.is_video and own:
            own = [max(own, key=lambda still: still.strength)]
        every.append(own)
    return every
