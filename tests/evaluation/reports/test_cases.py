"""What the gallery lists: cases of one or two sides, kept when a run ends."""

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
from tam_widgets.evaluation.measures.accounts import ABSENT
from tam_widgets.evaluation.measures.signatures import SIGNATURES
from tam_widgets.evaluation.reports.cases import SCORES, case_of, paired, titles, twin
from tam_widgets.evaluation.reports.sides import Side
from tests.evaluation.made import MASKS, MadeExplainer, dataset, item


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> tw.Report:
    return tw.evaluate(
        [MadeExplainer("a"), MadeExplainer("<b>")],
        [*dataset(), item("gone", MASKS["good"])],
        ["tam", "cam"],
        folder=tmp_path_factory.mktemp("cases") / "r",
        progress=False,
    )


def cases(*sides: Side) -> dict[str, list[Any]]:
    return {case["id"]: case["sides"] for case in paired(sides)["cases"]}


def test_a_side_has_scores_signatures_and_nouns(report: tw.Report) -> None:
    listed = paired([report.side("a", "cam")])
    (found,) = cases(report.side("a", "cam"))["absent"]
    row = report.samples.query("sample == 'absent' and model == 'a' and method == 'cam'").iloc[0]
    for name, value in zip(SCORES, found["s"], strict=True):
        assert value == round(row[name], 4)
    named = [listed["signatures"][i]["name"] for i in found["g"]]
    assert "; ".join(named) == row["signatures"]
    cat, dog = listed["categories"].index("cat"), listed["categories"].index("dog")
    assert [word[:2] for word in found["w"]] == [["dog", dog], ["cat", cat]]
    assert found["k"] == 1  # the only noun with an IoU
    (wrong,) = cases(report.side("a", "cam"))["no object"]
    assert (wrong["w"], wrong["k"], wrong["s"][0]) == ([["cat", cat, None]], 0, None)


def test_cases_come_in_the_order_of_the_data_set(report: tw.Report) -> None:
    assert list(cases(report.side())) == [*MASKS, "gone"]


def test_a_sample_that_was_not_measured_says_why(report: tw.Report) -> None:
    (gone,) = cases(report.side())["gone"]
    assert "cannot be read" in gone["e"]
    assert (gone["s"], gone["w"], gone["k"]) == ([None] * len(SCORES), [], -1)


def test_what_was_missed_is_a_category(report: tw.Report) -> None:
    listed = paired([report.side()])
    (case,) = cases(report.side())["no noun"]
    assert [listed["categories"][i] for i in case["m"]] == ["cat"]
    missed = [s.name for s in SIGNATURES].index("object missed")
    assert missed in case["g"]


def test_two_reports_are_paired_by_the_samples_names(report: tw.Report) -> None:
    other = tw.evaluate(
        MadeExplainer("c"), [*dataset()[3:1:-1], item("new", MASKS["good"])], progress=False
    )
    found = cases(report.side(), other.side())
    assert list(found) == [*MASKS, "gone", "new"]
    assert [sample for sample, (_, second) in found.items() if second] == [
        "absent",
        "no noun",
        "new",
    ]
    assert found["new"][0] is None
    assert found["absent"] == [found["absent"][0]] * 2


def test_sides_say_what_they_are(report: tw.Report) -> None:
    side = paired([report.side("<b>", "cam")])["sides"][0]
    assert (side["model"], side["method"]) == ("<b>", "cam")
    assert (side["models"], side["methods"]) == (["a", "<b>"], ["tam", "cam"])
    row = report.summary.set_index(["model", "method"]).loc[("<b>", "cam")]
    for name, column in {"f1_iou": "f1_iou", "low": "f1_iou_low", "high": "f1_iou_high"}.items():
        assert side["summary"][name] == round(row[column], 4)
    assert (side["summary"]["samples"], side["summary"]["failed"]) == (5, 1)


def test_titles_tell_sides_apart(report: tw.Report, tmp_path: Path) -> None:
    assert titles([report.side("a"), report.side("<b>")]) == ["a, tam", "<b>, tam"]
    other = tw.evaluate(MadeExplainer("a"), dataset(), folder=tmp_path / "new", progress=False)
    assert titles([report.side("a"), other.side()]) == ["a, tam (r)", "a, tam (new)"]


def test_a_side_that_is_not_there_is_refused(report: tw.Report) -> None:
    for chosen in ({"model": "c"}, {"method": "c"}):
        with pytest.raises(EvaluationError, match="'c' is not in this report"):
            report.side(**chosen)


