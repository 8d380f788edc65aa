"""A report as a notebook shows it."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Any

from tam_widgets.errors import TamError
from tam_widgets.terminal import escaped

if TYPE_CHECKING:
    from tam_widgets.evaluation.reports.report import Report


def bundle(report: Report, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The gallery, with its still picture; the summary where there is none.

    A table beside the picture would be shown in its place where a notebook is not trusted.

    Returns:
        Data and metadata by media type.
    """
    data, metadata = _gallery(report, **kwargs)
    return {**(data or {"text/html": _summary(report)}), "text/plain": repr(report)}, metadata


def _gallery(report: Report, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    from tam_widgets.views.gallery import Gallery

    try:
        shown = Gallery(report)._repr_mimebundle_(**kwargs)
    except TamError as error:
        warnings.warn(f"the gallery cannot be shown: {escaped(error)}", stacklevel=2)
        return {}, {}
    return shown if isinstance(shown, tuple) else (shown or {}, {})


def _summary(report: Report) -> str:
    rows = [report.pooled(model, method) for model in report.models for method in report.methods]
    lines = [_line("th", rows[0]), *(_line("td", row.values()) for row in rows)]
    return f"<table>{''.join(lines)}</table>"


def _line(tag: str, values: Iterable[Any]) -> str:
    shown = (f"{value:.3f}" if isinstance(value, float) else str(value) for value in values)
    return f"<tr>{''.join(f'<{tag}>{escape(text)}</{tag}>' for text in shown)}</tr>"
