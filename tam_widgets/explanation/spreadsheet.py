"""Tables as CSV in which a spreadsheet finds no formulas."""

from __future__ import annotations

from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""First characters of cells that a spreadsheet takes for formulas, also in full width."""


def csv_text(table: Any) -> str:
    """A pandas frame as CSV, with an apostrophe before text that begins like a formula.

    A spreadsheet shows such a cell as text, as OWASP recommends. Numbers stay numbers.
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
