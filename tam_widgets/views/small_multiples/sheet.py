"""A figure before it is laid out: cells in bands, a legend and a caption."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..stills.heatmap import Paint
from .cell import Cell


@dataclass(frozen=True)
class Band:
    """Cells that belong together, such as the words of one model.

    Attributes:
        heading: What they have in common; empty for nothing.
        cells: Left to right; they wrap unless columns have heads.
    """

    heading: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Key:
    """A colour scale with what its colours mean.

    Attributes:
        paint: How values are drawn; its scale ends at 1.
        low: The number or word at the lower end.
        high: That at the upper end.
        text: The quantity and its unit.
    """

    paint: Paint
    low: str
    high: str
    text: str


@dataclass(frozen=True)
class Sheet:
    """Everything that a figure shows.

    Attributes:
        bands: Top to bottom.
        heads: Heads of the columns; empty where cells wrap.
        keys: Colour scales.
        caption: What was explained, by which method and with which settings.
        name: What it is a figure of, in a few words.
    """

    bands: Sequence[Band]
    heads: Sequence[str]
    keys: Sequence[Key]
    caption: str
    name: str
