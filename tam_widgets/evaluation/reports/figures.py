"""A report's figures (plotly), drawn from its tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

import plotly.graph_objects as go

from tam_widgets.evaluation.measures.faithfulness import REFERENCES

SHOWN = {"f1_iou": "F1-IoU", "obj_iou": "Obj-IoU", "func_iou": "Func-IoU"}
_SYMBOLS = dict(zip(REFERENCES.values(), ("x", "diamond", "star"), strict=True))
_MAX_CATEGORIES = 40
_MAX_DRAWN = 2_000
"""Most points that are drawn as vectors; each takes the browser half a millisecond."""


def scores(summary: Any) -> Any:
    """Bars of the pooled metrics, one per model and method.

    Args:
        summary: `Report.summary`.
    """
    names = _names(summary)
    bars = []
    for measure, title in SHOWN.items():
        value = summary[measure]
        error = {
            "type": "data",
            "symmetric": False,
            "array": (summary[f"{measure}_high"] - value).tolist(),
            "arrayminus": (value - summary[f"{measure}_low"]).tolist(),
        }
        bars.append(go.Bar(name=title, x=names, y=value.tolist(), error_y=error))
    return _laid_out(go.Figure(bars), y="score")


def by_order(faithfulness: Any) -> Any:
    """Insertion against deletion, one point per model and order; the faithful lie high and left.

    Args:
        faithfulness: `Report.faithfulness`.
    """
    points = []
    for row in faithfulness.to_dict("records"):
        grey = {"color": "#888", "symbol": _SYMBOLS[row["order"]]} if row["reference"] else {}
        points.append(
            go.Scatter(
                name=_as_it_stands(f"{row['model']}, {row['order']}"),
                mode="markers",
                x=[row["deletion"]],
                y=[row["insertion"]],
                error_x=_error(row, "deletion"),
                error_y=_error(row, "insertion"),
                marker={"size": 11, **grey},
            )
        )
    figure = _laid_out(go.Figure(points), y="insertion, area under the probability")
    return figure.update_xaxes(title="deletion, area under the probability")


def by_category(words: Any, models: Iterable[str], method: str) -> Any:
    """Obj-IoU of each category under one method, the most frequent categories first.

    Args:
        words: `Report.words`.
        models: Names of the models.
        method: Name of the method.
    """
    chosen = words[(words["method"] == method) & words["iou"].notna()]
    frequent = chosen["category"].value_counts().index[:_MAX_CATEGORIES]
    boxes = []
    for model in models:
        own = chosen[(chosen["model"] == model) & chosen["category"].isin(frequent)]
        x, y = _plain(own["category"]), own["iou"].tolist()
        boxes.append(go.Box(name=_as_it_stands(model), x=x, y=y))
    figure = _laid_out(go.Figure(boxes), y=f"Obj-IoU, {_as_it_stands(method)}")
    return figure.update_layout(boxmode="group", xaxis={"categoryarray": _plain(frequent)})


def by_sample(samples: Any) -> Any:
    """Func-IoU against Obj-IoU, one point per sample; failures lie low or to the left.

    Args:
        samples: `Report.samples`.
    """
    kind = go.Scatter if len(samples) <= _MAX_DRAWN else go.Scattergl
    points = []
    for (model, method), part in samples.groupby(["model", "method"], sort=False):
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


def by_signature(signatures: Any) -> Any:
    """Number of samples with each failure signature.

    Args:
        signatures: `Report.signatures`.
    """
    bars = []
    for (model, method), part in signatures.groupby(["model", "method"], sort=False):
        counts = part["signature"].value_counts(sort=False)
        name = _as_it_stands(f"{model}, {method}")
        bars.append(go.Bar(name=name, x=counts.index.tolist(), y=counts.tolist()))
    return _laid_out(go.Figure(bars), y="samples")


def _error(row: Mapping[str, Any], measure: str) -> dict[str, Any]:
    value = row[measure]
    above, below = row[f"{measure}_high"] - value, value - row[f"{measure}_low"]
    return {"type": "data", "symmetric": False, "array": [above], "arrayminus": [below]}


def _names(table: Any) -> list[str]:
    pairs = zip(_plain(table["model"]), _plain(table["method"]), strict=True)
    return [f"{model}<br>{method}" for model, method in pairs]


def _plain(texts: Iterable[str]) -> list[str]:
    return [_as_it_stands(text) for text in texts]


def _as_it_stands(text: str) -> str:
    """Escapes a text in which plotly would read HTML tags; plotly does not know ``&quot;``."""
    return escape(text, quote=False)


def _laid_out(figure: Any, y: str) -> Any:
    return figure.update_layout(
        template="plotly_white", yaxis_title=y, margin={"t": 20, "r": 10}, height=420
    )
