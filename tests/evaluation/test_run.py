"""One call from explainer and data set to report: resumed, refused, and with nothing lost."""

from __future__ import annotations

import errno
import json
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import tam_widgets as tw
from tam_widgets.errors import DatasetError, EvaluationError, OptionError, OutputError, ReportError
from tam_widgets.evaluation import ABLATION
from tests.evaluation.folders import content
from tests.evaluation.made import MASKS, MadeExplainer, dataset, mask, sample

ROOT = Path(__file__).parents[2]
METHODS = ["cam", "tam"]


def evaluate(folder: Path, explainer: Any = None, samples: Any = None, **options: Any) -> tw.Report:
    options = {"methods": METHODS, "progress": False} | options
    return tw.evaluate(explainer or MadeExplainer(), samples or dataset(), folder=folder, **options)


def test_a_finished_run_is_not_run_again(tmp_path: Path) -> None:
    evaluate(tmp_path / "r")
    before = content(tmp_path / "r")
    again = MadeExplainer()
    evaluate(tmp_path / "r", again)
    assert again.asked == []
    assert content(tmp_path / "r") == before


def test_a_run_goes_on_where_records_are_missing_or_cut_off(tmp_path: Path) -> None:
    evaluate(tmp_path / "r")
    before = content(tmp_path / "r")
    records = sorted((tmp_path / "r" / "records").rglob("*.json"))
    records[1].unlink()
    records[3].write_text(records[3].read_text()[:50])
    (records[0].parent / ".tam-left-over").write_text("half a record")
    again = MadeExplainer()
    evaluate(tmp_path / "r", again)
    assert again.asked == ["wrong place", "no noun"]
    assert content(tmp_path / "r") == before


