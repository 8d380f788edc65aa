"""Brings maps of any size to one grid of an explanation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import OptionError
from ...explanation.common_raster import resample
from ...explanation.geometry import Grid, Rect

MAX_SIDE = 64
"""Most rows and columns of the grid of given maps."""

Maps = NDArray[np.float32]


def checked_maps(name: str, given: Any, tokens: int) -> Maps:
    """Maps as an array.

    Args:
        name: Name of their method.
        given: The maps.
        tokens: Number of the answer's tokens.

    Returns:
        float32 [tokens, rows, cols].

    Raises:
        OptionError: If they are no finite numbers, or have another shape.
    """
    try:
        if np.iscomplexobj(given):
            raise TypeError("complex numbers have no order")
        maps = np.asarray(given, np.float32)
    except (TypeError, ValueError, RuntimeError) as error:
        raise OptionError(
            f"the maps of {name!r:.80} are no array of numbers, but a {type(given).__name__}: give "
            "a NumPy array [tokens, rows, cols]; of a tensor tensor.detach().cpu().numpy()"
        ) from error
    if maps.ndim != 3 or not maps.size:
        raise OptionError(
            f"the maps of {name!r:.80} have the shape {maps.shape}: [tokens, rows, cols] is "
            "expected; add up channels first"
        )
    if len(maps) != tokens:
        raise OptionError(
            f"{len(maps)} maps of {name!r:.80} are given for {tokens} tokens: give one for each "
            "token of the answer, in their order"
        )
    wrong = np.argwhere(~np.isfinite(maps))
    if wrong.size:
        place = ", ".join(map(str, wrong[0].tolist()))
        raise OptionError(
            f"the maps of {name!r:.80} are not finite at [{place}]: {maps[tuple(wrong[0])]}; give "
            "numbers, 0 where there is no value"
        )
    return maps


def common_grid(shapes: Sequence[tuple[int, ...]], rect: Rect) -> Grid:
    """The finest of several grids over one rectangle, reduced to at most `MAX_SIDE` a side.

    Args:
        shapes: Rows and columns of each.
        rect: What all cover, in pixels of the picture.

    Example:
        >>> grid = common_grid([(7, 7), (224, 336)], (0, 0, 336, 224))
        >>> grid.rows, grid.cols
        (43, 64)
    """
    rows, cols = (max(shape[side] for shape in shapes) for side in (0, 1))
    scale = min(1.0, MAX_SIDE / max(rows, cols))
    return Grid(max(1, round(rows * scale)), max(1, round(cols * scale)), rect)


def on_grid(maps: Maps, grid: Grid) -> Maps:
    """Maps on another grid over the same rectangle, each cell the mean weighted by area.

    Args:
        maps: float32 [tokens, rows, cols].
        grid: The grid.

    Returns:
        float32 [tokens, visual].
    """
    rows, cols = maps.shape[1:]
    own = Grid(rows, cols, grid.rect)
    if (own.rows, own.cols) == (grid.rows, grid.cols):
        return maps.reshape(len(maps), -1)
    made = [resample(one.reshape(1, -1), {0: own}, grid).values[0].ravel() for one in maps]
    return np.array(made, np.float32)
