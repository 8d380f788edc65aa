"""EAGLE: the regions that make a token probable, searched greedily.

EAGLE (CVPR 2026). Regions are added one by one to a set S, each time the one that maximises

    F(S) = p(only S is visible) + 1 − p(only S is hidden)

Every remaining region is asked in every step (the plain search), and for each token anew: with n
regions, n · (n + 1) passes a token, of which the 2n of the first step serve all tokens.

What is ours: regions are groups of cells, by k-means over their mean colour and their place, as in
SLIC (Achanta et al. 2012), without its last step that makes them connected. The region chosen in
step k has the value

    Σ over j from k to n of |F(S_j) − F(S_j−1)|

so values fall in the order of the search, most where a region changed most. By default hidden
pixels have the picture's mean colour; EAGLE's own are black.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..attribution import Method, Option, Passes
from ..explanation.geometry import Grid

if TYPE_CHECKING:
    from ..capture.forcing.black_box import BlackBoxAnswer

Ask = Callable[[NDArray[np.bool_], Sequence[int]], NDArray[np.float64]]
"""Gets sets of regions, [sets, regions], and tokens; returns F, [sets, tokens]."""

COLOUR = 10.0
"""Weight of a colour difference, of 0 to 1 a channel, against a distance of one region's side."""
APART = 4.0
"""Distance between consecutive pictures or frames, in sides of a region."""


def eagle(
    frozen: BlackBoxAnswer,
    tokens: Sequence[int],
    *,
    regions: int = 64,
    fill: str = "mean",
    progress: Callable[[int], Any],
) -> NDArray[np.float64]:
    """Computes the maps.

    Args:
        frozen: The answer.
        tokens: Indices of answer tokens.
        regions: Number of regions, at most.
        fill: What takes the place of hidden pixels; see `capture.forcing.fills`.
        progress: Called with the number of passes that are done.

    Returns:
        float64 [tokens, visual], in sums of differences of probability.
    """
    region = cell_regions(frozen, regions)
    blank = frozen.blank(fill)

    def variants(sets: NDArray[np.bool_]) -> Iterator[list[Image.Image]]:
        for one in sets:
            for hidden in (~one, one):
                yield frozen.cells.replaced(frozen.pictures, blank, hidden[region])

    def ask(sets: NDArray[np.bool_], tokens: Sequence[int]) -> NDArray[np.float64]:
        p = np.exp(frozen.log_probabilities(variants(sets), tokens, progress=progress))
        scores: NDArray[np.float64] = p[0::2] + 1 - p[1::2]
        return scores

    count = int(region.max()) + 1
    first = ask(np.eye(count, dtype=bool), tokens)
    values = [_values(ask, first[:, i], token) for i, token in enumerate(tokens)]
    return frozen.cells.spread(np.array(values)[:, region])


def passes(frozen: BlackBoxAnswer, tokens: int, *, regions: int = 64, **_: Any) -> Passes:
    """Those of the first step, and of all others for each token."""
    count = int(cell_regions(frozen, regions).max()) + 1
    return Passes(2 * count + tokens * count * (count - 1))


def cell_regions(frozen: BlackBoxAnswer, count: int) -> NDArray[np.int64]:
    """The region of each cell, int64 [cells]; there may be fewer than `count`."""
    from scipy.cluster import vq  # slow to import

    cells = frozen.cells
    if len(cells) <= count:
        return np.arange(len(cells))
    pictures = [np.asarray(picture) / 255 for picture in frozen.pictures]
    colours = [cells.means([one[:, :, channel] for one in pictures]) for channel in range(3)]
    side = np.sqrt(sum(picture.width * picture.height for picture in frozen.pictures) / count)
    places = np.concatenate([_places(grid, side) for grid in frozen.grids])
    features = np.column_stack([COLOUR * np.array(colours).T, places])[cells.tokens]
    chosen = np.random.default_rng(0).choice(len(cells), count, replace=False)
    centres, _ = vq.kmeans(features, features[np.sort(chosen)])
    nearest, _ = vq.vq(features, centres)
    found: NDArray[np.int64] = np.unique(nearest, return_inverse=True)[1]
    return found


def _places(grid: Grid, side: float) -> NDArray[np.float64]:
    """Across, down and between pictures, of each cell's centre in sides of a region, [cells, 3]."""
    edges = np.array([grid.cell(token) for token in range(grid.size)])
    centres = (edges[:, :2] + edges[:, 2:]) / 2 / side
    return np.column_stack([centres, np.full(grid.size, APART * grid.image)])


def _values(ask: Ask, first: NDArray[np.float64], token: int) -> NDArray[np.float64]:
    """The value of each region for one token, [regions].

    Args:
        ask: Asks the model.
        first: F of each region alone.
        token: The token.
    """
    count = len(first)
    chosen, order, scores = np.zeros(count, bool), [], []
    rest, found = np.arange(count), first
    while True:
        best = int(found.argmax())
        order.append(rest[best])
        scores.append(found[best])
        chosen[rest[best]] = True
        rest = np.delete(rest, best)
        if not len(rest):
            break
        found = ask(chosen | np.eye(count, dtype=bool)[rest], [token])[:, 0]
    none = 2 - scores[-1]  # of the empty set, which swaps what all regions show and hide
    gains = np.abs(np.diff([none, *scores]))
    values = np.zeros(count)
    values[order] = gains[::-1].cumsum()[::-1]
    return values


EAGLE = Method(
    "eagle",
    "EAGLE",
    "EAGLE, CVPR 2026",
    model_maps=eagle,
    passes=passes,
    black_box=True,
    options=(
        Option("regions", 64, low=1, high=1024, whole=True),
        Option("fill", "mean", values=("mean", "blur", "black", "noise")),
    ),
    cost="regions · (regions + 1) forward passes a token",
)
