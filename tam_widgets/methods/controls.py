"""Controls: maps that no model has a part in. A map that tells something must do better.

- `random`: independent uniform values, from 0 to 1, for each token.
- `centre`: `1 − d`, where `d` is the distance from the picture's centre as a share of that of its
  corners, the sides taken as equally long.
- `edges`: the magnitude of the Sobel gradient of the picture's luminance (ITU-R BT.601), averaged
  over each cell. A control of Adebayo et al., Sanity Checks for Saliency Maps, 2018, section 5:
  many maps look like an edge detector.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..attribution import Method, Option, Passes
from ..explanation.geometry import Grid

if TYPE_CHECKING:
    from ..capture.forcing.black_box import BlackBoxAnswer


def random(
    frozen: BlackBoxAnswer, tokens: Sequence[int], *, seed: int = 0, **_: Any
) -> NDArray[np.float64]:
    """Random maps, float64 [tokens, visual].

    Args:
        frozen: The answer.
        tokens: Indices of answer tokens.
        seed: With the same one a token has the same map, whichever others are asked for.
    """
    visual = sum(grid.size for grid in frozen.grids)
    return np.array([np.random.default_rng([seed, token]).random(visual) for token in tokens])


def centre(frozen: BlackBoxAnswer, tokens: Sequence[int], **_: Any) -> NDArray[np.float64]:
    """The same map for every token, float64 [tokens, visual].

    Args:
        frozen: The answer.
        tokens: Indices of answer tokens.
    """
    parts = [_centrality(grid, frozen.pictures[grid.image].size) for grid in frozen.grids]
    return np.tile(np.concatenate(parts), (len(tokens), 1))


def edges(frozen: BlackBoxAnswer, tokens: Sequence[int], **_: Any) -> NDArray[np.float64]:
    """The same map for every token, float64 [tokens, visual].

    Args:
        frozen: The answer.
        tokens: Indices of answer tokens.
    """
    from scipy import ndimage  # slow to import

    strengths = []
    for picture in frozen.pictures:
        luminance = np.asarray(picture.convert("L"), np.float64)
        across, down = ndimage.sobel(luminance, axis=1), ndimage.sobel(luminance, axis=0)
        strengths.append(np.hypot(across, down))
    return np.tile(frozen.cells.means(strengths), (len(tokens), 1))


def passes(*_: Any, **__: Any) -> Passes:
    """None."""
    return Passes()


def _centrality(grid: Grid, size: tuple[int, int]) -> NDArray[np.float64]:
    """The value of each of a grid's cells, [cells]; 0 for those beside the picture."""
    left, top, right, bottom = grid.rect
    x = left + (np.arange(grid.cols) + 0.5) / grid.cols * (right - left)
    y = top + (np.arange(grid.rows) + 0.5) / grid.rows * (bottom - top)
    across, down = 2 * x / size[0] - 1, 2 * y / size[1] - 1  # −1 to 1 on the picture
    distances = np.hypot(across[None, :], down[:, None]) / np.sqrt(2)
    seen = (np.abs(across) <= 1)[None, :] & (np.abs(down) <= 1)[:, None]
    found: NDArray[np.float64] = np.where(seen, 1 - distances, 0).ravel()
    return found


RANDOM = Method(
    "random",
    "random",
    "control",
    model_maps=random,
    passes=passes,
    black_box=True,
    options=(Option("seed", 0, low=0, high=2**32 - 1, whole=True),),
    cost="none",
)
CENTRE = Method(
    "centre",
    "centre",
    "control",
    model_maps=centre,
    passes=passes,
    black_box=True,
    cost="none",
)
EDGES = Method(
    "edges",
    "edges",
    "control, Adebayo et al. 2018, arXiv 1810.03292",
    model_maps=edges,
    passes=passes,
    black_box=True,
    cost="none",
)
