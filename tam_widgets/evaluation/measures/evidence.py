"""Facts about a noun's map, from which failure signatures are derived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from tam_widgets.explanation.geometry import Grid

_EIGHT_NEIGHBOURS = np.ones((3, 3), int)


@dataclass(frozen=True)
class Evidence:
    """Facts of one noun under one method.

    Attributes:
        activation: Largest raw activation of its pieces, in the model's units, in tiles or their
            thumbnail; None in an explanation of maps alone.
        peak: Largest value of its maps before the filter, 0..1, in the same places, normalised
            jointly with the relevance of text: below 1, some text is more relevant than any place
            of the picture.
        parts: Connected parts (8 neighbours) of its map's foreground on the grid.
        largest_part: Share of the foreground in the largest of them, 0..1; 1 if there are none.
        beside: Share of the map's weight on cells whose centres lie beside the picture, 0..1.
    """

    activation: float | None
    peak: float
    parts: int
    largest_part: float
    beside: float


NO_EVIDENCE = dict.fromkeys(field.name for field in fields(Evidence))
"""What other words have instead."""


def evidence(
    pieces: Sequence[int],
    activations: NDArray[np.float32],
    unfiltered: NDArray[np.float32],
    shown: NDArray[np.uint8],
    threshold: float,
    inside: NDArray[np.bool_],
) -> Evidence:
    """Gathers the facts of one noun.

    Args:
        pieces: Its tokens, as rows of the arrays.
        activations: Raw, [tokens, visual], or empty.
        unfiltered: Maps before the filter, [tokens, visual] in 0..1.
        shown: Maps as shown, [tokens, h, w] in 0..255.
        threshold: The foreground lies above it, 0..255.
        inside: Cells whose centres lie in the picture, [h, w].
    """
    rows = list(pieces)
    heatmap = shown[rows].max(axis=0)
    parts, largest = _parts(heatmap > threshold)
    weight = int(heatmap.sum(dtype=np.int64))
    outer = int(heatmap[~inside].sum(dtype=np.int64))
    return Evidence(
        activation=float(activations[rows].max()) if activations.size else None,
        peak=float(unfiltered[rows].max()),
        parts=parts,
        largest_part=largest,
        beside=outer / weight if weight else 0.0,
    )


def inside_picture(grid: Grid, width: int, height: int) -> NDArray[np.bool_]:
    """Which cells of a grid have their centres in the picture, [rows, cols]."""
    left, top, right, bottom = grid.rect
    x = left + (np.arange(grid.cols) + 0.5) * (right - left) / grid.cols
    y = top + (np.arange(grid.rows) + 0.5) * (bottom - top) / grid.rows
    across, down = (x >= 0) & (x < width), (y >= 0) & (y < height)
    return np.asarray(down[:, None] & across[None, :])


def _parts(foreground: NDArray[np.bool_]) -> tuple[int, float]:
    from scipy import ndimage  # slow to import, and not needed to view

    numbered, count = ndimage.label(foreground, _EIGHT_NEIGHBOURS)
    if not count:
        return 0, 1.0
    sizes = np.bincount(numbered.ravel())[1:]
    return int(count), int(sizes.max()) / int(sizes.sum())
