"""Tables as HTML: titles in plain words, an interval in one cell with its mean."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

LONGEST_TABLE = 500
SMALLEST = 0.001

Row = Mapping[str, Any]


def html_table(label: str, rows: Sequence[Row], columns: Mapping[str, str]) -> str:
    """A table that scrolls in itself, also by keyboard; of a long one the first rows.

    Args:
        label: What it shows, for those who do not see it.
        rows: Of a measure with ``_low`` and ``_high``, all three make one cell.
        columns: Titles by the rows' keys.
    """
    first = rows[0] if rows else dict.fromkeys(columns, "")
    head = "".join(
        f'<th scope="col"{_kind(first[key])}>{escape(title)}</th>' for key, title in columns.items()
    )
    lines = (_line(row, columns) for row in rows[:LONGEST_TABLE])
    rest = len(rows) - LONGEST_TABLE
    more = f"<p>… and {rest:,} more rows, in the report's CSV files.</p>" if rest > 0 else ""
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
    return f"{region(f'Table: {label}', table)}{more}"


def region(label: str, content: str, kind: str = "wide") -> str:
    """A part of the page that scrolls in itself and can be reached by keyboard.

    Args:
        label: What it shows.
        content: HTML.
        kind: Its class.
    """
    name = escape(label, quote=True)
    return f'<div class="{kind}" role="region" aria-label="{name}" tabindex="0">{content}</div>'


def _line(row: Row, columns: Mapping[str, str]) -> str:
    first, *others = columns
    cells = (f"<td{_kind(row[key])}>{_shown(row, key)}</td>" for key in others)
    return f'<tr><th scope="row">{_shown(row, first)}</th>{"".join(cells)}</tr>'


def _kind(value: Any) -> str:
    return "" if isinstance(value, str) else ' class="number"'


def _shown(row: Row, key: str) -> str:
    value = row[key]
    low, high = row.get(f"{key}_low"), row.get(f"{key}_high")
    if low is None or high is None or math.isnan(low):
        return _text(value)
    return f"{_text(value)} ({_text(low)} to {_text(high)})"


def _text(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    if isinstance(value, float):
        return "&lt; 0.001" if 0 < value < SMALLEST / 2 else f"{value:.3f}"
    return escape(f"{value:,}" if isinstance(value, int) else str(value))
