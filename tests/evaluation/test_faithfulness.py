"""Evaluations that check whether maps tell what the model reads."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tam_widgets as tw
from tam_widgets import cli
from tam_widgets.errors import EvaluationError, OptionError, ReportError
from tam_widgets.evaluation.datasets import DemoScenes
from tam_widgets.evaluation.measures.faithfulness import FAITHFULNESS
from tests.evaluation.checking import BLANK, DELETION, FULL, CheckingExplainer
from tests.evaluation.folders import content
from tests.evaluation.made import MASKS, MadeExplainer, dataset, sample

SIMPLE = 3
"""Seed of a demo scene of one kind of objects."""

OBJECTS = ("good", "wrong place", "absent")
"""Samples whose answers name an object in the picture, one each."""


def evaluate(folder: Path, explainer: Any = None, samples: Any = None, **options: Any) -> tw.Report:
    options = {"methods": ["tam", "cam"], "faithfulness": "cells", "progress": False} | options
    explainer = explainer or CheckingExplainer()
    return tw.evaluate(explainer, samples or dataset(), folder=folder, **options)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> tw.Report:
    folder = tmp_path_factory.mktemp("faithfulness") / "r"
    return evaluate(folder, [CheckingExplainer("a"), CheckingExplainer("b")])


def test_words_that_name_an_object_are_checked_with_its_mask(tmp_path: Path) -> None:
    explainer = CheckingExplainer()
    evaluate(tmp_path / "r", explainer)
    assert [tokens for tokens, _ in explainer.checked] == [[1], [1], [4]]
    for name, (tokens, mask) in zip(OBJECTS, explainer.checked, strict=True):
        assert mask is not None
        assert list(mask) == tokens
        np.testing.assert_array_equal(mask[tokens[0]], MASKS[name] > 0)


def test_each_method_s_words_have_their_measures(report: tw.Report) -> None:
    words = report.words
    checked = words[words["deletion"].notna()]
    assert set(checked["sample"]) == set(OBJECTS)
    assert checked["iou"].notna().all()
    assert len(checked) == 3 * 2 * 2  # words, methods, models
    for method, own in checked.groupby("method"):
        np.testing.assert_allclose(own["deletion"], DELETION[method], rtol=1e-5)
        np.testing.assert_allclose(own["insertion"], 1 - DELETION[method], rtol=1e-5)
        np.testing.assert_allclose(own["selectivity"], 0, atol=1e-6)
    for order in ("random", "centre", "mask"):
        np.testing.assert_allclose(checked[f"{order}_deletion"], DELETION[order], rtol=1e-5)
        np.testing.assert_allclose(checked[f"{order}_insertion"], 1 - DELETION[order], rtol=1e-5)
    np.testing.assert_allclose(checked["no_image"], BLANK, rtol=1e-5)
    np.testing.assert_allclose(checked["reliance"], math.log(FULL / BLANK), rtol=1e-5)
    assert words.loc[words["deletion"].isna(), list(FAITHFULNESS)].isna().all(axis=None)


def test_samples_have_the_means_of_their_words(report: tw.Report) -> None:
    samples = report.samples.set_index(["model", "method", "sample"])
    assert samples.loc[("a", "cam", "good"), "deletion"] == pytest.approx(DELETION["cam"])
    assert math.isnan(samples.loc[("a", "cam", "no noun"), "deletion"])


def test_the_summary_and_the_orders_have_intervals_and_numbers(report: tw.Report) -> None:
    row = report.summary.set_index(["model", "method"]).loc[("a", "cam")]
    assert row["deletion_low"] <= row["deletion"] <= row["deletion_high"]
    assert row["deletion"] == pytest.approx(DELETION["cam"])
    assert row["checked"] == 3
    table = report.faithfulness.set_index(["model", "order"])
    orders = ["tam", "cam", "random orders", "centre first", "true mask first"]
    assert table.loc["b"].index.tolist() == orders
    assert table.loc["b", "reference"].tolist() == [False, False, True, True, True]
    expected = [DELETION[name] for name in ("tam", "cam", "random", "centre", "mask")]
    np.testing.assert_allclose(table.loc["b", "deletion"], expected, rtol=1e-5)
    np.testing.assert_allclose(table.loc["b", "insertion"], 1 - np.array(expected), rtol=1e-5)
    assert (table["words"] == 3).all()
    assert (table["samples"] == 3).all()
    assert table["no_image"].tolist() == pytest.approx([BLANK] * 10)
    assert table.loc[("b", "random orders"), ["selectivity"]].isna().all()


def test_methods_are_compared_in_pairs(report: tw.Report) -> None:
    found = report.compare(("a", "tam"), ("a", "cam"), measure="deletion")
    assert found.difference == pytest.approx(DELETION["cam"] - DELETION["tam"])
    assert found.samples == 5
    table = report.comparisons("insertion")
    assert table["difference"].tolist() == pytest.approx([0.25, 0, 0.25])


def test_reports_of_another_protocol_or_none_are_not_compared(
    report: tw.Report, tmp_path: Path
) -> None:
    without = tw.evaluate(MadeExplainer("a"), dataset(), folder=tmp_path / "r", progress=False)
    with pytest.raises(EvaluationError, match="deletion was not measured; evaluate with faithf"):
        report.compare(("a", "tam"), ("a", "tam"), "deletion", without)
    other = evaluate(tmp_path / "other", CheckingExplainer("a"), faithfulness="eagle")
    with pytest.raises(EvaluationError, match="the protocols 'cells' and 'eagle'"):
        report.compare(("a", "tam"), ("a", "tam"), "deletion", other)


def test_another_protocol_is_another_report(report: tw.Report) -> None:
    again = [CheckingExplainer("a"), CheckingExplainer("b")]
    for protocol in ("eagle", None):
        with pytest.raises(ReportError, match=f"faithfulness: there 'cells', now {protocol!r}"):
            evaluate(report.folder, again, faithfulness=protocol)


def test_reports_without_it_are_as_they_were(tmp_path: Path) -> None:
    report = tw.evaluate(MadeExplainer(), dataset(), folder=tmp_path / "r", progress=False)
    for table in (report.words, report.samples, report.summary):
        assert not {"deletion", "insertion", "checked"} & set(table)
    assert len(report.faithfulness) == 0
    assert "Faithfulness, with 95 % intervals" not in report.figures()
    assert not (tmp_path / "r" / "tables" / "faithfulness.csv").exists()
    settings = tmp_path / "r" / "settings.json"
    stored = json.loads(settings.read_text())
    del stored["faithfulness"]  # as an older version wrote it
    settings.write_text(json.dumps(stored))
    assert len(tw.Report(tmp_path / "r").words) == len(report.words)
    again = MadeExplainer()
    tw.evaluate(again, dataset(), folder=tmp_path / "r", progress=False)
    assert again.asked == []


def test_tables_page_and_figure_show_it(report: tw.Report, tmp_path: Path) -> None:
    names = {path.name for path in report.save_tables()}
    assert "faithfulness.csv" in names
    assert "deletion" in (report.folder / "tables" / "words.csv").read_text()
    figure = report.figures()["Faithfulness, with 95 % intervals"]
    assert len(figure.data) == 2 * 5
    (cam,) = [trace for trace in figure.data if trace.name == "a, cam"]
    assert (cam.x[0], cam.y[0]) == pytest.approx((0.25, 0.75))
    report.to_html(tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text("utf-8")
    assert "Protocol: cells." in page
    assert "true mask first" in page
    assert "Paired comparisons of deletion" in page


def test_the_gallery_sorts_and_filters_by_it(report: tw.Report, tmp_path: Path) -> None:
    view = tw.Gallery(report.run("a", "cam"), score="deletion", descending=True)
    assert set(view.shown[:3]) == set(OBJECTS)
    view.filters = {"ranges": [[0.2, 0.3]]}
    assert sorted(view.shown) == sorted(OBJECTS)
    view.filters = {"ranges": [[0.5, 1]]}
    assert view.shown == []
    without = tw.evaluate(MadeExplainer("a"), dataset(), folder=tmp_path / "r", progress=False)
    both = tw.Gallery(report.run("a", "cam"), without, score="deletion", sort="difference")
    assert len(both.shown) == len(MASKS)
    both = tw.Gallery(without, report.run("a", "cam"), score="meteor", sort="difference")
    assert len(both.shown) == len(MASKS)


def test_checks_are_kept_with_explanations(report: tw.Report) -> None:
    (check,) = report.explanation("a", 0).checks
    assert check.methods == ("tam", "cam")
    assert check.deletion("cam").tolist() == pytest.approx([0.25])
    assert report.explanation("a", 3).checks == ()  # no word names an object there


def test_a_run_that_was_stopped_ends_as_an_unbroken_one(tmp_path: Path) -> None:
    evaluate(tmp_path / "whole")
    evaluate(tmp_path / "r")
    records = sorted((tmp_path / "r" / "records").rglob("*.json"))
    for record in records[1:3]:
        record.unlink()
    again = CheckingExplainer()
    evaluate(tmp_path / "r", again)
    assert len(again.checked) == 2
    assert content(tmp_path / "r") == content(tmp_path / "whole")


def test_a_sample_whose_check_fails_is_listed_with_the_reason(tmp_path: Path) -> None:
    report = evaluate(tmp_path / "r", CheckingExplainer(fails="dog"))
    assert report.summary["failed"].tolist() == [2, 2]
    assert "the processor refuses changed pictures" in set(report.skipped["reason"])


def test_of_pictures_without_labels_all_nouns_are_checked(tmp_path: Path) -> None:
    explainer = CheckingExplainer()
    unlabelled = [sample("absent", np.zeros((40, 80), np.uint8), category={})]
    report = evaluate(tmp_path / "r", explainer, unlabelled)
    assert explainer.checked == [([1, 4], None)]
    words = report.words[report.words["deletion"].notna()]
    assert words["text"].tolist() == ["dog", "cat"] * 2
    assert words["mask_deletion"].isna().all()


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"faithfulness": "mine"}, OptionError, "protocol with curves, one of cells, eagle, lvlm"),
        ({"faithfulness": "flip"}, OptionError, "protocol with curves"),
        ({"explainer": MadeExplainer()}, EvaluationError, "has no method `check`"),
    ],
)
def test_what_cannot_be_checked_is_refused_at_once(
    tmp_path: Path, change: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        evaluate(tmp_path / "r", **change)
    assert not (tmp_path / "r").exists()


def test_it_is_asked_for_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "_explainer", lambda *_: CheckingExplainer())
    monkeypatch.setattr("tam_widgets.evaluation.datasets.resolve_dataset", lambda _: dataset())
    command = ["evaluate", "x", "-m", "x", "-o", str(tmp_path / "r"), "--faithfulness", "cells"]
    assert cli.main(command) == 0
    assert "deletion" in capsys.readouterr().out


def test_a_model_s_measures_are_those_of_its_check(tmp_path: Path) -> None:
    scenes = DemoScenes(1, first_seed=SIMPLE)
    report = evaluate(tmp_path / "r", tw.demo.explainer("qwen2-vl"), scenes, methods=["tam"])
    (check,) = report.explanation("qwen2-vl", 0).checks
    words = report.words[report.words["deletion"].notna()].to_dict("records")
    assert sorted(token for row in words for token in row["tokens"]) == list(check.tokens)
    deletions = dict(zip(check.tokens, check.deletion("tam"), strict=True))
    masks = dict(zip(check.tokens, check.deletion("mask"), strict=True))
    for row in words:
        expected = np.mean([deletions[token] for token in row["tokens"]])
        assert row["deletion"] == pytest.approx(expected)
        assert row["mask_deletion"] == pytest.approx(np.mean([masks[t] for t in row["tokens"]]))
        assert row["mask_deletion"] < row["random_deletion"] < row["random_insertion"] + 0.5
