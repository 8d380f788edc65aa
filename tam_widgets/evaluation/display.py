"""A report as a notebook shows it."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from tam_widgets.errors import MissingExtraError, TamError

if TYPE_CHECKING:
    from tam_widgets.evaluation.report import Report


def bundle(report: Report, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The gallery where widgets are, the summary elsewhere: data and metadata by media type."""
    data, metadata = _gallery(report, **kwargs)
    return {**data, **_summary(report), "text/plain": repr(report)}, metadata


def _gallery(report: Report, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    from tam_widgets.widgets.gallery import Gallery

    try:
        shown = Gallery(report)._repr_mimebundle_(**kwargs)
    except TamError as error:
        warnings.warn(f"the gallery cannot be shown: {error}", stacklevel=2)
        return {}, {}
    return shown if isinstance(shown, tuple) else (shown or {}, {})


def _summary(report: Report) -> dict[str, Any]:
    try:
        table = report.summary
    except MissingExtraError:  # the gallery does without pandas
        return {}
    return {"text/html": table.to_html(index=False, float_format="{:.3f}".format)}