def killed(folder: Path, when: str, count: int) -> int:
    command = [sys.executable, "-m", "tests.evaluation.killed", str(folder), when, str(count)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode


def test_a_killed_run_ends_as_an_unbroken_one(tmp_path: Path) -> None:
    assert killed(tmp_path / "r", "writing", 1) == -signal.SIGKILL  # before there are settings
    assert killed(tmp_path / "r", "explaining", 3) == -signal.SIGKILL
    assert killed(tmp_path / "r", "writing", 4) == -signal.SIGKILL
    two = [MadeExplainer("a"), MadeExplainer("b")]
    evaluate(tmp_path / "r", two)
    assert 0 < len(two[0].asked) + len(two[1].asked) < 10
    evaluate(tmp_path / "whole", [MadeExplainer("a"), MadeExplainer("b")])
    assert content(tmp_path / "r") == content(tmp_path / "whole")


def test_other_settings_are_refused_with_what_differs(tmp_path: Path) -> None:
    evaluate(tmp_path / "r")
    before = content(tmp_path / "r")
    wide = tw.METHODS["tam"].variant("tam", kernel_size=5)
    with pytest.raises(ReportError, match="other settings") as refused:
        evaluate(tmp_path / "r", methods=["cam", wide], max_new_tokens=8)
    assert "methods.tam.settings.kernel_size: there 3, now 5" in str(refused.value)
    assert "generation.max_new_tokens: there None, now 8" in str(refused.value)
    assert "dataset" not in str(refused.value)
    for change in ({"samples": dataset()[:2]}, {"explainer": MadeExplainer("x")}):
        with pytest.raises(ReportError, match="there"):
            evaluate(tmp_path / "r", **change)
    assert content(tmp_path / "r") == before


def test_a_folder_with_other_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(ReportError, match="not empty"):
        evaluate(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_full_disk_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary, files = tempfile.NamedTemporaryFile, 0

    def full(*arguments: Any, **options: Any) -> Any:
        nonlocal files
        files += 1
        if files > 8:  # the settings, all of two samples, and the explanation of the third
            raise OSError(errno.ENOSPC, "No space left on device")
        return temporary(*arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "NamedTemporaryFile", full)
        with pytest.raises(OutputError, match=r"No space left on device.*are kept"):
            evaluate(tmp_path / "r")
    again = MadeExplainer()
    evaluate(tmp_path / "r", again)
    assert len(again.asked) == 3
    evaluate(tmp_path / "whole")
    assert content(tmp_path / "r") == content(tmp_path / "whole")


def test_bad_samples_are_listed_and_the_others_measured(tmp_path: Path) -> None:
    bad = [
        sample("no picture", mask()),
        sample("no mask", tmp_path / "none.png", image="good"),
        sample("mask of another size", np.zeros((8, 8), np.uint8), image="good"),
    ]
    report = evaluate(tmp_path / "r", samples=[*bad, *dataset()])
    failed = report.samples[report.samples["error"].notna() & (report.samples["method"] == "tam")]
    assert failed["sample"].tolist() == ["no picture", "no mask", "mask of another size"]
    for message, expected in zip(
        failed["error"], ("cannot be read", "none.png", "80 x 40"), strict=True
    ):
        assert expected in message
    assert report.summary["failed"].tolist() == [3, 3]
    assert report.summary["samples"].tolist() == [5, 5]
    assert set(failed["error"]) <= set(report.skipped["reason"])


def test_a_failed_sample_is_tried_again_when_the_cause_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "mask.png"
    samples = [sample("late", path, image="good"), *dataset()]
    first = evaluate(tmp_path / "r", samples=samples)
    assert first.summary["failed"].tolist() == [1, 1]
    Image.fromarray(mask(cat=slice(0, 4))).save(path)
    again = MadeExplainer()
    mended = evaluate(tmp_path / "r", again, samples)
    assert len(again.asked) == 1
    assert mended.summary["failed"].tolist() == [0, 0]
    evaluate(tmp_path / "whole", samples=samples)
    assert content(tmp_path / "r") == content(tmp_path / "whole")


def test_an_unforeseen_error_ends_no_run(tmp_path: Path, capsys: Any) -> None:
    class Broken(MadeExplainer):
        def explain(self, image: Any, *arguments: Any, **options: Any) -> Any:
            if image == "good":
                raise RuntimeError("CUDA out of memory")
            return super().explain(image, *arguments, **options)

    report = evaluate(tmp_path / "r", Broken(), progress=True)
    assert report.summary["failed"].tolist() == [1, 1]
    assert "RuntimeError: CUDA out of memory" in set(report.skipped["reason"])
    assert "1 failed" in capsys.readouterr().err


def test_a_mask_that_is_missing_costs_no_answer(tmp_path: Path) -> None:
    explainer = MadeExplainer()
    evaluate(tmp_path / "r", explainer, [sample("a", tmp_path / "none.png", image="good")])
    assert explainer.asked == []


def test_a_sample_may_be_named_by_a_number(tmp_path: Path) -> None:
    numbered = [sample(np.int64(7), mask(), image="good")]  # type: ignore[arg-type]
    assert evaluate(tmp_path / "r", samples=numbered).samples["sample"].unique() == ["7"]


def test_what_a_sample_lacks_is_noted(tmp_path: Path) -> None:
    samples = evaluate(tmp_path / "r").samples.set_index(["method", "sample"])
    assert samples.loc[("tam", "no noun"), "notes"] == "the answer has no noun"
    assert "no object" in samples.loc[("tam", "no object"), "notes"]
    assert samples.loc[("tam", "absent"), "objects"] == 1


def test_labels_without_a_name_and_what_a_data_set_says_are_noted(tmp_path: Path) -> None:
    labels = mask(cat=slice(0, 4))
    labels[0, :3] = 7, 5, 255
    samples = [sample("good", labels, notes=("made by hand",)), *dataset()[1:]]
    notes = evaluate(tmp_path / "r", samples=samples).samples["notes"]
    expected = "labels of the mask without a category: 5, 7, 255; made by hand"
    assert notes[0] == expected
    assert "label" not in "".join(notes[2:])


def test_explanations_are_kept_unless_told_otherwise(tmp_path: Path) -> None:
    report = evaluate(tmp_path / "r")
    assert report.explanation("made", 0).text.strip() == "the cat"
    with pytest.raises(ReportError, match="keep_explanations=True"):
        evaluate(tmp_path / "other", keep_explanations=False).explanation("made", 0)


def test_records_hold_plain_values(tmp_path: Path) -> None:
    evaluate(tmp_path / "r", methods=ABLATION)
    (first, *_) = sorted((tmp_path / "r" / "records").rglob("*.json"))
    record = json.loads(first.read_text())
    assert list(record["methods"]) == [method.name for method in ABLATION]
    row = record["methods"]["CAM"][1]
    assert (row["text"], row["category"], row["words"], row["tokens"]) == ("cat", "cat", [1], [1])


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"samples": ()}, EvaluationError, "empty"),
        ({"samples": dataset()[:1] * 2}, EvaluationError, "number 0 and 1 .* both called 'good'"),
        ({"samples": [("a.png", mask())]}, DatasetError, "number 0 of the data set is a tuple"),
        ({"explainer": [MadeExplainer(), MadeExplainer()]}, EvaluationError, "two explainers"),
        ({"explainer": object()}, EvaluationError, "Explainer"),
        ({"methods": []}, OptionError, "give a list"),
        ({"methods": "tam"}, OptionError, "give a list"),
        ({"methods": ["tam", "tam"]}, OptionError, "several methods"),
        ({"methods": ["gradcam"]}, OptionError, "unknown method"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(
    tmp_path: Path, change: Any, error: type[Exception], message: str
) -> None:
    arguments = {"explainer": MadeExplainer(), "dataset": change.pop("samples", dataset())}
    with pytest.raises(error, match=message):
        tw.evaluate(**({"folder": tmp_path / "r", "progress": False} | arguments | change))
    assert not (tmp_path / "r").exists()


class Lazy:
    """A data set that is read one sample after the other."""

    name = "lazy"

    def __init__(self, *names: str) -> None:
        self.names = names

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, number: int) -> Any:
        return sample(self.names[number], MASKS["good"], image="good")


