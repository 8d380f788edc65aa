"""What the gallery lists: the samples of one or two runs, cached when an evaluation ends."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tam_widgets as tw
from tam_widgets.errors import EvaluationError
from tam_widgets.evaluation.measures.signatures import SIGNATURES
from tam_widgets.evaluation.measures.word_outcomes import ABSENT
from tam_widgets.evaluation.reports.gallery_columns import SCORES, listed_of
from tam_widgets.views.gallery.listing import listing, titles
from tam_widgets.views.gallery.run import Run
from tests.evaluation.made import MASKS, MadeExplainer, dataset, report_of_one_id, sample


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> tw.Report:
    return tw.evaluate(
        [MadeExplainer("a"), MadeExplainer("<b>")],
        [*dataset(), sample("gone", MASKS["good"])],
        ["tam", "cam"],
        folder=tmp_path_factory.mktemp("listing") / "r",
        progress=False,
    )


def samples(*runs: Run) -> dict[str, list[Any]]:
    return {sample["id"]: sample["runs"] for sample in listing(runs)["samples"]}


def test_a_side_has_scores_signatures_and_nouns(report: tw.Report) -> None:
    listed = listing([report.run("a", "cam")])
    (found,) = samples(report.run("a", "cam"))["absent"]
    row = report.samples.query("sample == 'absent' and model == 'a' and method == 'cam'").iloc[0]
    for name, value in zip(SCORES, found["s"], strict=True):
        assert value == round(row[name], 4)
    named = [listed["signatures"][i]["name"] for i in found["g"]]
    assert "; ".join(named) == row["signatures"]
    cat, dog = listed["categories"].index("cat"), listed["categories"].index("dog")
    assert [word[:2] for word in found["w"]] == [["dog", dog], ["cat", cat]]
    assert found["k"] == 1  # the only noun with an IoU
    (wrong,) = samples(report.run("a", "cam"))["no object"]
    assert (wrong["w"], wrong["k"], wrong["s"][0]) == ([["cat", cat, None]], 0, None)


def test_samples_come_in_the_order_of_the_data_set(report: tw.Report) -> None:
    assert list(samples(report.run())) == [*MASKS, "gone"]


def test_a_sample_that_was_not_measured_says_why(report: tw.Report) -> None:
    (gone,) = samples(report.run())["gone"]
    assert "cannot be read" in gone["e"]
    assert (gone["s"], gone["w"], gone["k"]) == ([None] * len(SCORES), [], -1)


def test_what_was_missed_is_a_category(report: tw.Report) -> None:
    listed = listing([report.run()])
    (case,) = samples(report.run())["no noun"]
    assert [listed["categories"][i] for i in case["m"]] == ["cat"]
    missed = [s.name for s in SIGNATURES].index("object missed")
    assert missed in case["g"]


def test_two_reports_are_paired_by_the_samples_names(report: tw.Report) -> None:
    other = tw.evaluate(
        MadeExplainer("c"), [*dataset()[3:1:-1], sample("new", MASKS["good"])], progress=False
    )
    found = samples(report.run(), other.run())
    assert list(found) == [*MASKS, "gone", "new"]
    assert [sample for sample, (_, second) in found.items() if second] == [
        "absent",
        "no noun",
        "new",
    ]
    assert found["new"][0] is None
    assert found["absent"] == [found["absent"][0]] * 2


def test_runs_say_what_they_are(report: tw.Report) -> None:
    run = listing([report.run("<b>", "cam")])["runs"][0]
    assert (run["model"], run["method"]) == ("<b>", "cam")
    assert (run["models"], run["methods"]) == (["a", "<b>"], ["tam", "cam"])
    row = report.summary.set_index(["model", "method"]).loc[("<b>", "cam")]
    for name, column in {"f1_iou": "f1_iou", "low": "f1_iou_low", "high": "f1_iou_high"}.items():
        assert run["summary"][name] == round(row[column], 4)
    assert (run["summary"]["samples"], run["summary"]["failed"]) == (5, 1)


def test_titles_tell_runs_apart(report: tw.Report, tmp_path: Path) -> None:
    assert titles([report.run("a"), report.run("<b>")]) == ["a, tam", "<b>, tam"]
    other = tw.evaluate(MadeExplainer("a"), dataset(), folder=tmp_path / "new", progress=False)
    assert titles([report.run("a"), other.run()]) == ["a, tam (r)", "a, tam (new)"]


def test_a_side_that_is_not_there_is_refused(report: tw.Report) -> None:
    for chosen in ({"model": "c"}, {"method": "c"}):
        with pytest.raises(EvaluationError, match="'c' is not in this report"):
            report.run(**chosen)


def test_samples_of_one_name_cannot_be_listed(tmp_path: Path) -> None:
    twice = report_of_one_id(tmp_path / "r")
    with pytest.raises(EvaluationError, match="share their ids"):
        listing([twice.run()])


def test_the_kept_list_is_that_of_the_records(report: tw.Report) -> None:
    (kept,) = (report.folder / "listings" / "0-a").glob("*-cam.json")
    before, content = samples(report.run("a", "cam")), kept.read_bytes()
    for damaged in (b"", b"{}", b"[]", content.replace(b'"code":"', b'"code":"0')):
        kept.write_bytes(damaged)
        assert samples(tw.Report(report.folder).run("a", "cam")) == before
    kept.unlink()
    assert samples(tw.Report(report.folder).run("a", "cam")) == before
    kept.write_bytes(content)
    assert samples(tw.Report(report.folder).run("a", "cam")) == before


def test_what_is_not_kept_is_kept_when_it_is_first_shown(
    report: tw.Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    (kept,) = (report.folder / "listings" / "0-a").glob("*-cam.json")
    content = kept.read_bytes()
    kept.unlink()

    def full(*_: Any, **__: Any) -> None:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(
            "tempfile.NamedTemporaryFile", lambda *_, **__: (_ for _ in ()).throw(OSError)
        )
        assert samples(report.run("a", "cam"))  # also where nothing can be written
    assert not kept.exists()
    assert samples(report.run("a", "cam"))
    assert kept.read_bytes() == content


def test_a_record_that_is_newer_than_the_list_counts(tmp_path: Path) -> None:
    tw.evaluate(MadeExplainer(), dataset(), folder=tmp_path / "r", progress=False)
    path = tmp_path / "r" / "records" / "0-made" / "000000.json"
    kept = next((tmp_path / "r" / "listings").rglob("*.json"))
    record = json.loads(path.read_text())
    path.write_text(json.dumps(record | {"sample": "renamed"}))
    later = kept.stat().st_mtime_ns + 1_000_000
    os.utime(path, ns=(later, later))
    assert next(iter(samples(tw.Report(tmp_path / "r").run()))) == "renamed"
    path.unlink()
    assert len(samples(tw.Report(tmp_path / "r").run())) == len(MASKS) - 1


WORD = st.fixed_dictionaries(
    {
        "text": st.sampled_from(["cat", "dog", "the"]),
        "category": st.sampled_from(["cat", "dog", None]),
        "part_of_speech": st.sampled_from(["noun", "function"]),
        "iou": st.none() | st.floats(0, 1),
        "below_threshold": st.none() | st.floats(0, 1),
        "precision": st.none(),
        "recall": st.none(),
        "skipped": st.sampled_from([None, ABSENT]),
        "activation": st.floats(0, 9),
        "peak": st.floats(0, 1),
        "parts": st.integers(0, 9),
        "largest_part": st.floats(0, 1),
        "beside": st.floats(0, 1),
    }
)


@given(st.lists(WORD))
def test_the_worst_word_is_the_one_that_scored_lowest(words: list[dict[str, Any]]) -> None:
    for word in words:
        word["threshold"] = 100.0 if word["part_of_speech"] == "noun" else None
    text = {"rouge_l": None, "meteor": math.nan}
    record = {
        "sample": "",
        "number": 0,
        "error": None,
        "missed": [],
        "text": text,
        "methods": {"tam": words},
    }
    case = listed_of(record, "tam")["entry"]
    nouns = [word for word in words if word["part_of_speech"] == "noun"]
    assert [word[0] for word in case["w"]] == [noun["text"] for noun in nouns]
    scored = [noun["iou"] for noun in nouns if noun["iou"] is not None]
    absent = [i for i, noun in enumerate(nouns) if noun["skipped"] == ABSENT]
    if scored:
        assert nouns[case["k"]]["iou"] == min(scored)
    elif absent:
        assert case["k"] <= absent[0]
    else:
        assert (case["k"] == -1) == (not nouns)
    json.dumps(case, allow_nan=False)


def test_the_kept_summary_is_that_of_the_records(report: tw.Report) -> None:
    path = report.folder / "tables" / "summary.json"
    again = tw.Report(report.folder)
    assert again.summary.equals(report.summary)
    assert "records" not in vars(again._results)  # nothing else was read
    kept = json.loads(path.read_text())
    for damaged in (b"", b"[]", json.dumps(kept | {"code": "0"}).encode()):
        path.write_bytes(damaged)
        assert tw.Report(report.folder).summary.equals(report.summary)
    kept["content"]["a"]["tam"]["f1_iou"] = 2.0
    path.write_text(json.dumps(kept))
    assert tw.Report(report.folder).summary["f1_iou"][0] == 2.0
    record = report.folder / "records" / "0-a" / "000000.json"
    later = path.stat().st_mtime_ns + 1_000_000
    os.utime(record, ns=(later, later))
    assert tw.Report(report.folder).summary.equals(report.summary)
    tw.Report(report.folder).save_tables()
    assert tw.Report(report.folder).summary.equals(report.summary)
