"""The gallery as Python sees it: its runs and traits, and the report that it shows."""

from __future__ import annotations

import base64
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from traitlets import TraitError

import tam_widgets as tw
from tam_widgets.errors import EvaluationError, OptionError, ReportError
from tam_widgets.evaluation.datasets import DemoScenes
from tam_widgets.views.gallery import still
from tam_widgets.views.gallery.gallery_traits import GalleryTraits
from tests.evaluation.made import MASKS, report_of_one_id
from tests.views.gallery.heard import Heard


def ids(view: tw.Gallery) -> list[str]:
    return [sample["id"] for sample in view._listing["samples"]]


def test_a_report_is_shown_by_its_first_model_and_method(view: Heard) -> None:
    assert view.runs == [["a", "tam"]]
    assert ids(view) == [*MASKS, "gone"]
    assert view._listing["runs"][0]["summary"]["failed"] == 1


def test_two_reports_stand_side_by_side(one: tw.Report, two: tw.Report) -> None:
    view = Heard(one.run("b", "wide"), two, sort="difference")
    assert view.runs == [["b", "wide"], ["c", "tam"]]
    assert [run["title"] for run in view._listing["runs"]] == ["b, wide", "c, tam"]
    assert view.filters["ranges"] == [None, None]
    paired = {one["id"]: one["runs"] for one in view._listing["samples"]}
    assert [sample for sample, runs in paired.items() if None not in runs] == [
        "absent",
        "no noun",
    ]


def test_a_side_is_changed_in_the_browser(view: Heard) -> None:
    view.selection = ["good"]
    before = view._listing
    view.browser_sets(runs=[["b", "wide"]])
    assert view.runs == [["b", "wide"]]
    assert view._listing["runs"][0]["title"] == "b, wide"
    assert view._listing != before
    content, _ = view.sent[-1]
    assert (content["kind"], content["id"]) == ("sample", "good")
    assert content["settings"] == {
        "method": "tam-no-eci",
        "kernel_size": 5,
        "border": "repeat",
    }


def test_sides_may_be_chosen_by_a_setting(one: tw.Report) -> None:
    view = Heard(one, runs=[["b", "wide"]], selection=["good"])
    assert view._listing["runs"][0]["title"] == "b, wide"
    assert view.explanations[0].text.strip() == "the cat"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("selection", ["good", "nothing"], "sample 'nothing'"),
        ("selection", [["good"]], "give ids"),
        ("score", "bleu", "give one of f1_iou"),
        ("sort", "size", "give one of score"),
        ("sort", "difference", "one run"),
        ("descending", "down", "boolean"),
        ("overlay", None, "boolean"),
        ("runs", [], r"a \[model, method\] for each of 1 runs"),
        ("runs", [["a"]], "for each of 1"),
        ("runs", [["a", None]], "for each of 1"),
        ("runs", [7], "for each of 1"),
        ("runs", [["a", "cam"]], "'cam' is not in this report"),
        ("notes", {"good": {"tags": ["x"], "note": ""}}, "report.annotate"),
        ("filters", {"colour": []}, "no 'colour'"),
        ("filters", {"signatures": ["bad luck"]}, "bad luck.*give some of background collapse"),
        ("filters", {"categories": ["dgo"]}, "'dgo'.*cat"),
        ("filters", {"categories": "cat"}, "list of texts"),
        ("filters", {"tags": [1]}, "list of texts"),
        ("filters", {"word": None}, "give a text"),
        ("filters", {"ranges": []}, r"give 1 of \[low, high\]"),
        ("filters", {"ranges": [[0.5, 0.2]]}, "within 0 and 1"),
        ("filters", {"ranges": [[0.5, 1.2]]}, "within 0 and 1"),
        ("filters", {"ranges": [[0.5]]}, "within 0 and 1"),
        ("filters", {"ranges": "all"}, "within 0 and 1"),
    ],
)
def test_what_does_not_fit_is_refused_from_both_sides_and_leaves_the_old(
    view: Heard, name: str, value: Any, expected: str
) -> None:
    before = getattr(view, name)
    with pytest.raises(TraitError, match=expected):
        setattr(view, name, value)
    assert getattr(view, name) == before
    view.browser_sets(**{name: value})
    content, _ = view.sent[-1]
    assert (content["kind"], content["about"]) == ("refused", name)
    assert getattr(view, name) == before


def test_what_the_browser_sets_is_read_in_python(view: Heard) -> None:
    view.browser_sets(score="recall", descending=True, filters={"word": "ca", "tags": ["x"]})
    assert (view.score, view.descending) == ("recall", True)
    assert view.filters == {
        "signatures": [],
        "categories": [],
        "tags": ["x"],
        "word": "ca",
        "ranges": [None],
    }