def test_the_second_sample_of_one_id_ends_the_run_and_costs_no_answer(tmp_path: Path) -> None:
    explainer = MadeExplainer()
    twice = Lazy("a", "b", "a", "c")
    for _ in range(2):  # what was measured before is known to the second run
        with pytest.raises(EvaluationError, match=r"number 0 and 2 .* are both called 'a'"):
            evaluate(tmp_path / "r", explainer, twice)
    assert len(explainer.asked) == 2
    mended = evaluate(tmp_path / "r", explainer, Lazy("a", "b", "d", "c"))
    assert mended.records["made"][2]["sample"] == "d"
    assert len(explainer.asked) == 4


def test_a_served_model_is_refused_with_what_to_give() -> None:
    served = tw.ServedModel(lambda *_: [-1.0], name="theirs")
    with pytest.raises(EvaluationError, match=r"theirs .* give GivenExplanations"):
        tw.evaluate(served, dataset(), ["occlusion"], progress=False)


def test_something_else_than_a_sample_is_named(tmp_path: Path) -> None:
    class Tuples(Lazy):
        def __getitem__(self, number: int) -> Any:
            return ("a.png", mask()) if number else super().__getitem__(number)

    report = evaluate(tmp_path / "r", samples=Tuples("a", "b"))
    assert report.skipped["reason"][0].startswith("number 1 of the data set is a tuple: give sam")


def test_without_a_folder_a_new_one_is_made() -> None:
    report = tw.evaluate(MadeExplainer(), dataset()[:1], progress=False)
    assert (report.folder / "tables" / "words.csv").is_file()


def test_a_data_set_is_named_as_on_the_command_line(tmp_path: Path) -> None:
    report = tw.evaluate(MadeExplainer(), "demo:2", folder=tmp_path / "r", progress=False)
    assert report.samples["sample"].tolist() == ["scene 00000", "scene 00001"]
    with pytest.raises(DatasetError, match="demo:COUNT"):
        tw.evaluate(MadeExplainer(), "nowhere", folder=tmp_path / "none", progress=False)
    assert not (tmp_path / "none").exists()
