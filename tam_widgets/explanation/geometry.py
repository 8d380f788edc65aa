"""Grids: which pixels of which image each visual token covers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ..attribution.interference import Floats
from ..errors import TraceError

Rect = tuple[float, float, float, float]


@dataclass(frozen=True)
class Grid:
    """The arrangement of one image's, tile's or frame's visual tokens, row by row.

    Attributes:
        rows: Number of rows of visual tokens.
        cols: Number of columns of visual tokens.
        rect: What the grid covers: left, top, right, bottom in pixels of the upright
            full-size image. The model does not see pixels outside all grids.
        image: Index of the image, or of the first video frame that the grid covers.
        time: Start and end in seconds, for frames of a video.
        frames: Number of consecutive frames, from `image` on, that the grid covers together.
        thumbnail: Whether it is the downscaled view of a whole picture that is also seen as tiles.

    Example:
        >>> Grid(12, 16, rect=(0, 0, 224, 168)).cell(13)
        (182.0, 0.0, 196.0, 14.0)
    """

    rows: int
    cols: int
    rect: Rect
    image: int = 0
    time: tuple[float, float] | None = None
    frames: int = 1
    thumbnail: bool = False

    def __post_init__(self) -> None:
        left, top, right, bottom = self.rect
        empty = min(self.rows, self.cols, self.frames) < 1 or not (left < right and top < bottom)
        if empty or not all(map(math.isfinite, self.rect)):
            raise TraceError(
                f"a grid of {self.rows} x {self.cols} tokens over {self.rect} of {self.frames} "
                "images is empty: give at least one row, column and image and a rectangle "
                "(left, top, right, bottom) with a finite area"
            )

    @property
    def size(self) -> int:
        """Number of visual tokens."""
        return self.rows * self.cols

    def cell(self, token: int) -> Rect:
        """The pixels that token number `token` of the grid covers, counted row by row from 0."""
        row, col = divmod(token, self.cols)
        left, top, right, bottom = self.rect
        width, height = (right - left) / self.cols, (bottom - top) / self.rows
        return (
            left + col * width,
            top + row * height,
            left + (col + 1) * width,
            top + (row + 1) * height,
        )


def in_view(grids: Sequence[Grid], thumbnail: bool = False) -> list[int]:
    """Indices of the grids that are drawn: either an image's tiles or its thumbnail.

    Args:
        grids: Grids of all images.
        thumbnail: Whether thumbnails are drawn instead of tiles if an image has both.

    Example:
        >>> whole = Grid(2, 2, (0, 0, 4, 4), thumbnail=True)
        >>> in_view([Grid(2, 1, (0, 0, 2, 4)), Grid(2, 1, (2, 0, 4, 4)), whole])
        [0, 1]
    """
    kinds: dict[int, set[bool]] = {}
    for grid in grids:
        kinds.setdefault(grid.image, set()).add(grid.thumbnail)
    return [
        index
        for index, grid in enumerate(grids)
        if grid.thumbnail == thumbnail or len(kinds[grid.image]) == 1
    ]


def by_grid(values: Floats, grids: Sequence[Grid]) -> list[Floats]:
    """Splits a map of all visual tokens, [visual], into one [rows, cols] array for each grid."""
    ends = np.cumsum([grid.size for grid in grids])[:-1]
    parts = np.split(values, ends)
    return [part.reshape(grid.rows, grid.cols) for part, grid in zip(parts, grids, strict=True)]


def as_grids(shapes: Iterable[Grid | Sequence[int]]) -> tuple[Grid, ...]:
    """Turns shapes into grids.

    Args:
        shapes: Each a `Grid`, `(rows, cols)` for an image, or `(frames, rows, cols)` for a
            video, which becomes one grid per frame. A shape covers one pixel per token.

    Raises:
        TraceError: If a shape has a different length or is empty.

    Example:
        >>> [grid.image for grid in as_grids([(2, 4, 5)])]
        [0, 1]
    """
    grids: list[Grid] = []
    for shape in shapes:
        if isinstance(shape, Grid):
            grids.append(shape)
            continue
        numbers = [int(n) for n in shape]
        if len(numbers) not in (2, 3):
            raise TraceError(
                f"grid shape {tuple(numbers)}: give (rows, cols) or (frames, rows, cols)"
            )
        frames, rows, cols = numbers if len(numbers) == 3 else (1, *numbers)
        first = 1 + max((grid.image for grid in grids), default=-1)
        grids += [
            Grid(rows, cols, (0.0, 0.0, float(cols), float(rows)), image=first + frame)
            for frame in range(frames)
        ]
    return tuple(grids)