def test_samples_of_one_name_cannot_be_listed() -> None:
    twice = tw.evaluate(MadeExplainer(), dataset()[:1] * 2, progress=False)
    with pytest.raises(EvaluationError, match="share their ids"):
        paired([twice.side()])


def test_the_kept_list_is_that_of_the_records(report: tw.Report) -> None:
    (kept,) = (report.folder / "cases" / "0-a").glob("*-cam.json")
    before, content = cases(report.side("a", "cam")), kept.read_bytes()
    for damaged in (b"", b"{}", b"[]", content.replace(b'"version":2', b'"version":9')):
        kept.write_bytes(damaged)
        assert cases(tw.Report(report.folder).side("a", "cam")) == before
    kept.unlink()
    assert cases(tw.Report(report.folder).side("a", "cam")) == before
    kept.write_bytes(content)
    assert cases(tw.Report(report.folder).side("a", "cam")) == before


def test_what_is_not_kept_is_kept_when_it_is_first_shown(
    report: tw.Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    (kept,) = (report.folder / "cases" / "0-a").glob("*-cam.json")
    content = kept.read_bytes()
    kept.unlink()

    def full(*_: Any, **__: Any) -> None:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(
            "tempfile.NamedTemporaryFile", lambda *_, **__: (_ for _ in ()).throw(OSError)
        )
        assert cases(report.side("a", "cam"))  # also where nothing can be written
    assert not kept.exists()
    assert cases(report.side("a", "cam"))
    assert kept.read_bytes() == content


def test_a_record_that_is_newer_than_the_list_counts(tmp_path: Path) -> None:
    tw.evaluate(MadeExplainer(), dataset(), folder=tmp_path / "r", progress=False)
    path = tmp_path / "r" / "records" / "0-made" / "000000.json"
    kept = next((tmp_path / "r" / "cases").rglob("*.json"))
    record = json.loads(path.read_text())
    path.write_text(json.dumps(record | {"sample": "renamed"}))
    later = kept.stat().st_mtime_ns + 1_000_000
    os.utime(path, ns=(later, later))
    assert next(iter(cases(tw.Report(tmp_path / "r").side()))) == "renamed"
    path.unlink()
    assert len(cases(tw.Report(tmp_path / "r").side())) == len(MASKS) - 1


WORD = st.fixed_dictionaries(
    {
        "text": st.sampled_from(["cat", "dog", "the"]),
        "category": st.sampled_from(["cat", "dog", None]),
        "kind": st.sampled_from(["noun", "function"]),
        "iou": st.none() | st.floats(0, 1),
        "quiet": st.none() | st.floats(0, 1),
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
        word["threshold"] = 100.0 if word["kind"] == "noun" else None
    text = {"rouge_l": None, "meteor": math.nan}
    record = {"error": None, "missed": [], "text": text, "methods": {"tam": words}}
    case = case_of(record, "tam")
    nouns = [word for word in words if word["kind"] == "noun"]
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
    assert "records" not in vars(again)  # nothing else was read
    kept = json.loads(path.read_text())
    for damaged in (b"", b"[]", json.dumps(kept | {"version": 9}).encode()):
        path.write_bytes(damaged)
        assert tw.Report(report.folder).summary.equals(report.summary)
    kept["content"]["a"]["tam"]["f1_iou"] = 2.0
    path.write_text(json.dumps(kept))
    assert tw.Report(report.folder).pooled("a", "tam")["f1_iou"] == 2.0
    record = report.folder / "records" / "0-a" / "000000.json"
    later = path.stat().st_mtime_ns + 1_000_000
    os.utime(record, ns=(later, later))
    assert tw.Report(report.folder).summary.equals(report.summary)
    tw.Report(report.folder).save_tables()
    assert tw.Report(report.folder).summary.equals(report.summary)


@pytest.mark.parametrize(
    ("noun", "nouns", "expected"),
    [
        (("Dog", "dog"), [("cat", "cat"), ("dog", None)], 1),
        (("dogs", "dog"), [("cat", "cat"), ("puppy", "dog")], 1),
        (("sky", None), [("sea", None)], None),
        (("sky", -1), [("sea", -1)], None),
        (("dog", "dog"), [], None),
    ],
)
def test_a_nouns_twin_is_the_same_word_or_one_of_its_category(
    noun: tuple[str, Any], nouns: list[tuple[str, Any]], expected: int | None
) -> None:
    assert twin(noun, nouns) == expected
