"""A report's charts as SVG in a page: no library, no script, in the page's own colours."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Any

import numpy as np

from tam_widgets.evaluation.reports.html_table import region

COLOURS = 8
"""Number of colours that the page's style sheet has for series."""

Interval = tuple[float, float, float]
"""A value, and the ends of its interval."""

_PLOT = 440
_STEP = 13
_GAP = 10
_FOOT = 38
_TOP = 8
_SIDE = 360
_LETTERS = 34
_LETTER = 6.8
_SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)


def dots(label: str, rows: Mapping[str, Sequence[Interval]], series: Sequence[str]) -> str:
    """Values between 0 and 1 with their intervals, a row each, one dot a series.

    Args:
        label: What the chart shows.
        rows: Of each name a value for each series.
        series: Their names.
    """
    return _in_rows(label, rows, series, _dot, _SHARES, "score")


def boxes(label: str, rows: Mapping[str, Sequence[Sequence[float]]], series: Sequence[str]) -> str:
    """Spreads of values between 0 and 1: the middle half, the median, the smallest and largest.

    Args:
        label: What the chart shows, which is also the title of its axis.
        rows: Of each name the values of each series.
        series: Their names.
    """
    return _in_rows(label, rows, series, _box, _SHARES, label)


def bars(label: str, rows: Mapping[str, Sequence[int]], series: Sequence[str]) -> str:
    """Counts of samples.

    Args:
        label: What the chart shows.
        rows: Of each name the count of each series.
        series: Their names.
    """
    most = max((count for counts in rows.values() for count in counts), default=1)
    return _in_rows(label, rows, series, _bar, _counts(most), "samples")


def points(
    label: str, series: Mapping[str, Sequence[tuple[float, float]]], axes: tuple[str, str]
) -> str:
    """Points in a square from 0 to 1.

    Args:
        label: What the chart shows.
        series: Points by the series' names.
        axes: Titles of the horizontal and the vertical axis.
    """
    drawn = (
        f'<path class="{_series(i)}" fill="none" stroke-width="6" stroke-linecap="round" '
        f'stroke-opacity="0.55" d="{"".join(f"M{_x(x):.1f} {_y(y):.1f}h0" for x, y in own)}"/>'
        for i, own in enumerate(series.values())
    )
    return _in_square(label, [*series], drawn, axes)


def crosses(
    label: str, series: Mapping[str, tuple[Interval, Interval]], axes: tuple[str, str]
) -> str:
    """One value a series in a square from 0 to 1, with intervals both ways.

    Args:
        label: What the chart shows.
        series: Horizontal and vertical values by the series' names.
        axes: Titles of the horizontal and the vertical axis.
    """
    drawn = (_cross(i, *own) for i, own in enumerate(series.values()))
    return _in_square(label, [*series], drawn, axes)


def _cross(i: int, across: Interval, up: Interval) -> str:
    (x, left, right), (y, low, high) = across, up
    if math.isnan(x) or math.isnan(y):
        return ""
    lines = f"M{_x(left):.1f} {_y(y):.1f}H{_x(right):.1f}M{_x(x):.1f} {_y(low):.1f}V{_y(high):.1f}"
    dot = f'<circle cx="{_x(x):.1f}" cy="{_y(y):.1f}" r="5"/>'
    return f'<g class="{_series(i)}"><path fill="none" d="{lines}"/>{dot}</g>'


def _dot(at: Callable[[float], float], middle: float, value: Interval) -> str:
    mean, low, high = value
    if math.isnan(mean):
        return ""
    known = not math.isnan(low)
    line = f'<path d="M{at(low):.1f} {middle}H{at(high):.1f}"/>' if known else ""
    return f'{line}<circle cx="{at(mean):.1f}" cy="{middle}" r="4"/>'


def _box(at: Callable[[float], float], middle: float, values: Sequence[float]) -> str:
    if not values:
        return ""
    least, low, median, high, most = (at(float(one)) for one in np.quantile(values, _SHARES))
    top = middle - 4
    return (
        f'<path d="M{least:.1f} {middle}H{most:.1f}"/>'
        f'<rect x="{low:.1f}" y="{top}" width="{high - low:.1f}" height="8" fill-opacity="0.35"/>'
        f'<path stroke-width="3" d="M{median:.1f} {top}v8"/>'
    )


def _bar(at: Callable[[float], float], middle: float, count: int) -> str:
    end, width = at(count), at(count) - at(0)
    return (
        f'<rect x="{at(0):.1f}" y="{middle - 4}" width="{width:.1f}" height="8" stroke="none"/>'
        f'<text class="tick" x="{end + 5:.1f}" y="{middle + 4}">{count:,}</text>'
    )


