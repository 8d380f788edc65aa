"""Ranks tokens by how much of their maps falls inside a box."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..attribution.interference import Floats
from ..contract import CONTRACT
from ..errors import OptionError
from .geometry import Grid, Rect
from .types import StoredImage

FAINT = CONTRACT.faint
"""Share of the strongest token's peak below which a token counts as highlighting nothing."""


class TokenShare(NamedTuple):
    """A token and how much of its map falls inside a box, 0..1."""

    token: int
    share: float


def check_box(box: Sequence[float], images: Sequence[StoredImage], image: int) -> Rect:
    """Checks a box and returns it as four numbers.

    Args:
        box: left, top, right, bottom in pixels of the upright full-size image.
        images: The explanation's images.
        image: Index of the image of the box.

    Raises:
        OptionError: If there is no such image, or the box is reversed, empty or outside it.
    """
    if isinstance(image, bool) or not isinstance(image, int | np.integer):
        raise OptionError(f"image={image!r}: give the index of an image, an integer")
    if not 0 <= image < len(images):
        raise OptionError(
            f"image={image}: the explanation has {len(images)} images, counted from 0"
        )
    try:
        left, top, right, bottom = (float(edge) for edge in box)
    except (TypeError, ValueError) as error:
        raise OptionError(f"box={box!r}: give (left, top, right, bottom) in pixels") from error
    width, height = images[image].width, images[image].height
    if not (left < right and top < bottom):
        raise OptionError(
            f"box {left:g}, {top:g}, {right:g}, {bottom:g} is empty or reversed: left must be "
            "less than right, and top less than bottom"
        )
    if not (left < width and top < height and right > 0 and bottom > 0):
        raise OptionError(
            f"box {left:g}, {top:g}, {right:g}, {bottom:g} lies outside image {image}, which is "
            f"{width} x {height} pixels"
        )
    return (left, top, right, bottom)


def shares_inside(
    maps: Floats, grids: Sequence[Grid], image: int, box: Rect
) -> NDArray[np.float64]:
    """Share of each token's map that falls inside a box, by area.

    Args:
        maps: float32 [tokens, visual].
        grids: Where the visual tokens are; only those of the image or frame count, and thumbnails
            only if there are no tiles.
        image: Index of the image or frame.
        box: left, top, right, bottom in its pixels.

    Returns:
        float64 [tokens] in 0..1, of the values above 0; 0 for a token whose peak is below 5 % of
        that of the strongest token.
    """
    inside, everything = _overlaps(grids, image, box)
    maps = np.maximum(maps, 0)
    total = maps @ everything
    shares: NDArray[np.float64] = np.zeros(len(maps))
    np.divide(maps @ inside, total, out=shares, where=total > 0)
    peaks = (maps * (everything > 0)).max(axis=1, initial=0)
    shares[peaks < FAINT * peaks.max(initial=0)] = 0
    return shares


def _overlaps(
    grids: Sequence[Grid], image: int, box: Rect
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """For each visual token its share inside the box, and 1 if it counts at all, [visual]."""
    own = [grid.image <= image < grid.image + grid.frames for grid in grids]
    tiled = any(mine and not grid.thumbnail for mine, grid in zip(own, grids, strict=True))
    inside, everything = [], []
    for mine, grid in zip(own, grids, strict=True):
        counts = mine and not (grid.thumbnail and tiled)
        inside.append(_parts(grid, box).ravel() * counts)
        everything.append(np.full(grid.size, float(counts)))
    return np.concatenate(inside), np.concatenate(everything)


def _parts(grid: Grid, box: Rect) -> NDArray[np.float64]:
    """The share of each cell's area inside the box, [rows, cols]."""
    left, top, right, bottom = grid.rect
    across = _lengths(np.linspace(left, right, grid.cols + 1), box[0], box[2])
    down = _lengths(np.linspace(top, bottom, grid.rows + 1), box[1], box[3])
    parts: NDArray[np.float64] = down[:, None] * across[None, :]
    return parts


def _lengths(edges: NDArray[np.float64], low: float, high: float) -> NDArray[np.float64]:
    covered = np.minimum(edges[1:], high) - np.maximum(edges[:-1], low)
    lengths: NDArray[np.float64] = np.clip(covered / np.diff(edges), 0, 1)
    return lengths
