"""What a run shows while it goes on, and data sets whose samples are broken."""

from __future__ import annotations

from pathlib import Path

import pytest

import tam_widgets as tw
from tam_widgets.errors import DatasetError
from tam_widgets.evaluation.datasets import Sample
from tam_widgets.evaluation.execution.running import RunningF1
from tests.evaluation.made import MadeExplainer, dataset


def test_the_running_f1_ends_at_the_summary_s(tmp_path: Path) -> None:
    report = tw.evaluate(MadeExplainer(), dataset(), folder=tmp_path / "r", progress=False)
    running = RunningF1("tam")
    for record in report.records["made"]:
        running.add(record)
    assert running.value == pytest.approx(report.summary["f1_iou"][0])


def test_progress_counts_what_was_done_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tw.evaluate(MadeExplainer(), dataset(), folder=tmp_path / "r", progress=False)
    (tmp_path / "r" / "records" / "0-made" / "000004.json").unlink()
    capsys.readouterr()
    tw.evaluate(MadeExplainer(), dataset(), folder=tmp_path / "r")
    shown = capsys.readouterr().err
    assert "4/5" in shown
    assert "5/5" in shown
    assert "F1-IoU 0." in shown


class Broken:
    """A data set of one's own in which an sample cannot be read."""

    name = "broken"

    def __len__(self) -> int:
        return 3

    def __getitem__(self, number: int) -> Sample:
        if number == 0:
            raise DatasetError("row 0 cannot be read")
        return dataset()[number]


def test_an_item_that_cannot_be_read_is_listed_and_skipped() -> None:
    report = tw.evaluate(MadeExplainer(), Broken(), progress=False)
    assert report.samples["sample"].tolist() == ["number 0", "wrong place", "absent"]
    assert report.skipped["reason"][0] == "row 0 cannot be read"
    assert report.settings["dataset"] == {
        "name": "broken",
        "samples": 3,
        "first": None,
        "last": "absent",
    }
