"""Tables as CSV that a spreadsheet shows and never runs."""

from __future__ import annotations

from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a cell begins with that a spreadsheet takes for a formula, also in full width."""


def csv_text(table: Any) -> str:
    """A pandas frame as CSV; an apostrophe stands before text that begins like a formula.

    That is how OWASP recommends it: a spreadsheet shows such a cell as text. Numbers stay numbers.
    """
    words = {name: table[name].map(_as_text) for name in table.select_dtypes(exclude="number")}
    text: str = table.assign(**words).to_csv(index=False, lineterminator="\n")
    return text


def _as_text(cell: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    # pandas would not quote a carriage return, behind which a row would begin
    lines = cell.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{lines}" if cell.startswith(FORMULA) else lines
