"""What a person painted with a round brush, or boxed, as a mask."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil, floor, isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import OptionError

MOST_POINTS = 100_000
"""Most points of all strokes together."""

Point = tuple[float, float]


def painted(strokes: Any, boxes: Any, size: tuple[int, int]) -> NDArray[np.bool_]:
    """The pixels under strokes and boxes.

    Args:
        strokes: Each with `points`, a list of [x, y], and the brush's `radius`, in pixels of the
            full-size picture; not to be trusted.
        boxes: Each left, top, right, bottom, likewise.
        size: The picture's width and height.

    Returns:
        bool [height, width].

    Raises:
        OptionError: If a stroke or a box is none.
    """
    mask = np.zeros(size[::-1], bool)
    lines = [_stroke(one, size) for one in _listed("strokes", strokes)]
    if sum(len(points) for points, _ in lines) > MOST_POINTS:
        raise OptionError(f"strokes of more than {MOST_POINTS} points: paint less at once")
    for points, radius in lines:
        for start, stop in pairwise([points[0], *points]):
            _draw(mask, start, stop, radius)
    for box in _listed("boxes", boxes):
        mask[_inside(*_numbers("box", box, 4, size))] = True
    return mask


def _draw(mask: NDArray[np.bool_], start: Point, stop: Point, radius: float) -> None:
    """Sets the pixels whose centres are at most a radius away from a straight line."""
    (left, top), (right, bottom) = np.minimum(start, stop), np.maximum(start, stop)
    part = _inside(left - radius, top - radius, right + radius, bottom + radius)
    rows, cols = (np.arange(side)[own] + 0.5 for side, own in zip(mask.shape, part, strict=True))
    x, y = cols[None, :] - start[0], rows[:, None] - start[1]
    along, down = stop[0] - start[0], stop[1] - start[1]
    share = np.clip((x * along + y * down) / (along**2 + down**2 or 1.0), 0, 1)
    mask[part] |= np.hypot(x - share * along, y - share * down) <= radius


def _inside(left: float, top: float, right: float, bottom: float) -> tuple[slice, slice]:
    """Rows and columns of all pixels that a box touches."""
    edges = [max(0, edge) for edge in (floor(left), floor(top), ceil(right), ceil(bottom))]
    return slice(edges[1], edges[3]), slice(edges[0], edges[2])


def _stroke(stroke: Any, size: tuple[int, int]) -> tuple[list[Point], float]:
    if not isinstance(stroke, dict):
        raise OptionError(f"stroke {stroke!r:.80}: give its points and its radius")
    listed = _listed("points", stroke.get("points"))
    if not listed:
        raise OptionError("a stroke without points: leave it out")
    points = [_numbers("point", point, 2, size) for point in listed]
    (radius,) = _numbers("radius", [stroke.get("radius")], 1, size)
    return [(x, y) for x, y in points], max(radius, 0.5)


def _numbers(name: str, values: Any, count: int, size: tuple[int, int]) -> list[float]:
    """Finite numbers, moved near the picture where they are far outside."""
    given = values if isinstance(values, list | tuple) else []
    plain = all(isinstance(one, int | float) and isfinite(one) for one in given)
    if len(given) != count or not plain:
        raise OptionError(f"{name} {values!r:.80}: give {count} numbers, in pixels")
    far = 2 * max(size)
    return [float(min(max(one, -far), far)) for one in given]


def _listed(name: str, values: Any) -> Sequence[Any]:
    if not isinstance(values, list | tuple):
        raise OptionError(f"{name}={values!r:.80}: give a list")
    return values
