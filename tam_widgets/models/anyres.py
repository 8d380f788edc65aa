"""LLaVA's tiles: a picture is fitted into a canvas of tiles, and its padding removed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from ..explanation.geometry import Rect

Size = tuple[int, int]
"""Width and height in pixels."""

Shape = tuple[int, int]
"""Rows and columns."""


def best_canvas(size: Size, pinpoints: Sequence[Sequence[int]]) -> Size:
    """Width and height of the canvas that keeps the most pixels and wastes the fewest."""
    from transformers.image_processing_utils import select_best_resolution

    height, width = select_best_resolution((size[1], size[0]), pinpoints)
    return width, height


def unpadded(size: Size, canvas: Size, tile: int, patch: int | Fraction) -> tuple[Shape, Rect]:
    """The features of a canvas that remain when those of the padding are removed.

    Args:
        size: Size of the picture.
        canvas: Size of the canvas, a whole number of tiles.
        tile: Side of a tile in pixels.
        patch: Side in pixels of the area that one feature covers.

    Returns:
        Rows and columns, and the rectangle of the picture that they cover; it may extend slightly
        into the padding.
    """
    side = tile // patch
    cols, rows = canvas[0] // tile * side, canvas[1] // tile * side
    cut_cols, cut_rows = _padding(size, (cols, rows))
    fitted = _fitted(size, canvas)
    left, right = _span(cut_cols, cols - cut_cols, tile, patch)
    top, bottom = _span(cut_rows, rows - cut_rows, tile, patch)
    x, y = size[0] / fitted[0], size[1] / fitted[1]
    dx, dy = (canvas[0] - fitted[0]) // 2, (canvas[1] - fitted[1]) // 2
    rect = ((left - dx) * x, (top - dy) * y, (right - dx) * x, (bottom - dy) * y)
    return (rows - 2 * cut_rows, cols - 2 * cut_cols), rect


def covered_rect(rect: Rect, tile: int, patch: int | Fraction) -> Rect:
    """The part of a rectangle that whole patches cover; the model does not see the rest."""
    share = float(tile // patch * patch / tile)
    left, top, right, bottom = rect
    return (left, top, left + (right - left) * share, top + (bottom - top) * share)


def squared(size: Size) -> Rect:
    """The square around a picture that is padded on both sides of its shorter axis."""
    side = max(size)
    left, top = -((side - size[0]) // 2), -((side - size[1]) // 2)
    return (float(left), float(top), float(left + side), float(top + side))


def _padding(size: Size, shape: Size) -> Size:
    """Columns and rows of padding at each side of a canvas of features."""
    (width, height), (cols, rows) = size, shape
    if width / height > cols / rows:
        return 0, (rows - int(round(height * (cols / width), 7))) // 2
    return (cols - int(round(width * (rows / height), 7))) // 2, 0


def _fitted(size: Size, canvas: Size) -> Size:
    """Width and height of a picture resized to fit in a canvas."""
    x, y = canvas[0] / size[0], canvas[1] / size[1]
    if x < y:
        return canvas[0], min(math.ceil(size[1] * x), canvas[1])
    return min(math.ceil(size[0] * y), canvas[0]), canvas[1]


def _span(
    first: int, stop: int, tile: int, patch: int | Fraction
) -> tuple[int | Fraction, int | Fraction]:
    """Where cells begin and end on a canvas; no patch may cover the last pixels of a tile."""
    side = tile // patch

    def start(cell: int) -> int | Fraction:
        return cell // side * tile + cell % side * patch

    return start(first), start(stop - 1) + patch
