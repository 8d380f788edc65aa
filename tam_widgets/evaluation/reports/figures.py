"""A report's figures (plotly)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

if TYPE_CHECKING:
    from tam_widgets.evaluation.reports.report import Report

SHOWN = {"f1_iou": "F1-IoU", "obj_iou": "Obj-IoU", "func_iou": "Func-IoU"}
_MOST_CATEGORIES = 40


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
    frequent = chosen["category"].value_counts().index[:_MOST_CATEGORIES].tolist()
    boxes = []
    for model in report.models:
        own = chosen[(chosen["model"] == model) & chosen["category"].isin(frequent)]
        boxes.append(go.Box(name=model, x=own["category"].tolist(), y=own["iou"].tolist()))
    figure = _laid_out(go.Figure(boxes), y=f"Obj-IoU, {report.methods[-1]}")
    return figure.update_layout(boxmode="group", xaxis={"categoryarray": frequent})


def by_sample(report: Report) -> Any:
    """A point a sample: Func-IoU against Obj-IoU; failures lie low or to the left."""
    table = report.samples
    points = []
    for (model, method), part in table.groupby(["model", "method"], sort=False):
        points.append(
            go.Scattergl(
                name=f"{model}, {method}",
                mode="markers",
                x=part["obj_iou"].tolist(),
                y=part["func_iou"].tolist(),
                text=part["sample"].tolist(),
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
        bars.append(go.Bar(name=f"{model}, {method}", x=counts.index.tolist(), y=counts.tolist()))
    return _laid_out(go.Figure(bars), y="samples")


def _names(table: Any) -> list[str]:
    return [f"{model}<br>{m}" for model, m in zip(table["model"], table["method"], strict=True)]


def _laid_out(figure: Any, y: str) -> Any:
    return figure.update_layout(
        template="plotly_white", yaxis_title=y, margin={"t": 20, "r": 10}, height=420
    )
