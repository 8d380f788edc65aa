"""Tables as CSV: text that begins like a formula stays text."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd
import pytest

import tam_widgets as tw
from tam_widgets.explanation.spreadsheet import csv_text
from tests.evaluation.made import MASKS, MadeExplainer, sample

FORMULAS = ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "\n=1", '=HYPERLINK("x")', "＝1"]


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("cell", FORMULAS)
def test_text_that_begins_like_a_formula_is_marked(cell: str) -> None:
    expected = "'" + cell.replace("\r", "\n")
    assert read(csv_text(pd.DataFrame({"a": [cell, "b"]}))) == [["a"], [expected], ["b"]]


def test_a_carriage_return_begins_no_row() -> None:
    assert read(csv_text(pd.DataFrame({"a": ["b\r=1\r\n=2"]}))) == [["a"], ["b\n=1\n=2"]]


def test_numbers_and_other_text_stay_as_they_are() -> None:
    table = pd.DataFrame(
        {
            "n": [-1.5, None],
            "i": [-3, 2],
            "t": ["a-b =c", None],
            "l": [[-1, 2], []],
            "b": [True] * 2,
        }
    )
    assert csv_text(table) == table.to_csv(index=False, lineterminator="\n")
    mixed = pd.DataFrame({"x": [-1, "-1", None]}, dtype=object)
    assert read(csv_text(mixed))[1:] == [["-1"], ["'-1"], [""]]


def test_tables_of_a_report_hold_no_formula(tmp_path: Path) -> None:
    samples = [sample(cell, MASKS["good"], image="good") for cell in FORMULAS]
    report = tw.evaluate(MadeExplainer("=m"), samples, folder=tmp_path / "r", progress=False)
    for path in report.save_tables():
        for row in read(path.read_text(encoding="utf-8"))[1:]:
            assert row[0] == "'=m"
            assert not [cell for cell in row if cell[:1] in "=+@\t\r\n-" and not _is_number(cell)]
    assert report.samples["sample"].tolist() == FORMULAS


def _is_number(cell: str) -> bool:
    try:
        float(cell or 0)
    except ValueError:
        return False
    return True
