"""Occlusion: how much less probable a token becomes when a part of the picture is hidden.

Zeiler and Fergus, Visualizing and Understanding Convolutional Networks, 2014, section 4.2. A window
of `w` × `w` cells is filled with the picture's mean colour, and moved over all cells in steps of
half its side. A cell's value for token i is

    m_i(cell) = mean over windows that contain it of log p_i(picture) − log p_i(hidden window)

With several window sizes, their maps are averaged. Values below 0 speak against the token.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..attribution import Method, Option, Passes
from ..explanation.geometry import in_view

if TYPE_CHECKING:
    from ..capture.forcing.black_box import BlackBoxAnswer

SEVERAL = (1, 2, 4)
"""Sides of the windows that are averaged by default, in cells; ours."""


def occlusion(
    frozen: BlackBoxAnswer,
    tokens: Sequence[int],
    *,
    window: int | None = None,
    fill: str = "mean",
    progress: Callable[[int], Any],
) -> NDArray[np.float64]:
    """Computes the maps.

    Args:
        frozen: The answer.
        tokens: Indices of answer tokens.
        window: Side of the window in cells; by default those of `SEVERAL`, averaged.
        fill: What hides a window; see `capture.forcing.fills`.
        progress: Called with the number of passes that are done.

    Returns:
        float64 [tokens, visual], in differences of log-probability.
    """
    blank = frozen.blank(fill)
    cells = frozen.cells
    full = frozen.log_probabilities([frozen.pictures], tokens, progress=progress)[0]
    total = np.zeros((len(tokens), sum(grid.size for grid in frozen.grids)))
    sides = SEVERAL if window is None else (window,)
    for side in sides:
        hidden = list(_windows(frozen, side))
        variants = (
            cells.replaced(frozen.pictures, blank, np.isin(cells.tokens, one)) for one in hidden
        )
        drops = full - frozen.log_probabilities(variants, tokens, progress=progress)
        total += _spread(drops, hidden, total.shape[1]) / len(sides)
    return cells.spread(total[:, cells.tokens])


def passes(frozen: BlackBoxAnswer, _count: int, *, window: int | None = None, **_: Any) -> Passes:
    """One pass for the whole picture, and one for each place of a window."""
    sides = SEVERAL if window is None else (window,)
    return Passes(1 + sum(1 for side in sides for _ in _windows(frozen, side)))


def _windows(frozen: BlackBoxAnswer, side: int) -> Iterator[NDArray[np.int64]]:
    """The visual tokens in each place of a window, without the thumbnails of tiled pictures.

    Places beside the picture, in its padding, are left out.
    """
    starts = np.cumsum([0, *(grid.size for grid in frozen.grids)])
    step = max(1, side // 2)
    for number in in_view(frozen.grids):
        grid = frozen.grids[number]
        own = starts[number] + np.arange(grid.size).reshape(grid.rows, grid.cols)
        for row in range(0, max(1, grid.rows - side + step), step):
            for col in range(0, max(1, grid.cols - side + step), step):
                window = own[row : row + side, col : col + side].ravel()
                if np.isin(window, frozen.cells.tokens).any():
                    yield window


def _spread(
    drops: NDArray[np.float64], hidden: Sequence[NDArray[np.int64]], visual: int
) -> NDArray[np.float64]:
    """Each cell's mean over the windows that contain it, [tokens, visual]."""
    total, counts = np.zeros((drops.shape[1], visual)), np.zeros(visual)
    for drop, window in zip(drops, hidden, strict=True):
        total[:, window] += drop[:, None]
        counts[window] += 1
    mean: NDArray[np.float64] = total / counts.clip(1)
    return mean


OCCLUSION = Method(
    "occlusion",
    "occlusion",
    "Zeiler & Fergus 2014, arXiv 1311.2901",
    model_maps=occlusion,
    passes=passes,
    black_box=True,
    options=(
        Option("window", None, values=(None, 1, 2, 4, 8)),
        Option("fill", "mean", values=("mean", "blur", "black", "noise")),
    ),
    signed=True,
    cost="one forward pass a window",
)
