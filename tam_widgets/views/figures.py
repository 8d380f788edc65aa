"""Figures of checks (plotly), drawn from their arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.colors import qualitative
from plotly.subplots import make_subplots

from ..errors import OptionError, TokenIndexError
from ..explanation.check_record import Order
from ..explanation.faithfulness import FaithfulnessCheck, Side

SIDES: Sequence[tuple[Side, str, str]] = (
    ("deletion", "deletion", "share removed"),
    ("insertion", "insertion", "share uncovered"),
)
COLOURS = qualitative.Plotly
_GREY, _BAND = "#888888", "rgba(136, 136, 136, 0.25)"
_CONTROLS = {"mask": ("true mask", "#222222", "dash"), "centre": ("centre", _GREY, "dashdot")}


def check_figure(check: FaithfulnessCheck, token: int | None = None) -> Any:
    """The deletion and insertion curves of a check, with the controls.

    Args:
        check: A check with curves.
        token: Index of a checked token; by default the mean over all is drawn.

    Raises:
        TokenIndexError: If it was not checked.
        OptionError: If the check has no curves.
    """
    if not check.steps:
        raise OptionError(f"the protocol {check.protocol!r} has no curves to draw")
    if token is not None and token not in check.tokens:
        raise TokenIndexError(f"token {token!r:.80} was not checked: give one of {check.tokens!r}")
    chosen = slice(None) if token is None else [check.tokens.index(token)]
    figure = make_subplots(1, 2, shared_yaxes=True, subplot_titles=[title for _, title, _ in SIDES])
    for place, (side, _, x) in enumerate(SIDES, start=1):
        for trace in _traces(check, side, chosen):
            trace.update(showlegend=trace.showlegend is not False and place == 1)
            figure.add_trace(trace, row=1, col=place)
        figure.update_xaxes(title=x, row=1, col=place)
    what = "relative probability" if check.relative else "probability"
    return _laid_out(figure).update_yaxes(title=what, col=1)


def sanity_figure(
    methods: Sequence[str], stages: Sequence[str], means: Mapping[str, NDArray[np.float64]]
) -> Any:
    """How alike maps remain while more and more weights are random.

    Args:
        methods: Names of the methods.
        stages: What was randomised last.
        means: Values by the titles of their measures, float64 [methods, stages].
    """
    figure = make_subplots(1, 2, shared_yaxes=True, subplot_titles=[*means])
    x = ["own weights", *stages]
    for place, values in enumerate(means.values(), start=1):
        for number, name in enumerate(methods):
            y = np.concatenate([[1.0], values[number]])
            trace = _line(name, x, y, COLOURS[number % len(COLOURS)], "solid")
            trace.update(showlegend=place == 1, mode="lines+markers")
            figure.add_trace(trace, row=1, col=place)
        figure.update_xaxes(title="random down to", row=1, col=place)
    return _laid_out(figure)


def _traces(check: FaithfulnessCheck, side: Side, chosen: Any) -> list[Any]:
    def curve(order: Order) -> NDArray[np.float64]:
        found = check.scores(order, side)[chosen]
        known: NDArray[np.float64] = found[np.isfinite(found).all(axis=1)]
        return known.mean(axis=0) if len(known) else np.full(len(check.shares), np.nan)

    x = check.shares.tolist()
    traces: list[Any] = []
    random = [curve(order) for order in check.orders if order.kind == "random"]
    if random:
        low, high = np.min(random, axis=0), np.max(random, axis=0)
        edge = {"x": x, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
        traces.append(go.Scatter(y=high.tolist(), showlegend=False, legendgroup="random", **edge))
        traces.append(
            go.Scatter(
                y=low.tolist(),
                name="random, lowest to highest",
                legendgroup="random",
                fill="tonexty",
                fillcolor=_BAND,
                **edge,
            )
        )
        mean = np.mean(random, axis=0)
        traces.append(_line("random", x, mean, _GREY, "solid"))
    blank = np.zeros(1) if check.relative else np.exp(check.log_p_blank[chosen])
    level = np.full(len(x), blank.mean())
    traces.append(_line("no picture", x, level, _GREY, "dot"))
    for order in check.orders:
        if order.kind in _CONTROLS:
            name, colour, dash = _CONTROLS[order.kind]
            traces.append(_line(name, x, curve(order), colour, dash))
    methods = [order for order in check.orders if order.kind == "method"]
    for number, order in enumerate(methods):
        colour = COLOURS[number % len(COLOURS)]
        traces.append(_line(order.name, x, curve(order), colour, "solid"))
    return traces


def _line(name: str, x: list[Any], y: NDArray[np.float64], colour: str, dash: str) -> Any:
    # Plotly reads HTML tags in a name, and does not know ``&quot;``.
    return go.Scatter(
        name=escape(name, quote=False),
        legendgroup=name,
        x=x,
        y=y.tolist(),
        mode="lines",
        line={"color": colour, "dash": dash},
    )


def _laid_out(figure: Any) -> Any:
    return figure.update_layout(template="plotly_white", margin={"t": 40, "r": 10}, height=420)
