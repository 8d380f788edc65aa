"""Where everything of a figure lies, in points from its upper left corner."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from ..stills.heatmap import MUTED, Paint
from .cell import Cell, View
from .sheet import Band, Key, Sheet

POINTS = 72
"""Points in an inch."""
TITLE, SMALL = 8.0, 7.0
"""Sizes of letters, in points: those of a paper's captions."""
INK = "#1c2024"
LEADING = 1.3
"""Height of a line by the size of its letters."""
LEAST_COLUMN, MOST_COLUMNS = 68.0, 6
GAP, MARGIN = 7.0, 2.0
BAR_WIDTH, BAR_HEIGHT = 60.0, 6.0
TALLEST = 1.6
"""Largest height of a picture by the width of its column; a taller one is narrower than it."""

MOST_LETTERS = 300
"""Of a line at most, before it is cut to its width."""

_T = TypeVar("_T")
Measure = Callable[[str, float, bool], float]
"""Width of a text in points, by its size and whether it is bold."""


@dataclass(frozen=True)
class Text:
    """A line of text.

    Attributes:
        left: Where it begins.
        top: Upper edge of the line.
        text: As it stands, without any mark-up.
        size: Of the letters.
        bold: Whether they are bold.
        colour: Of the letters.
    """

    left: float
    top: float
    text: str
    size: float = SMALL
    bold: bool = False
    colour: str = INK


@dataclass(frozen=True)
class Picture:
    """A picture's place."""

    left: float
    top: float
    width: float
    height: float
    view: View


@dataclass(frozen=True)
class Bar:
    """A colour scale's place, from its lowest value at the left."""

    left: float
    top: float
    width: float
    height: float
    paint: Paint


@dataclass
class Layout:
    """A figure of a width.

    Attributes:
        width: In points.
        height: Likewise.
        texts: All lines.
        pictures: All pictures.
        bars: All colour scales.
    """

    width: float
    height: float = 0.0
    texts: list[Text] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)


def laid_out(sheet: Sheet, inches: float, measure: Measure) -> Layout:
    """Lays a figure out.

    Args:
        sheet: The figure.
        inches: Its width.
        measure: Measures texts in the font that draws them.
    """
    return _Setter(sheet, inches * POINTS, measure).layout


class _Setter:
    def __init__(self, sheet: Sheet, width: float, measure: Measure) -> None:
        self.layout = Layout(width)
        self._measure = measure
        self._inner = width - 2 * MARGIN
        self._columns = len(sheet.heads) or self._wrapped(sheet.bands)
        self._column = (self._inner - GAP * (self._columns - 1)) / self._columns
        top = self._heads(sheet.heads, MARGIN)
        for band in sheet.bands:
            top = self._band(band, top)
        for key in sheet.keys:
            top = self._key(key, top)
        top = self._paragraph(sheet.caption, top + 2)
        self.layout.height = top + MARGIN

    def _wrapped(self, bands: Sequence[Band]) -> int:
        """Columns that are wide enough, in rows of about equal length."""
        fitting = int((self._inner + GAP) // (LEAST_COLUMN + GAP))
        most = max((len(band.cells) for band in bands), default=1)
        columns = max(1, min(fitting, MOST_COLUMNS))
        return math.ceil(most / math.ceil(most / columns)) if most else 1

    def _heads(self, heads: Sequence[str], top: float) -> float:
        for column, head in enumerate(heads):
            self._line(self._left(column), top, head, TITLE, bold=True, width=self._column)
        return top + (TITLE * LEADING + 1 if heads else 0)

    def _left(self, column: int) -> float:
        return MARGIN + column * (self._column + GAP)

    def _band(self, band: Band, top: float) -> float:
        if band.heading:
            self._line(MARGIN, top, band.heading, TITLE, bold=True, width=self._inner)
            top += TITLE * LEADING + 1
        for row in _rows(band.cells, self._columns):
            top = max(self._cell(cell, self._left(i), top) for i, cell in enumerate(row)) + GAP
        return top

    def _cell(self, cell: Cell, left: float, top: float) -> float:
        if cell.title:
            self._line(left, top, cell.title, TITLE, width=self._column)
            top += TITLE * LEADING
        for line in self._broken(cell.detail, SMALL, self._column):
            self._line(left, top, line, SMALL, colour=MUTED)
            top += SMALL * LEADING
        top += 1.5
        across = 1 if len(cell.views) == 1 else 2
        width = (self._column - 3 * (across - 1)) / across
        for row in _rows(cell.views, across):
            places = [left + i * (width + 3) for i in range(len(row))]
            bottoms = [self._view(v, x, top, width) for v, x in zip(row, places, strict=True)]
            top = max(bottoms) + 3
        return top - 3

    def _view(self, view: View, left: float, top: float, width: float) -> float:
        height = min(width / view.aspect, width * TALLEST)
        shown = height * view.aspect
        self.layout.pictures.append(Picture(left, top, shown, height, view))
        if not view.caption:
            return top + height
        self._line(left, top + height + 1, view.caption, SMALL, colour=MUTED, width=width)
        return top + height + 1 + SMALL * LEADING

    def _key(self, key: Key, top: float) -> float:
        """The lower end, the scale, the upper end, and what it is of, which may take lines."""
        low, high = (self._measure(text, SMALL, False) for text in (key.low, key.high))
        self._line(MARGIN, top, key.low, SMALL)
        left = MARGIN + low + 3
        middle = top + (SMALL * LEADING - BAR_HEIGHT) / 2
        self.layout.bars.append(Bar(left, middle, BAR_WIDTH, BAR_HEIGHT, key.paint))
        left += BAR_WIDTH + 3
        self._line(left, top, key.high, SMALL)
        left += high + 7
        return self._paragraph(key.text, top, left)

    def _paragraph(self, text: str, top: float, left: float = MARGIN) -> float:
        for line in self._broken(text, SMALL, self._inner + MARGIN - left):
            self._line(left, top, line, SMALL)
            top += SMALL * LEADING
        return top

    def _line(
        self,
        left: float,
        top: float,
        text: str,
        size: float,
        *,
        bold: bool = False,
        colour: str = INK,
        width: float = math.inf,
    ) -> None:
        if text:
            fitted = self._cut(text, size, bold, width)
            self.layout.texts.append(Text(left, top, fitted, size, bold, colour))

    def _cut(self, text: str, size: float, bold: bool, width: float) -> str:
        """As much of a text as fits."""
        text = text[:MOST_LETTERS]
        if self._measure(text, size, bold) <= width:
            return text
        while text and self._measure(text + "…", size, bold) > width:
            text = text[:-1]
        return text.rstrip() + "…"

    def _broken(self, text: str, size: float, width: float) -> Iterator[str]:
        """Lines of a text: broken at spaces, and inside a word that is longer than a line."""
        line = ""
        for word in text.split():
            longer = f"{line} {word}" if line else word
            if self._measure(longer, size, False) <= width:
                line = longer
                continue
            if line:
                yield line
            line = word
            while len(line) > 1 and self._measure(line, size, False) > width:
                end = len(line) - 1
                while end > 1 and self._measure(line[:end], size, False) > width:
                    end -= 1
                yield line[:end]
                line = line[end:]
        if line:
            yield line


def _rows(cells: Sequence[_T], columns: int) -> Iterator[Sequence[_T]]:
    return (cells[start : start + columns] for start in range(0, len(cells), columns))
