"""Notes and tags that a person adds to a report."""

from __future__ import annotations

import errno
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tam_widgets as tw
from tam_widgets.errors import EvaluationError, OptionError, OutputError, ReportError
from tam_widgets.evaluation.storage.notes import add_notes, read_notes
from tests.evaluation.made import MadeExplainer, dataset


@pytest.fixture
def report(tmp_path: Path) -> tw.Report:
    return tw.evaluate(MadeExplainer(), dataset()[:3], folder=tmp_path / "r", progress=False)


def notes(report: tw.Report) -> dict[str, Any]:
    rows = report.notes.itertuples(index=False)
    return {row.sample: (row.tags, row.note) for row in rows}


def test_a_note_is_kept_with_the_report(report: tw.Report) -> None:
    assert report.notes.empty
    report.annotate("good", note="the tail is cut off", tags=["crop", "small  dog", "crop"])
    report.annotate(["good", "absent"], tags=["crop"])
    again = tw.Report(report.folder)
    assert notes(again) == {
        "good": (["crop"], "the tail is cut off"),
        "absent": (["crop"], ""),
    }
    again.annotate("good", note="")
    again.annotate("absent", tags=[])
    assert notes(report) == {"good": (["crop"], "")}


def test_a_run_that_goes_on_keeps_the_notes(report: tw.Report) -> None:
    report.annotate("good", note="mine")
    tw.evaluate(MadeExplainer(), dataset()[:3], folder=report.folder, progress=False)
    assert notes(report) == {"good": ([], "mine")}


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"sample": "nothing"}, EvaluationError, "'nothing' is not in this report"),
        ({"sample": ["good", "nothing"], "note": "x"}, EvaluationError, "'nothing'"),
        ({"sample": "good", "note": 3}, OptionError, "note=3: give a text"),
        ({"sample": "good", "tags": "crop"}, OptionError, "give a list of texts"),
        ({"sample": "good", "tags": ["a", " "]}, OptionError, "not blank"),
        ({"sample": "good", "tags": [1]}, OptionError, "tag 1"),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(
    report: tw.Report, arguments: Any, error: type[Exception], message: str
) -> None:
    report.annotate("good", note="before", tags=["kept"])
    with pytest.raises(error, match=message):
        report.annotate(**arguments)
    assert notes(report) == {"good": (["kept"], "before")}


def test_a_full_disk_leaves_the_notes_that_are_there(
    report: tw.Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    report.annotate("good", note="before")

    def full(*_: Any, **__: Any) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "NamedTemporaryFile", full)
        with pytest.raises(OutputError, match=r"note cannot be kept.*No space left"):
            report.annotate("good", note="after")
    assert notes(report) == {"good": ([], "before")}


def test_a_folder_that_is_gone_is_told(report: tw.Report, tmp_path: Path) -> None:
    assert len(report.records["made"]) == 3
    report.folder.rename(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match=r"notes\.json: the note cannot be kept"):
        report.annotate("good", note="x")


@pytest.mark.parametrize(
    "content",
    [b"{", b"[]", b'{"version": 2, "notes": {}}', b'{"version": 1, "notes": {"good": 3}}', b"\xff"],
)
def test_a_file_that_cannot_be_read_is_never_replaced(report: tw.Report, content: bytes) -> None:
    path = report.folder / "notes.json"
    path.write_bytes(content)
    with pytest.raises(ReportError, match=r"notes\.json"):
        report.annotate("good", note="x")
    with pytest.raises(ReportError, match=r"notes\.json"):
        _ = report.notes
    assert path.read_bytes() == content


TEXT = st.text(st.characters(), max_size=8)  # also half characters, which a browser may send
CHANGE = st.tuples(
    st.sampled_from("abc"), st.none() | TEXT, st.none() | st.just([]) | st.just("tu")
)


@given(st.lists(CHANGE, max_size=6))
def test_every_change_is_there_and_nothing_else_changes(
    tmp_path_factory: pytest.TempPathFactory, changes: list[Any]
) -> None:
    folder = tmp_path_factory.mktemp("notes")
    expected = {sample: ("", []) for sample in "abc"}
    for sample, note, tags in changes:
        old_note, old_tags = expected[sample]
        expected[sample] = (
            old_note if note is None else note,
            old_tags if tags is None else list(tags),
        )
        add_notes(folder, [sample], note, None if tags is None else list(tags))
    found = {sample: (entry["note"], entry["tags"]) for sample, entry in read_notes(folder).items()}
    assert found == {sample: value for sample, value in expected.items() if value != ("", [])}
