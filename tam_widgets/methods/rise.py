"""RISE: what is visible when the model finds a token probable, over random masks.

Petsiuk, Das and Saenko, RISE: Randomized Input Sampling for Explanation of Black-box Models, 2018,
section 3. A mask `M` is a grid of 7 × 7 values, each 1 with probability .5, enlarged bilinearly to
8 × 8 grid steps and cut to the picture's size at a random place; what it hides is filled with the
picture's mean colour. A cell's value for token i is

    m_i(cell) = Σ_k p_i(picture ⊙ M_k) · M_k(cell) / Σ_k M_k(cell) − mean over k of p_i

The first term is the paper's equation 6, with the masks' sum in place of its expected value, so
that a token which no mask changes has an empty map. The mean is taken off, which changes no order:
what remains is how much more probable the token is than on average when the cell is visible. Values
below 0 speak against the token. Each picture has masks of its own, and so has each group of frames
that share visual tokens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..attribution import Method, Option, Passes

if TYPE_CHECKING:
    from ..capture.forcing.black_box import BlackBoxAnswer

SIDE = 7
"""Rows and columns of a mask before it is enlarged."""
KEPT = 0.5
"""Probability of a value of 1."""


def rise(
    frozen: BlackBoxAnswer,
    tokens: Sequence[int],
    *,
    count: int = 500,
    seed: int = 0,
    fill: str = "mean",
    progress: Callable[[int], Any],
) -> NDArray[np.float64]:
    """Computes the maps.

    Args:
        frozen: The answer.
        tokens: Indices of answer tokens.
        count: Number of masks.
        seed: Of the masks.
        fill: What takes the place of hidden pixels; see `capture.forcing.fills`.
        progress: Called with the number of passes that are done.

    Returns:
        float64 [tokens, visual], in differences of probability.
    """
    blank = frozen.blank(fill)
    shown: list[NDArray[np.float64]] = []

    def variants() -> Iterator[list[Image.Image]]:
        rng = np.random.default_rng(seed)
        for _ in range(count):
            masks = _masks(frozen, rng)
            shown.append(frozen.cells.means([np.asarray(mask) / 255 for mask in masks]))
            yield [
                Image.composite(*each) for each in zip(frozen.pictures, blank, masks, strict=True)
            ]

    p = np.exp(frozen.log_probabilities(variants(), tokens, progress=progress))
    visible = np.array(shown)
    total = visible.sum(axis=0)
    maps: NDArray[np.float64] = p.T @ visible / np.where(total > 0, total, 1)
    return np.where(total > 0, maps - p.mean(axis=0)[:, None], 0)


def passes(_frozen: BlackBoxAnswer, _tokens: int, *, count: int = 500, **_: Any) -> Passes:
    """One pass for each mask."""
    return Passes(count)


def _masks(frozen: BlackBoxAnswer, rng: np.random.Generator) -> list[Image.Image]:
    """A mask for each picture, 255 where it is visible; the same for frames of one grid."""
    first = {
        image: grid.image
        for grid in frozen.grids
        for image in range(grid.image, grid.image + grid.frames)
    }
    made: dict[int, Image.Image] = {}
    for image, picture in enumerate(frozen.pictures):
        own = first.get(image, image)
        if own not in made:
            made[own] = _mask(picture.size, rng)
    return [made[first.get(image, image)] for image in range(len(frozen.pictures))]


def _mask(size: tuple[int, int], rng: np.random.Generator) -> Image.Image:
    small = Image.fromarray(np.where(rng.random((SIDE, SIDE)) < KEPT, 255, 0).astype(np.uint8))
    step = [-(-length // SIDE) for length in size]  # rounded up
    large = small.resize((step[0] * (SIDE + 1), step[1] * (SIDE + 1)), Image.Resampling.BILINEAR)
    left, top = rng.integers(0, step)
    return large.crop((left, top, left + size[0], top + size[1]))


RISE = Method(
    "rise",
    "RISE",
    "Petsiuk et al. 2018, arXiv 1806.07421",
    model_maps=rise,
    passes=passes,
    black_box=True,
    options=(
        Option("count", 500, low=1, high=100_000, whole=True),
        Option("seed", 0, low=0, high=2**32 - 1, whole=True),
        Option("fill", "mean", values=("mean", "blur", "black", "noise")),
    ),
    signed=True,
    cost="one forward pass a mask",
)
