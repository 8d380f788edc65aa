"""A report's figures (plotly)."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

if TYPE_CHECKING:
    from tam_widgets.evaluation.reports.report import Report

SHOWN = {"f1_iou": "F1-IoU", "obj_iou": "Obj-IoU", "func_iou": "Func-IoU"}
_MOST_CATEGORIES = 40
_MOST_DRAWN = 2_000
"""Most points that are drawn as vectors, which takes the browser half a millisecond each."""


def figures(report: Report) -> dict[str, Any]:
    """All figures of a report by title."""
    return {
        "Scores, with 95 % intervals": scores(report),
        "Obj-IoU by category": by_category(report),
        "Samples": by_sample(report),
        "Failure signatures": by_signature(report),
    }


def scores(report: Report) -> Any:
    """Bars of the pooled metrics, a bar a model and method."""
    table = report.summary
    names = _names(table)
    bars = []
    for measure, title in SHOWN.items():
        value = table[measure]
        error = {
            "type": "data",
            "symmetric": False,
            "array": (table[f"{measure}_high"] - value).tolist(),
            "arrayminus": (value - table[f"{measure}_low"]).tolist(),
        }
        bars.append(go.Bar(name=title, x=names, y=value.tolist(), error_y=error))
    return _laid_out(go.Figure(bars), y="score")


def by_category(report: Report) -> Any:
    """Obj-IoU of each category under the last method, the most frequent categories first."""
    words = report.words
    chosen = words[(words["method"] == report.methods[-1]) & words["iou"].notna()]
    frequent = chosen["category"].value_counts().index[:_MOST_CATEGORIES]
    boxes = []
    for model in report.models:
        own = chosen[(chosen["model"] == model) & chosen["category"].isin(frequent)]
        x, y = _plain(own["category"]), own["iou"].tolist()
        boxes.append(go.Box(name=_as_it_stands(model), x=x, y=y))
    figure = _laid_out(go.Figure(boxes), y=f"Obj-IoU, {_as_it_stands(report.methods[-1])}")
    return figure.update_layout(boxmode="group", xaxis={"categoryarray": _plain(frequent)})


def by_sample(report: Report) -> Any:
    """A point a sample: Func-IoU against Obj-IoU; failures lie low or to the left."""
    table = report.samples
    kind = go.Scatter if len(table) <= _MOST_DRAWN else go.Scattergl
    points = []
    for (model, method), part in table.groupby(["model", "method"], sort=False):
        points.append(
            kind(
                name=_as_it_stands(f"{model}, {method}"),
                mode="markers",
                x=part["obj_iou"].tolist(),
                y=part["func_iou"].tolist(),
                text=_plain(part["sample"]),
                marker={"opacity": 0.6},
            )
        )
    return _laid_out(go.Figure(points), y="Func-IoU").update_xaxes(title="Obj-IoU")


def by_signature(report: Report) -> Any:
    """How many samples show each signature."""
    table = report.signatures
    bars = []
    for (model, method), part in table.groupby(["model", "method"], sort=False):
        counts = part["signature"].value_counts(sort=False)
        name = _as_it_stands(f"{model}, {method}")
        bars.append(go.Bar(name=name, x=counts.index.tolist(), y=counts.tolist()))
    return _laid_out(go.Figure(bars), y="samples")


def _names(table: Any) -> list[str]:
    pairs = zip(_plain(table["model"]), _plain(table["method"]), strict=True)
    return [f"{model}<br>{method}" for model, method in pairs]


def _plain(texts: Iterable[str]) -> list[str]:
    return [_as_it_stands(text) for text in texts]


def _as_it_stands(text: str) -> str:
    """A text in which plotly would read tags of HTML; it knows no ``&quot;``."""
    return escape(text, quote=False)


def _laid_out(figure: Any, y: str) -> Any:
    return figure.update_layout(
        template="plotly_white", yaxis_title=y, margin={"t": 20, "r": 10}, height=420
    )
