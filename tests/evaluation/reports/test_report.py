"""Reports: tables that agree with the records, comparisons, figures, one HTML file."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path

import pytest

import tam_widgets as tw
from tam_widgets.errors import EvaluationError, ReportError
from tam_widgets.evaluation.measures import word_outcomes
from tam_widgets.evaluation.measures.signatures import SIGNATURES
from tam_widgets.evaluation.reports.page import sections
from tests.evaluation.made import MASKS, MadeExplainer, dataset, mask, report_of_one_id, sample


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> tw.Report:
    return tw.evaluate(
        [MadeExplainer("a"), MadeExplainer("<b>")],
        [*dataset(), sample("gone", MASKS["good"])],
        ["tam", "cam"],
        folder=tmp_path_factory.mktemp("report") / "r",
        progress=False,
    )


def test_the_summary_pools_the_words(report: tw.Report) -> None:
    words = report.words[(report.words["model"] == "a") & (report.words["method"] == "cam")]
    row = report.summary.set_index(["model", "method"]).loc[("a", "cam")]
    assert row["objects"] == words["iou"].count() == 3
    assert row["function_words"] == words["below_threshold"].count()
    assert row["obj_iou"] == pytest.approx(words["iou"].mean())
    obj, func = words["iou"].mean(), words["below_threshold"].mean()
    assert row["f1_iou"] == pytest.approx(2 * obj * func / (obj + func))
    assert row["f1_iou_low"] <= row["f1_iou"] <= row["f1_iou_high"]
    assert (row["samples"], row["failed"], row["open"]) == (5, 1, 0)


def test_every_word_and_sample_is_accounted_for(report: tw.Report) -> None:
    words = report.words
    scored = words["iou"].notna() | words["below_threshold"].notna()
    assert (scored ^ words["skipped"].notna()).all()
    reasons = set(report.skipped["reason"])
    assert {word_outcomes.ABSENT, word_outcomes.NO_THRESHOLD, word_outcomes.OTHER_KIND} <= reasons
    assert len(report.skipped) == words["skipped"].notna().sum() + 4  # "gone", 2 models × 2 methods


def test_samples_have_a_row_each(report: tw.Report) -> None:
    assert len(report.samples) == 6 * 2 * 2
    good = report.samples.query("sample == 'good' and model == 'a' and method == 'cam'").iloc[0]
    assert good["obj_iou"] > 0.9
    assert (good["answer"], good["rouge_l"]) == ("the cat", 1.0)
    assert report.samples["error"].notna().sum() == 4


def test_tables_are_written(report: tw.Report) -> None:
    for path in report.save_tables():
        assert len(path.read_text().splitlines()) > 1


def test_a_report_is_opened_again(report: tw.Report) -> None:
    again = tw.Report(report.folder)
    assert again.summary.equals(report.summary)
    assert again.models == ["a", "<b>"]


def test_it_says_what_it_holds_and_how_good_that_is(report: tw.Report) -> None:
    f1 = report.summary["f1_iou"]
    assert repr(tw.Report(report.folder)) == (
        "<Report on list: 6 samples; models 'a', '<b>'; methods 'tam', 'cam'; "
        f"F1-IoU {f1.min():.3f} to {f1.max():.3f}; in {report.folder}>"
    )


def test_records_are_not_read_to_say_it(report: tw.Report, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(report.folder, tmp_path / "r"))
    shutil.rmtree(folder / "tables")
    (folder / "records" / "0-a" / "000000.json").write_text("{")
    assert "models 'a', '<b>'; methods 'tam', 'cam'; in " in repr(tw.Report(folder))
    shutil.rmtree(folder / "records")
    (folder / "records").symlink_to(tmp_path)
    assert "6 samples" in repr(tw.Report(folder))


def test_methods_and_models_are_compared_on_common_samples(report: tw.Report) -> None:
    found = report.compare(("a", "cam"), ("<b>", "cam"))
    assert (found.difference, found.p, found.samples) == (0, 1, 5)
    other = tw.evaluate(MadeExplainer(), dataset()[1:], progress=False)
    assert report.compare(("a", "tam"), ("made", "tam"), other=other).samples == 4
    table = report.comparisons()
    assert table["first"].tolist() == ["a, tam"] * 3
    assert table["second"].tolist() == ["a, cam", "<b>, tam", "<b>, cam"]


def test_an_explanation_is_opened_by_its_samples_id_or_number(report: tw.Report) -> None:
    samples = report.samples["sample"].tolist()
    by_id, by_number = (report.explanation("a", one) for one in (samples[0], 0))
    assert by_id.text == by_number.text
    for unknown in ("nowhere", 999, -1):
        with pytest.raises(EvaluationError, match=f"{unknown!r} is no sample"):
            report.explanation("a", unknown)


def test_what_is_not_in_the_report_is_refused(report: tw.Report) -> None:
    with pytest.raises(EvaluationError, match="'c' is not in this report"):
        report.compare(("a", "cam"), ("c", "cam"))
    other = tw.evaluate(
        MadeExplainer(), [sample("else", MASKS["good"], image="good")], progress=False
    )
    with pytest.raises(EvaluationError, match="no common sample"):
        report.compare(("a", "tam"), ("made", "tam"), other=other)


def test_samples_of_one_name_cannot_be_paired(tmp_path: Path) -> None:
    twice = report_of_one_id(tmp_path / "r")
    with pytest.raises(EvaluationError, match="two samples are called 'good'"):
        twice.compare(("made", "tam"), ("made", "cam"))


def test_a_report_of_an_unfinished_run_says_what_is_open(tmp_path: Path) -> None:
    tw.evaluate(MadeExplainer(), dataset(), folder=tmp_path / "r", progress=False)
    (tmp_path / "r" / "records" / "0-made" / "000002.json").unlink()
    row = tw.Report(tmp_path / "r").summary.iloc[0]
    assert (row["samples"], row["open"]) == (4, 1)


def test_reference_mode_measures_as_published_and_says_with_which_words() -> None:
    report = tw.evaluate(MadeExplainer(), dataset(), compat="reference", progress=False)
    assert report.settings["compat"] == "reference"
    assert "NLTK" in report.settings["language"] or "TextBlob" in report.settings["language"]
    absent = report.words.query("sample == 'absent' and part_of_speech == 'noun'").set_index("text")
    assert absent.loc["dog", "category"] == "hot dog"  # the published fault


def test_every_signature_has_its_share_of_the_measured_samples(report: tw.Report) -> None:
    shares = report.signature_shares
    assert len(shares) == len(SIGNATURES) * len(report.models) * len(report.methods)
    measured = report.summary.set_index(["model", "method"])["samples"]
    for row in shares.itertuples():
        found = report.signatures.query(
            "model == @row.model and method == @row.method and signature == @row.signature"
        )
        assert row.samples == found["sample"].nunique()
        assert row.share == row.samples / measured[row.model, row.method]
    assert shares.query("signature == 'object hallucinated'")["share"].max() > 0


def test_figures_show_every_model_and_method(report: tw.Report) -> None:
    figures = report.figures()
    bars = json.loads(figures["Scores, with 95 % intervals"].to_json())["data"]
    assert [bar["name"] for bar in bars] == ["F1-IoU", "Obj-IoU", "Func-IoU"]
    assert all(len(bar["x"]) == 4 for bar in bars)
    assert len(json.loads(figures["Samples"].to_json())["data"]) == 4


def test_a_report_without_any_word_has_no_values_but_tables(tmp_path: Path) -> None:
    report = tw.evaluate(
        MadeExplainer(), [sample("gone", MASKS["good"])], folder=tmp_path / "r", progress=False
    )
    assert math.isnan(report.summary["f1_iou"][0])
    report.to_html(tmp_path / "r.html")


@pytest.mark.parametrize(
    ("pictures", "reason"),
    [
        (["gone"], "0 measured, 1 failed: gone: the image cannot be read"),
        (["gone", "no noun"], "no noun in 1 answer: no Obj-IoU"),
        (["good", "good"], "no word of 2 answers names a category (2 nouns: cat): no Obj-IoU"),
    ],
)
def test_why_there_is_no_score_is_said_everywhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], pictures: list[str], reason: str
) -> None:
    samples = [
        sample(f"{n}", MASKS["good"], image=one, category={"zebra": 1})
        for n, one in enumerate(pictures)
    ]
    report = tw.evaluate(MadeExplainer(), samples, folder=tmp_path / "r")
    assert reason in repr(report)
    assert ("no F1-IoU" in (shown := capsys.readouterr().err)) == ("failed" not in reason)
    assert ("1 failed: gone: the image" in shown) == (pictures == ["gone"])
    scores = next(one for one in sections(report._results) if one.title == "Scores")
    assert f"No score: {reason}." in scores.content


def test_a_category_that_is_not_in_the_picture_gives_no_score() -> None:
    report = tw.evaluate(MadeExplainer(), [sample("a", mask(), image="good")], progress=False)
    assert "names a category that its picture shows (1 noun: cat)" in repr(report)


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "cannot be read"), ("{", "cannot be read"), ('{"format": 99}', "format 99")],
)
def test_a_folder_that_holds_no_report_is_refused(
    tmp_path: Path, content: str | None, message: str
) -> None:
    if content is not None:
        (tmp_path / "settings.json").write_text(content)
    with pytest.raises(ReportError, match=message):
        tw.Report(tmp_path)
