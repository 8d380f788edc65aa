"""Checks and paints outlines of objects in the format of COCO.

pycocotools checks nothing: coordinates far outside, or run lengths that do not fill the picture,
crash the interpreter or expose uninitialised memory. So polygons reach it only if they fit, and run
lengths are painted here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAX_PIXELS = 2**26
"""Largest picture whose objects are painted: 67 megapixels."""
MAX_POINTS = 2**21
"""Most points of an object's edge as pycocotools places them, five per pixel: 400,000 pixels."""
MAX_LENGTH = 2**22
"""Longest text of run lengths, and their largest number."""

_CORNERS = 3
_PER_PIXEL = 5
_DIGIT, _MORE, _SIGN = 0x1F, 0x20, 0x10  # a character holds five bits, and whether others follow
_FIRST = 48
_CHARACTERS = 7  # of one run length: 35 bits

Mask = NDArray[np.bool_]
Integers = NDArray[np.int64]


def checked_size(height: Any, width: Any) -> tuple[int, int]:
    """Height and width of a picture in pixels.

    Raises:
        ValueError: They are not positive whole numbers, or the picture is too large.
    """
    sides = [int(n) if isinstance(n, float) and n.is_integer() else n for n in (height, width)]
    for side in sides:
        if isinstance(side, bool) or not isinstance(side, int) or side < 1:
            raise ValueError(
                f"height {height!r:.40} and width {width!r:.40} are expected to be whole numbers "
                "from 1 on"
            )
    if sides[0] * sides[1] > MAX_PIXELS:
        raise ValueError(
            f"height {height!r:.40} and width {width!r:.40} make more than "
            f"{MAX_PIXELS / 1e6:.0f} megapixels"
        )
    return sides[0], sides[1]


def painted(outline: Any, height: int, width: int) -> Mask:
    """The pixels of an object, [height, width].

    Args:
        outline: A list of polygons [x, y, x, y, …], whose corners may lie outside of the picture;
            or a mapping of ``size`` [height, width] and ``counts``, run lengths down the columns
            as numbers or as COCO's text. Polygons of two corners or fewer, which cover nothing,
            are left out if there are others.
        height: Of the picture, in pixels.
        width: Of the picture, in pixels.

    Raises:
        ValueError: The outline is invalid; the message says why.
    """
    if isinstance(outline, dict):
        return _laid_out(_run_lengths(outline, height, width), height, width)
    if not isinstance(outline, list) or not outline:
        raise ValueError(f"polygons or run lengths are expected, not {outline!r:.60}")
    polygons = [_polygon(one) for one in outline]
    filled = [one for one in polygons if len(one) >= _CORNERS]
    if not filled:
        raise ValueError(
            f"no polygon has {_CORNERS} corners; one is a list [x, y, x, y, …], not of pairs"
        )
    points = sum(_points(one) for one in filled)
    if points > MAX_POINTS:
        raise ValueError(
            f"edges of {points / _PER_PIXEL:.3g} pixels: corners are expected in or near the "
            f"picture of {height} x {width}"
        )
    from pycocotools import mask

    codes = mask.frPyObjects([one.ravel().tolist() for one in filled], height, width)
    return np.asarray(mask.decode(mask.merge(codes)), bool)


def reaches_beyond(outline: Any, height: int, width: int) -> bool:
    """Whether a valid outline has a corner more than a pixel outside of the picture.

    Args:
        outline: As for `painted`; run lengths never have.
        height: Of the picture, in pixels.
        width: Of the picture, in pixels.
    """
    if isinstance(outline, dict):
        return False
    corners = np.concatenate([_polygon(one) for one in outline])
    return bool(((corners < -1) | (corners > (width + 1, height + 1))).any())