def _in_rows(
    label: str,
    rows: Mapping[str, Sequence[Any]],
    series: Sequence[str],
    draw: Callable[[Callable[[float], float], float, Any], str],
    ticks: Sequence[float],
    axis: str,
) -> str:
    """Rows of marks above a horizontal axis."""
    start = 16 + _LETTER * min(max(map(len, rows), default=0), _LETTERS + 1)
    high = len(series) * _STEP
    bottom = _TOP + len(rows) * (high + _GAP)

    def at(value: float) -> float:
        return start + _PLOT * min(max(value / ticks[-1], 0), 1)

    parts = [_tick(at(value), bottom, f"{value:g}") for value in ticks]
    for number, (name, values) in enumerate(rows.items()):
        top = _TOP + number * (high + _GAP)
        parts.append(_row_label(name, start - 10, top + high / 2))
        for i, value in enumerate(values):
            mark = draw(at, top + i * _STEP + _STEP / 2, value)
            parts.append(f'<g class="{_series(i)}">{mark}</g>')
    parts.append(_text(axis, start + _PLOT / 2, bottom + 32, "middle", "tick"))
    drawn = _svg(label, start + _PLOT + 50, bottom + _FOOT, parts)
    return f"{_legend(series)}{drawn}"


def _in_square(
    label: str, series: Sequence[str], drawn: Iterable[str], axes: tuple[str, str]
) -> str:
    bottom = _y(0)
    parts = [_tick(_x(value), bottom, f"{value:g}") for value in _SHARES]
    for value in _SHARES:
        y = _y(value)
        parts.append(f'<path class="axis" d="M{_x(0)} {y:.1f}H{_x(1)}"/>')
        parts.append(_text(f"{value:g}", _x(0) - 8, y + 4, "end", "tick"))
    parts += drawn
    across, up = axes
    parts.append(_text(across, _x(0.5), bottom + 32, "middle", "tick"))
    middle = _y(0.5)
    turned = f'transform="rotate(-90 14 {middle})"'
    parts.append(f'<text class="tick" x="14" y="{middle}" text-anchor="middle" {turned}>')
    parts.append(f"{escape(up)}</text>")
    return f"{_legend(series)}{_svg(label, _x(1) + 20, bottom + _FOOT, parts)}"


def _x(share: float) -> float:
    return 60 + _SIDE * min(max(share, 0), 1)


def _y(share: float) -> float:
    return _TOP + _SIDE * (1 - min(max(share, 0), 1))


def _tick(x: float, bottom: float, text: str) -> str:
    line = f'<path class="axis" d="M{x:.1f} {_TOP}V{bottom}"/>'
    return line + _text(text, x, bottom + 16, "middle", "tick")


def _row_label(name: str, x: float, middle: float) -> str:
    if len(name) <= _LETTERS:
        return _text(name, x, middle + 4, "end")
    short = _text(f"{name[:_LETTERS]}…", x, middle + 4, "end")
    return f"<g><title>{escape(name)}</title>{short}</g>"


def _text(text: str, x: float, y: float, anchor: str, kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text{named} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(label: str, width: float, height: float, parts: Iterable[str]) -> str:
    size = f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}"'
    name = escape(label, quote=True)
    drawn = f'<svg class="chart" role="img" aria-label="{name}" {size}>{"".join(parts)}</svg>'
    return region(f"Chart: {label}", drawn, "wide tall")


def _legend(series: Sequence[str]) -> str:
    """Names of the series beside their colours."""
    mark = (
        '<svg class="{kind}" viewBox="0 0 12 12" aria-hidden="true">'
        '<circle cx="6" cy="6" r="5"/></svg>'
    )
    lines = (
        f"<li>{mark.format(kind=_series(i))}{escape(name)}</li>" for i, name in enumerate(series)
    )
    return f'<ul class="legend">{"".join(lines)}</ul>'


def _series(number: int) -> str:
    return f"series series-{number % COLOURS}"


def _counts(most: int) -> list[float]:
    """Round numbers from 0 up to one that is not smaller."""
    power = 10 ** max(math.floor(math.log10(max(most, 1))) - 1, 0)
    step = next(one for one in (power * k for k in (1, 2, 5, 10, 20)) if most <= 6 * one)
    return [float(step * i) for i in range(math.ceil(max(most, 1) / step) + 1)]
