"""The figure of methods judged by planted reasons (plotly)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.colors import qualitative
from plotly.subplots import make_subplots

from tam_widgets.evaluation.planted.word import TRUE_MASK

Rows = Sequence[Mapping[str, Any]]

_ROW, _REST = 24, 140  # pixels
_COLOUR, _CONTROL, _AREA = qualitative.Plotly[0], "#888888", "#444444"
_CONTROLS = (TRUE_MASK, "random", "centre", "edges")


def planted_figure(rows: Rows) -> Any:
    """Each method's share on planted evidence, a column for each model that has evidence.

    Args:
        rows: A row for each model, plant and method, as `PlantedTruth.to_dataframe` or
            `tw.demo.planted_table` has them.
    """
    shown = [row for row in rows if row["share"] is not None and not np.isnan(row["share"])]
    names = list(dict.fromkeys(_name(row) for row in shown))
    methods = list(dict.fromkeys(row["method"] for row in shown))
    figure = make_subplots(
        1, max(1, len(names)), shared_yaxes=True, subplot_titles=names, horizontal_spacing=0.02
    )
    for place, name in enumerate(names, start=1):
        own = [row for row in shown if _name(row) == name]
        figure.add_trace(_dots(own), row=1, col=place)
        figure.add_vline(own[0]["area"], line_dash="dot", line_color=_AREA, row=1, col=place)
    figure.update_xaxes(range=[-0.03, 1.03], tickvals=[0, 0.5, 1])
    figure.update_yaxes(autorange="reversed", categoryorder="array", categoryarray=methods)
    figure.update_layout(
        template="plotly_white",
        height=_REST + _ROW * len(methods),
        margin={"t": 60, "r": 10, "b": 60},
        showlegend=False,
    )
    told = "share of the map on the planted evidence (dotted: share of the picture that it covers)"
    return figure.add_annotation(
        text=told, x=0.5, y=0, yshift=-50, xref="paper", yref="paper", showarrow=False
    )


def _dots(rows: Rows) -> Any:
    return go.Scatter(
        x=[row["share"] for row in rows],
        y=[escape(row["method"], quote=False) for row in rows],
        error_x={
            "array": [row["share_high"] - row["share"] for row in rows],
            "arrayminus": [row["share"] - row["share_low"] for row in rows],
        },
        mode="markers",
        marker={
            "size": 9,
            "color": [_CONTROL if row["method"] in _CONTROLS else _COLOUR for row in rows],
        },
        customdata=[[row["words"], row["pointing"]] for row in rows],
        hovertemplate="%{y}: %{x:.2f}, pointing %{customdata[1]:.2f}, "
        "%{customdata[0]} words<extra></extra>",
    )


def _name(row: Mapping[str, Any]) -> str:
    return escape(f"{row['plant']} ({row['model']})", quote=False)
