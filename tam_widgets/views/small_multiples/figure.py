"""A figure that a notebook shows and that is saved as PDF, SVG or PNG."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import Any

from ...errors import OptionError
from ...explanation.extras import installed
from ...explanation.storage import write_bytes
from .sheet import Sheet

WIDTH = 7.0
"""Inches of a page of two columns."""
WIDTHS = 1.0, 20.0
DPI = 30, 1200
FORMATS = (".pdf", ".svg", ".png")


class Figure:
    """Small pictures of words under their maps, with a legend and a caption.

    A notebook shows it as a plotly figure; `save` writes it for a paper.

    Attributes:
        caption: What was explained, by which methods and with which settings, as plain text.

    Example:
        >>> figure = explanation.figure(["dog", "ball"])        # doctest: +SKIP
        >>> figure.save("dog_and_ball.pdf", width=3.3)          # doctest: +SKIP
    """

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self.caption = sheet.caption

    def __repr__(self) -> str:
        return f"<Figure of {self._sheet.name}; save(path) writes it as PDF, SVG or PNG>"

    @cached_property
    def plotly(self) -> Any:
        """The figure as plotly shows it, to be changed or written by plotly's own means.

        Raises:
            MissingExtraError: If plotly is not installed.
        """
        with installed("a figure"):
            from .screen import plotly_figure  # plotly takes a second
        return plotly_figure(self._sheet, WIDTH)

    def save(self, path: str | os.PathLike[str], dpi: float = 300, width: float = WIDTH) -> None:
        """Writes the figure; in PDF and SVG all text is text, which can be searched and edited.

        Args:
            path: Ends in `.pdf`, `.svg` or `.png`; an existing file is replaced in one step.
            dpi: Dots per inch of a PNG, and of the pictures in a PDF or SVG.
            width: In inches, such as 3.3 for a column and 7 for a page.

        Raises:
            OptionError: If the ending or a number is not possible.
            MissingExtraError: If matplotlib is not installed, which draws it.
            OutputError: If the file cannot be written.
        """
        ending = Path(path).suffix.lower()
        if ending not in FORMATS:
            raise OptionError(f"{path}: give a file name that ends in {', '.join(FORMATS)}")
        _check("dpi", dpi, DPI)
        _check("width", width, WIDTHS)
        from .paper import encoded

        write_bytes(path, encoded(self._sheet, ending[1:], dpi, width))

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return self.plotly._repr_mimebundle_(**kwargs)

    def _repr_html_(self) -> Any:
        return self.plotly._repr_html_()

    def _ipython_display_(self) -> None:
        self.plotly._ipython_display_()


def _check(name: str, value: Any, limits: tuple[float, float]) -> None:
    low, high = limits
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not low <= value <= high:
        raise OptionError(f"{name}={value!r:.80}: give a number from {low:g} to {high:g}")
