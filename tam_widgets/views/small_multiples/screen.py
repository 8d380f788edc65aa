"""Draws a figure with plotly."""

from __future__ import annotations

import base64
import io
import unicodedata
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go
from PIL import Image

from ..stills.heatmap import LINE
from ..stills.typeset import font
from .cell import Ring
from .layout import POINTS, Layout, Picture, Text, laid_out
from .sheet import Sheet

DOTS = 108
"""Pixels of the screen for an inch: letters are larger than on paper, to be read in a notebook."""
SHARPNESS = 2
"""Pixels of a picture for one of the screen, of which many have several."""
_FAMILY = "arial, helvetica, sans-serif"
_WIDEST = 1.22
"""How much wider than Pillow's letters, by which texts are measured, those of a browser may be."""


def plotly_figure(sheet: Sheet, inches: float) -> Any:
    """A plotly figure of a width."""
    layout = laid_out(sheet, inches, _measured)
    figure = go.Figure()
    scale = DOTS / POINTS
    figure.update_layout(
        template="plotly_white",
        width=round(layout.width * scale),
        height=round(layout.height * scale),
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        xaxis={"visible": False, "range": [0, layout.width], "fixedrange": True},
        yaxis={"visible": False, "range": [layout.height, 0], "fixedrange": True},
        font={"family": _FAMILY},
        images=[*_pictures(layout, scale), *_bars(layout)],
        annotations=[_annotation(text, scale) for text in layout.texts],
        shapes=_lines(layout),
        hovermode=False,
    )
    return figure.add_trace(go.Scatter(x=[], y=[], showlegend=False))


def _measured(text: str, size: float, bold: bool) -> float:
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    narrow = "".join(c for c in text if unicodedata.east_asian_width(c) not in "WF")
    length = float(font(20, "").getlength(narrow)) / 20
    return size * (wide + length * _WIDEST * (1.1 if bold else 1))


def _annotation(text: Text, scale: float) -> dict[str, Any]:
    # Plotly reads HTML tags, does not know ``&quot;``, and takes what $ encloses for formulas.
    shown = escape(text.text, quote=False).replace("$", "&#36;")
    return {
        "x": text.left,
        "y": text.top,
        "text": f"<b>{shown}</b>" if text.bold else shown,
        "showarrow": False,
        "xanchor": "left",
        "yanchor": "top",
        "align": "left",
        "borderpad": 0,
        "font": {"size": text.size * scale, "color": text.colour},
    }


def _pictures(layout: Layout, scale: float) -> list[dict[str, Any]]:
    dots = scale * SHARPNESS
    return [
        _image(
            _jpeg(one.view.drawn(round(one.width * dots), round(one.height * dots))),
            (one.left, one.top, one.width, one.height),
        )
        for one in layout.pictures
    ]


def _bars(layout: Layout) -> list[dict[str, Any]]:
    return [
        _image(_png(one.paint.ramp(256, 1)), (one.left, one.top, one.width, one.height))
        for one in layout.bars
    ]


def _image(source: str, place: tuple[float, float, float, float]) -> dict[str, Any]:
    x, y, width, height = place
    size = {"x": x, "y": y, "sizex": width, "sizey": height, "sizing": "stretch"}
    return {"source": source, "xref": "x", "yref": "y", **size}


def _lines(layout: Layout) -> list[dict[str, Any]]:
    """Outlines of true masks, white on black, and frames of colour scales."""
    found = [
        {"type": "path", "path": _path(one, ring), "line": {"color": colour, "width": width}}
        for one in layout.pictures
        for ring in one.view.rings
        for colour, width in (("black", 3), ("white", 1.5))
    ]
    frames = [
        {
            "type": "rect",
            "x0": one.left,
            "x1": one.left + one.width,
            "y0": one.top,
            "y1": one.top + one.height,
            "line": {"color": LINE, "width": 1},
        }
        for one in layout.bars
    ]
    return found + frames


def _path(picture: Picture, ring: Ring) -> str:
    size, place = (picture.width, picture.height), (picture.left, picture.top)
    corners = np.add(np.reshape(ring, (-1, 2)) * size, place)
    points = [f"{x:.2f},{y:.2f}" for x, y in corners]
    return f"M{' L'.join(points)} Z"


def _jpeg(picture: Image.Image) -> str:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=85)
    return f"data:image/jpeg;base64,{base64.b64encode(file.getvalue()).decode()}"


def _png(picture: Image.Image) -> str:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
