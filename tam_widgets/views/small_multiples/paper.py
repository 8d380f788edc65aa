"""Draws a figure with matplotlib, with real text, for a paper."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import numpy as np

from ...explanation.extras import matplotlib
from ..stills.heatmap import LINE
from .layout import POINTS, Layout, Measure, Picture, laid_out
from .sheet import Sheet

_PLAIN = "DejaVu Sans"
"""Comes with matplotlib."""
_FURTHER = (
    "Noto Sans CJK JP",
    "Noto Sans CJK SC",
    "Hiragino Sans",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Zen Hei",
    "Arial Unicode MS",
    "Noto Emoji",
    "Segoe UI Emoji",
    "Segoe UI Symbol",
    "Symbola",
)
"""Fonts for letters that it lacks; those that the system has are used, in this order."""
_ASCENT = 0.93
"""Of the letters above their baseline, by their size."""
_SETTINGS = {
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
    "text.usetex": False,
    "text.hinting": "none",  # hinted letters are wider on screens than in print
    "axes.unicode_minus": False,
    "savefig.bbox": None,
    "savefig.facecolor": "white",
}


def encoded(sheet: Sheet, kind: str, dpi: float, inches: float) -> bytes:
    """A file's content.

    Args:
        sheet: The figure.
        kind: `"pdf"`, `"svg"` or `"png"`.
        dpi: Dots per inch of a PNG, and of the pictures in other files.
        inches: Width.

    Raises:
        MissingExtraError: If matplotlib is not installed.
    """
    mpl = matplotlib()
    with mpl.rc_context(_SETTINGS), _no_warnings():
        layout = laid_out(sheet, inches, _measure())
        figure = _drawn(layout, dpi)
        file = io.BytesIO()
        metadata = {"Title": sheet.name, "Description": sheet.caption}
        known = {"pdf": {"Title": sheet.name, "Subject": sheet.caption}}
        figure.savefig(file, format=kind, dpi=dpi, metadata=known.get(kind, metadata))
    return file.getvalue()


def _drawn(layout: Layout, dpi: float) -> Any:
    from matplotlib.figure import Figure

    width, height = layout.width, layout.height
    figure = Figure((width / POINTS, height / POINTS), facecolor="white")
    scale = dpi / POINTS
    for one in layout.pictures:
        pixels = one.view.drawn(max(1, round(one.width * scale)), max(1, round(one.height * scale)))
        axes = _axes(figure, layout, one.left, one.top, one.width, one.height)
        axes.imshow(np.asarray(pixels), aspect="auto", interpolation="none", extent=(0, 1, 1, 0))
        _outline(axes, one)
    for bar in layout.bars:
        axes = _axes(figure, layout, bar.left, bar.top, bar.width, bar.height)
        axes.imshow(np.asarray(bar.paint.ramp(256, 1)), aspect="auto", interpolation="none")
        axes.add_patch(_frame())
    for text in layout.texts:
        figure.text(
            text.left / width,
            1 - (text.top + _ASCENT * text.size) / height,
            text.text,
            size=text.size,
            weight="bold" if text.bold else "normal",
            color=text.colour,
            family=_families(),
            ha="left",
            va="baseline",
            parse_math=False,
        )
    return figure


def _axes(figure: Any, layout: Layout, left: float, top: float, width: float, height: float) -> Any:
    place = (
        left / layout.width,
        1 - (top + height) / layout.height,
        width / layout.width,
        height / layout.height,
    )
    axes = figure.add_axes(place)
    axes.set_axis_off()
    return axes


def _outline(axes: Any, picture: Picture) -> None:
    for ring in picture.view.rings:
        x, y = np.reshape(ring, (-1, 2)).T
        for colour, width in (("black", 1.6), ("white", 0.8)):
            axes.plot([*x, x[0]], [*y, y[0]], color=colour, linewidth=width)
    axes.set_xlim(0, 1)
    axes.set_ylim(1, 0)


def _frame() -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((-0.5, -0.5), 256, 1, fill=False, edgecolor=LINE, linewidth=0.5)


def _measure() -> Measure:
    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.font_manager import FontProperties

    renderer = RendererAgg(10, 10, POINTS)
    plain = {
        bold: FontProperties(family=_families(), weight="bold" if bold else "normal", size=20)
        for bold in (False, True)
    }

    def width(text: str, size: float, bold: bool) -> float:
        found = renderer.get_text_width_height_descent(text, plain[bold], ismath=False)[0]
        return float(found) * size / 20

    return width


@cache
def _families() -> list[str]:
    from matplotlib.font_manager import fontManager

    there = {font.name for font in fontManager.ttflist}
    return [_PLAIN, *(name for name in _FURTHER if name in there)]


@contextmanager
def _no_warnings() -> Iterator[None]:
    """Without those about letters that no font has: they are drawn as boxes."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        yield
