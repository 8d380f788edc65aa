"""MSEA: raw activations averaged over several sizes of the picture.

arXiv 2509.22415 (withdrawn), equations 4 and 5. The answer is read again at each scale s, and its
raw activations `A^s_i = relu(H[visual] · W[y_i])` are resampled to the cells of the picture's own
size, bilinearly and in the picture's coordinates:

    m_i = mean over scales s of resampled(A^s_i)

The scales are ours. At another size the model may no longer believe in its answer: `msea` warns of
tokens that lose half of their probability, and `probability_by_scale` tells how probable they are.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..attribution import Method, Passes
from ..errors import UnsupportedModelError
from ..explanation.geometry import Grid, by_grid, in_view
from ..terminal import escaped

if TYPE_CHECKING:
    from ..capture.forcing.frozen_answer import FrozenAnswer
    from ..capture.forcing.scales import Reading

SCALES = (0.75, 1.0, 1.25, 1.5)
"""Factors of width and height; ours."""
HELD = 0.5
"""Share of its probability at the picture's own size below which a token is warned of."""


def msea(
    frozen: FrozenAnswer,
    tokens: Sequence[int],
    *,
    scales: Sequence[float] = SCALES,
    progress: Callable[[int], Any],
) -> NDArray[np.float64]:
    """Computes the maps.

    Args:
        frozen: The answer.
        tokens: Indices of answer tokens.
        scales: Factors of width and height.
        progress: Called with the number of passes that are done.

    Returns:
        float64 [tokens, visual], mean activations.

    Raises:
        UnsupportedModelError: If the pictures give the same visual tokens at all scales.
        ImageError: If the processor refuses pictures of a scale.
    """
    total = np.zeros((len(tokens), len(frozen.visual)))
    logs = []
    for other, reading in _readings(frozen, tokens, scales, progress):
        logs.append(reading.log_probabilities)
        total += _resampled(reading.activations, other, frozen)
    _warn_of_losses(frozen, tokens, scales, np.exp(logs))
    return total / len(scales)


def probability_by_scale(
    frozen: FrozenAnswer, tokens: Sequence[int], scales: Sequence[float] = SCALES
) -> NDArray[np.float64]:
    """How probable the model finds tokens of its answer at each size of the picture.

    Args:
        frozen: The answer, from `Explainer.frozen`.
        tokens: Indices of answer tokens.
        scales: Factors of width and height.

    Returns:
        float64 [scales, tokens], 0 to 1.

    Raises:
        UnsupportedModelError: If the pictures give the same visual tokens at all scales.
        ImageError: If the processor refuses pictures of a scale.
    """
    readings = _readings(frozen, tokens, scales, lambda _passes: None)
    return np.exp([reading.log_probabilities for _, reading in readings])


def passes(*_: Any) -> Passes:
    """One pass for each scale."""
    return Passes(len(SCALES))


def _readings(
    frozen: FrozenAnswer,
    tokens: Sequence[int],
    scales: Sequence[float],
    progress: Callable[[int], Any],
) -> Iterator[tuple[FrozenAnswer, Reading]]:
    """Reads the answer at each scale, one forward pass each."""
    from ..capture.forcing.scales import read, rescaled

    others = [rescaled(frozen, scale) for scale in scales]
    shapes = [[(grid.rows, grid.cols) for grid in other.grids] for other in others]
    if len(others) > 1 and all(shape == shapes[0] for shape in shapes):
        made = " and ".join(f"{rows} × {cols}" for rows, cols in shapes[0][:3])
        raise UnsupportedModelError(
            f"'msea' compares sizes of the picture, but {frozen.model.name} reads the same {made} "
            f"visual tokens at each of the scales {', '.join(map(str, scales))}: choose another "
            "method, or a model whose number of visual tokens depends on the picture's size"
        )
    for other in others:
        yield other, read(other, tokens)
        progress(1)


def _resampled(
    values: NDArray[np.float32], source: FrozenAnswer, target: FrozenAnswer
) -> NDArray[np.float64]:
    """Maps on the cells of another answer, bilinearly, [maps, visual].

    Args:
        values: Maps on the cells of `source`, [maps, visual].
        source: The answer with its pictures at any size.
        target: The same answer with its pictures at another size.
    """
    from scipy.ndimage import map_coordinates  # slow to import

    parts = [by_grid(own, source.grids) for own in values]
    found = []
    for grid in target.grids:
        x, y = _centres(grid, target.pictures[grid.image].size)
        best, own = np.full(grid.size, np.inf), np.zeros((len(values), grid.size))
        for number in in_view(source.grids, thumbnail=grid.thumbnail):
            other = source.grids[number]
            if other.image != grid.image:
                continue
            width, height = source.pictures[other.image].size
            left, top, right, bottom = np.divide(other.rect, (width, height, width, height))
            beside = np.maximum(np.maximum(left - x, x - right), 0)
            beside += np.maximum(np.maximum(top - y, y - bottom), 0)
            nearer = beside < best
            best = np.minimum(best, beside)
            places = (
                (y - top) / (bottom - top) * other.rows - 0.5,
                (x - left) / (right - left) * other.cols - 0.5,
            )
            for map_, part in zip(own, parts, strict=True):
                sampled = map_coordinates(part[number], places, order=1, mode="nearest")
                map_[nearer] = sampled[nearer]
        found.append(own)
    return np.concatenate(found, axis=1)


def _centres(grid: Grid, size: tuple[int, int]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Across and down, of each cell's centre as a share of the picture's sides, [cells]."""
    edges = np.array([grid.cell(token) for token in range(grid.size)])
    centres = (edges[:, :2] + edges[:, 2:]) / 2 / size
    return centres[:, 0], centres[:, 1]


def _warn_of_losses(
    frozen: FrozenAnswer,
    tokens: Sequence[int],
    scales: Sequence[float],
    probabilities: NDArray[np.float64],
) -> None:
    """Warns of tokens in which the model believes less at another size."""
    if 1 not in scales:
        return
    least = probabilities.min(axis=0)
    usual = probabilities[list(scales).index(1)]
    lost = [
        f"token {token}, {frozen.model.text_of(int(frozen.ids[token - frozen.prompt_length]))!r} "
        f"({before:.2f} to {after:.2f})"
        for token, before, after in zip(tokens, usual, least, strict=True)
        if after < HELD * before
    ]
    if lost:
        warnings.warn(
            f"at another size of the picture {escaped(frozen.model.name)} finds less than half as "
            f"probable: {'; '.join(lost)}. Their maps by 'msea' mix in activations of a word that "
            "the model would not have written; probability_by_scale tells at which scales",
            stacklevel=2,
        )


MSEA = Method(
    "msea",
    "MSEA",
    "arXiv 2509.22415 (withdrawn), equations 4 and 5",
    model_maps=msea,
    passes=passes,
    cost="one forward pass a scale",
)
