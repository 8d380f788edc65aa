"""How well a drawing predicts a map; `js/src/exercises/score.ts` has the same numbers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from ...attribution.interference import Floats
from ...contract import CONTRACT

AREA_FROM = CONTRACT.agreement.area_from
"""Share of a map's largest value from which on a cell belongs to the map's area."""


@dataclass(frozen=True)
class DrawingScore:
    """A drawing beside the map that it predicts, over the cells of the pictures.

    Attributes:
        weight: Share of the map's sum that lies in the drawn cells, 0..1.
        drawn: Share of the cells that were drawn, 0..1: the weight that a map without any structure
            would have there.
        overlap: Intersection over union of the drawn cells and the map's area, the cells with at
            least half of its largest value, 0..1.
    """

    weight: float
    drawn: float
    overlap: float


def score_of(values: Floats, drawn: Collection[int]) -> DrawingScore:
    """Compares a drawing with a map.

    Args:
        values: The map's values in all cells, not negative, one above 0.
        drawn: Indices of the drawn cells among them.

    Example:
        >>> score_of(np.array([0.5, 0.25, 0.25, 0], np.float32), [0, 3])
        DrawingScore(weight=0.5, drawn=0.5, overlap=0.25)
    """
    marked = np.zeros(len(values), bool)
    marked[list(drawn)] = True
    area = values >= AREA_FROM * values.max()
    return DrawingScore(
        weight=float(values[marked].sum(dtype=np.float64) / values.sum(dtype=np.float64)),
        drawn=float(marked.mean()),
        overlap=float((marked & area).sum() / (marked | area).sum()),
    )
