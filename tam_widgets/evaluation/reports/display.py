"""A report as a notebook shows it."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from tam_widgets.errors import TamError
from tam_widgets.terminal import escaped
from tam_widgets.views.gallery.run import Run


def bundle(
    run: Run, summary: Sequence[Mapping[str, Any]], text: str, **kwargs: Any
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The gallery with its still picture; the summary if the gallery cannot be shown.

    There is no table besides: an untrusted notebook would show it instead of the picture.

    Args:
        run: What the gallery shows.
        summary: The summary's rows.
        text: What a terminal shows.
        **kwargs: As IPython passes them on.

    Returns:
        Data and metadata by media type.
    """
    data, metadata = _gallery(run, **kwargs)
    return {**(data or {"text/html": _table(summary)}), "text/plain": text}, metadata


def _gallery(run: Run, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    from tam_widgets.views.gallery import Gallery

    try:
        shown = Gallery(run)._repr_mimebundle_(**kwargs)
    except TamError as error:
        warnings.warn(f"the gallery cannot be shown: {escaped(error)}", stacklevel=2)
        return {}, {}
    return shown if isinstance(shown, tuple) else (shown or {}, {})


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    lines = [_line("th", rows[0]), *(_line("td", row.values()) for row in rows)]
    return f"<table>{''.join(lines)}</table>"


def _line(tag: str, values: Iterable[Any]) -> str:
    shown = (f"{value:.3f}" if isinstance(value, float) else str(value) for value in values)
    return f"<tr>{''.join(f'<{tag}>{escape(text)}</{tag}>' for text in shown)}</tr>"
