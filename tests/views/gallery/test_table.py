"""The table of selected samples, which the front end makes exactly so; and what is exported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import tam_widgets as tw
from tam_widgets.errors import EvaluationError, OutputError
from tam_widgets.explanation.spreadsheet import csv_text
from tam_widgets.views.gallery.listing import listing
from tam_widgets.views.gallery.table import as_text, rows
from tests.views.gallery.heard import Heard

FIXTURE = Path(__file__).parents[2] / "fixtures" / "gallery_table.json"
IDS = ["absent", "good", "gone"]
NOTES = {
    "good": {"tags": ["odd", "new"], "note": 'says "cat",\r\nand more'},
    "absent": {"tags": ["=1+1"], "note": "=HYPERLINK(1)"},
}


def fixture(first: tw.Report, second: tw.Report) -> dict[str, Any]:
    """A listing of two runs with notes and answers, and the table that these make."""
    runs = [first.run(), second.run()]
    listed = listing(runs)
    listed["signatures"] = [one | {"meaning": ""} for one in listed["signatures"]]
    answers: dict[str, list[str | None]] = {one: [run.answer(one) for run in runs] for one in IDS}
    answers["good"][0] = "-the cat"
    made = rows(listed, NOTES, IDS, answers)
    texts = pd.DataFrame([{n: as_text(cell) for n, cell in row.items()} for row in made])
    given = {"listing": listed, "notes": NOTES, "ids": IDS, "answers": answers}
    return {**given, "rows": made, "csv": csv_text(texts)}


def test_the_table_meets_the_fixture(one: tw.Report, two: tw.Report) -> None:
    """After a wanted change, delete the file: this test writes it anew, and fails once."""
    made = json.loads(json.dumps(fixture(one, two)))
    if not FIXTURE.exists():
        FIXTURE.write_text(json.dumps(made, indent=1) + "\n", "utf-8")
        pytest.fail(f"{FIXTURE} was missing and is written anew: look at it")
    assert made == json.loads(FIXTURE.read_text("utf-8"))


def test_a_frame_of_what_is_selected_or_given(view: Heard, one: tw.Report) -> None:
    with pytest.raises(EvaluationError, match="no sample is selected"):
        view.table()
    view.selection = ["absent", "good"]
    one.annotate("good", note="look")
    view.selection = ["good", "absent"]
    table = view.table()
    assert list(table["sample"]) == ["good", "absent"]
    assert list(table["note"]) == ["look", ""]
    assert list(table["answer"]) == ["the cat", "a dog and a cat"]
    scores = one.samples.query("model == 'a' and method == 'tam'").set_index("sample")
    assert table["obj_iou"][0] == pytest.approx(scores["obj_iou"]["good"], abs=1e-4)
    assert list(view.table(view.shown)["sample"]) == list(view.shown)
    with pytest.raises(EvaluationError, match="names sample 'nothing'"):
        view.table(["nothing"])
    assert list(view.table("good")["sample"]) == ["good"]


def test_an_export_has_the_table_and_the_explanations(
    one: tw.Report, two: tw.Report, tmp_path: Path
) -> None:
    view = Heard(one, two)
    files = view.export(tmp_path / "kept", ["absent", "no noun", "gone"])
    table = pd.read_csv(files[0], keep_default_na=False)
    assert json.loads(files[1].read_text("utf-8"))[0]["words"][0][0] == "dog"
    assert list(table["run"]) == ["A", "B", "A", "B", "A"]
    assert table["explanation"][4] == ""  # it could not be measured
    for row in table[:4].itertuples():
        kept = tw.load(tmp_path / "kept" / row.explanation)
        report = one if row.run == "A" else two
        assert kept.text == report.explanation(row.model, row.sample).text
    assert sorted(files[2:]) == sorted((tmp_path / "kept" / "explanations").iterdir())


def test_two_methods_of_one_answer_share_the_explanation(one: tw.Report, tmp_path: Path) -> None:
    view = Heard(one.run("a", "tam"), one.run("a", "wide"))
    *_, kept = view.export(tmp_path / "kept", ["good"])
    table = pd.read_csv(tmp_path / "kept" / "samples.csv")
    assert list(table["explanation"]) == [f"explanations/{kept.name}"] * 2


def test_a_folder_that_cannot_be_made_is_named(view: Heard, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="file: cannot be made"):
        view.export(tmp_path / "file", ["good"])


def test_the_view_is_told_answers(view: Heard) -> None:
    content, _ = view.ask(kind="answers", ids=["absent", "gone"])
    expected = [
        {"id": "absent", "runs": ["a dog and a cat"]},
        {"id": "gone", "runs": [None]},
    ]
    assert content == {"kind": "answers", "samples": expected}
    refused, _ = view.ask(kind="answers", ids=["nothing"])
    assert refused["kind"] == "refused"
    assert "names sample 'nothing'" in refused["message"]