def _polygon(corners: Any) -> NDArray[np.float64]:
    """Corners as [corners, 2]."""
    if isinstance(corners, list) and corners and all(isinstance(one, list) for one in corners):
        raise ValueError(
            f"a polygon is expected as one list [x, y, x, y, …], not as pairs: {corners!r:.60}"
        )
    if not isinstance(corners, list) or len(corners) % 2:
        raise ValueError(f"a polygon is expected as [x, y, x, y, …], not {corners!r:.60}")
    if not all(isinstance(n, int | float) and not isinstance(n, bool) for n in corners):
        raise ValueError(f"a polygon holds values that are not numbers: {corners!r:.60}")
    try:
        values = np.array(corners, np.float64)
    except OverflowError as error:
        raise ValueError("a polygon's corner is too far away") from error
    if not np.isfinite(values).all():
        raise ValueError(f"a polygon's corner is not finite: {corners!r:.60}")
    return values.reshape(-1, 2)


def _points(corners: NDArray[np.float64]) -> float:
    """Number of points that pycocotools places along a polygon's edge."""
    with np.errstate(over="ignore"):
        steps = np.abs(np.diff(corners, axis=0, append=corners[:1])).max(axis=1)
        far = max(0.0, np.abs(corners).max() - MAX_POINTS)  # no edge, yet beyond its integers
        return float(_PER_PIXEL * (steps.sum() + far) + len(corners))


def _run_lengths(outline: dict[Any, Any], height: int, width: int) -> Integers:
    size, counts = outline.get("size"), outline.get("counts")
    if size != [height, width]:
        raise ValueError(f"run lengths of size {size!r:.60} in a picture of {[height, width]}")
    if not isinstance(counts, str | list) or len(counts) > MAX_LENGTH:
        raise ValueError(f"run lengths are expected as numbers or as text, not {counts!r:.60}")
    lengths = _decoded(counts) if isinstance(counts, str) else _numbers(counts)
    if len(lengths) and (lengths.min() < 0 or lengths.max() > height * width):
        raise ValueError(f"run lengths from {lengths.min()} to {lengths.max()}")
    if lengths.sum() != height * width:
        raise ValueError(f"run lengths of {lengths.sum()} pixels in a picture of {height * width}")
    return lengths


def _numbers(counts: Sequence[Any]) -> Integers:
    if not all(type(count) is int and abs(count) <= MAX_PIXELS for count in counts):
        raise ValueError(
            f"run lengths are expected as whole numbers up to {MAX_PIXELS}, not {counts!r:.60}"
        )
    return np.array(counts, np.int64)


def _decoded(text: str) -> Integers:
    """Decodes COCO's text of run lengths; from the fourth on, each is stored less that two before.

    Each is a signed number in base 32, lowest digit first; bit 5 of a digit says whether another
    one follows.
    """
    try:
        values = np.frombuffer(text.encode("ascii"), np.uint8).astype(np.int64) - _FIRST
    except UnicodeEncodeError as error:
        raise ValueError("the text of run lengths holds other letters than COCO's") from error
    if len(values) == 0 or values.min() < 0 or values.max() > _DIGIT + _MORE:
        raise ValueError("the text of run lengths is empty, or holds other letters than COCO's")
    is_last = (values & _MORE) == 0
    ends = np.flatnonzero(is_last)
    if not is_last[-1]:
        raise ValueError("the text of run lengths is cut off")
    starts = np.concatenate([[0], ends[:-1] + 1])
    digits = ends - starts + 1
    if digits.max() > _CHARACTERS:
        raise ValueError(f"the text of run lengths holds a number of {digits.max()} letters")
    places = np.arange(len(values)) - np.repeat(starts, digits)
    told = np.add.reduceat((values & _DIGIT) << (5 * places), starts)
    told -= np.where(values[ends] & _SIGN, 1 << (5 * digits), 0)
    for parity in (1, 2):
        told[parity::2] = np.cumsum(told[parity::2])
    return told


def _laid_out(lengths: Integers, height: int, width: int) -> Mask:
    """Paints run lengths, of background and object in turn, down the columns."""
    values = np.repeat(np.arange(len(lengths)) % 2 == 1, lengths)
    return np.array(values.reshape(width, height).T)