def test_what_is_shown_follows_filters_order_and_notes(view: Heard, folders: Path) -> None:
    everything = list(view.shown)
    scores = [one["runs"][0]["s"][0] for one in view._listing["samples"]]
    ids = [sample["id"] for sample in view._listing["samples"]]
    known = sorted((s, i) for i, s in enumerate(scores) if s is not None)
    assert everything[: len(known)] == [ids[i] for _, i in known]
    heard: list[Any] = []
    view.observe(lambda change: heard.append(change["new"]), "shown")
    view.filters = {"word": "ca"}
    assert heard == [view.shown]
    assert 0 < len(view.shown) < len(everything)
    view.browser_sets(filters={"tags": ["followed"]})
    assert view.shown == []
    view.hear(kind="note", ids=["good"], tags=["followed"])
    assert view.shown == ["good"]
    view.filters = {}
    view.sort, view.descending = "sample", True
    assert view.shown == ids[::-1]
    with pytest.raises(TraitError, match="shown"):
        view.shown = []


def test_a_still_picture_of_what_is_shown_stands_beside_the_view(view: Heard) -> None:
    def picture() -> Any:
        data, _ = view._repr_mimebundle_()
        assert "application/vnd.jupyter.widget-view+json" in data
        file = io.BytesIO(base64.b64decode(data["image/jpeg"]))
        with Image.open(file) as opened:
            return np.asarray(opened.convert("RGB"), int)

    everything = picture()
    view.filters = {"word": "ca"}
    some = picture()
    assert everything.shape[0] >= some.shape[0]
    assert everything.shape != some.shape or np.abs(everything - some).max() > 100
    view.filters = {"tags": ["nobody has it"]}
    assert picture().shape[0] < 100


def test_the_still_picture_says_why_a_run_has_no_noun(
    one: tw.Report, two: tw.Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    captions: dict[str, list[str]] = {}

    def sheet(title: str, rows: Any, note: str) -> bytes:
        prints = [each for row in rows for each in row]
        for i, sample in enumerate(view.shown[: len(prints) // 2]):
            captions[sample] = [each.caption for each in prints[2 * i : 2 * i + 2]]
        return b""

    view = Heard(one, two, sort="sample")
    monkeypatch.setattr(still, "contact_sheet", sheet)
    for descending in (False, True):
        view.descending = descending
        view._repr_mimebundle_()
    assert captions["gone"] == ["not measured", "no such sample"]
    assert captions["no noun"][0] == "no noun"
    assert captions["good"][0].startswith("cat 0.")


def test_settings_are_never_echoed_to_the_browser(view: Heard) -> None:
    names = GalleryTraits.class_own_traits()
    own = {name for name in names if not name.startswith("_")} - {"shown"}
    assert {"selection", "filters", "runs", "notes"} <= own
    assert all(view.traits()[name].metadata["echo_update"] is False for name in own)


@pytest.mark.parametrize(
    ("given", "expected"),
    [((), "0 reports"), ((1,), "int is not a report"), ((None, None, None), "3 reports")],
)
def test_something_else_than_reports_is_refused(given: Any, expected: str) -> None:
    with pytest.raises(OptionError, match=expected):
        tw.Gallery(*given)


def test_settings_and_notes_that_cannot_be_read_are_refused(one: tw.Report) -> None:
    with pytest.raises(OptionError, match="colour"):
        tw.Gallery(one, colour="red")
    (one.folder / "notes.json").write_text("{")
    with pytest.raises(ReportError, match=r"notes\.json"):
        tw.Gallery(one)


def test_samples_that_share_an_id_are_refused_and_the_report_shows_its_table(
    tmp_path: Path,
) -> None:
    twice = report_of_one_id(tmp_path / "r")
    with pytest.raises(EvaluationError, match="share their ids"):
        tw.Gallery(twice)
    with pytest.warns(UserWarning, match="share their ids"):
        data, _ = twice._repr_mimebundle_()
    assert "<table" in data["text/html"]
    assert "application/vnd.jupyter.widget-view+json" not in data


def test_a_report_shows_the_gallery_and_its_still_picture_elsewhere(one: tw.Report) -> None:
    data, _ = one._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert "image/jpeg" in data
    assert "text/html" not in data
    assert data["text/plain"] == repr(one)


def test_a_report_is_shown_without_pandas(one: tw.Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    data, _ = one._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data


def test_a_gallery_needs_neither_torch_nor_transformers(one: tw.Report) -> None:
    code = (
        "import sys, tam_widgets as tw; tw.Gallery(tw.Report(sys.argv[1]), selection=['good'])\n"
        "print([m for m in ('torch', 'transformers', 'cv2', 'pandas') if m in sys.modules])"
    )
    command = [sys.executable, "-c", code, str(one.folder)]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_a_real_evaluation_opens_on_its_worst_word(tmp_path: Path) -> None:
    explainer = tw.demo.explainer("qwen2-vl")
    report = tw.evaluate(explainer, DemoScenes(3), ["tam"], folder=tmp_path, progress=False)
    view = Heard(report)
    for sample in view._listing["samples"]:
        (run,) = sample["runs"]
        view.selection = [sample["id"]]
        (explanation,) = view.explanations
        selected = [token for _, token in view.sent[-1][0]["selected"]]
        text = "".join(explanation.tokens[token].text for token in selected)
        assert text.strip() == run["w"][run["k"]][0]
        scored = [iou for _, _, iou in run["w"] if iou is not None]
        assert run["w"][run["k"]][2] == min(scored)
