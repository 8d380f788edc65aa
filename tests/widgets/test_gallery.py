"""The gallery as Python sees it: its traits, and its messages without a browser."""

from __future__ import annotations

import base64
import io
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from traitlets import TraitError

import tam_widgets as tw
from tam_widgets.errors import EvaluationError, OptionError, ReportError
from tam_widgets.evaluation import Method
from tam_widgets.evaluation.datasets import DemoScenes
from tam_widgets.evaluation.notes import read_notes
from tam_widgets.geometry import Grid
from tam_widgets.widgets import colormaps
from tam_widgets.widgets.explorer import STATIC
from tests.evaluation.made import MASKS, MadeExplainer, dataset, item

METHODS = ["tam", Method("wide", "tam-no-eci", kernel_size=5)]
GOOD = [*dataset(), item("gone", MASKS["good"])]


class Heard(tw.Gallery):
    """A gallery that keeps what it sends."""

    def __init__(self, *sides: Any, **settings: Any) -> None:
        self.sent: list[tuple[dict[str, Any], list[bytes]]] = []
        super().__init__(*sides, **settings)

    def send(self, content: Any, buffers: Any = None) -> None:
        json.dumps(content, allow_nan=False)
        self.sent.append((content, list(buffers or ())))

    def hear(self, **content: Any) -> None:
        """A message from the browser."""
        data = {"method": "custom", "content": content}
        self._handle_msg({"content": {"data": data}, "buffers": []})

    def ask(self, **content: Any) -> tuple[dict[str, Any], list[bytes]]:
        """A message from the browser that is answered; returns the answer."""
        self.hear(**content)
        return self.sent[-1]

    def browser_sets(self, **state: Any) -> None:
        data = {"method": "update", "state": state}
        self._handle_msg({"content": {"data": data}, "buffers": []})


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two reports, `one` of two models and `two` of other samples in another order."""
    folder = tmp_path_factory.mktemp("gallery")
    evaluate(folder / "one", [MadeExplainer("a"), MadeExplainer("b")], GOOD)
    evaluate(folder / "two", MadeExplainer("c"), GOOD[3:1:-1])
    return folder


def evaluate(folder: Path, explainers: Any, items: Any, **options: Any) -> tw.Report:
    return tw.evaluate(explainers, items, METHODS, folder=folder, progress=False, **options)


@pytest.fixture
def one(folders: Path, tmp_path: Path) -> tw.Report:
    return tw.Report(shutil.copytree(folders / "one", tmp_path / "one"))


@pytest.fixture
def two(folders: Path, tmp_path: Path) -> tw.Report:
    return tw.Report(shutil.copytree(folders / "two", tmp_path / "two"))


@pytest.fixture
def view(one: tw.Report) -> Heard:
    return Heard(one)


def ids(view: tw.Gallery) -> list[str]:
    return [case["id"] for case in view._cases["cases"]]


def test_a_report_is_shown_by_its_first_model_and_method(view: Heard) -> None:
    assert view.sides == [["a", "tam"]]
    assert ids(view) == [*MASKS, "gone"]
    assert view._cases["sides"][0]["summary"]["failed"] == 1


def test_two_reports_stand_side_by_side(one: tw.Report, two: tw.Report) -> None:
    view = Heard(one.side("b", "wide"), two, sort="difference")
    assert view.sides == [["b", "wide"], ["c", "tam"]]
    assert [side["title"] for side in view._cases["sides"]] == ["b, wide", "c, tam"]
    assert view.filters["ranges"] == [None, None]
    paired = {case["id"]: case["sides"] for case in view._cases["cases"]}
    assert [sample for sample, sides in paired.items() if None not in sides] == [
        "absent",
        "no noun",
    ]


def test_a_side_is_changed_in_the_browser(view: Heard) -> None:
    view.selection = ["good"]
    before = view._cases
    view.browser_sets(sides=[["b", "wide"]])
    assert view.sides == [["b", "wide"]]
    assert view._cases["sides"][0]["title"] == "b, wide"
    assert view._cases != before
    content, _ = view.sent[-1]
    assert (content["kind"], content["id"]) == ("case", "good")
    assert content["settings"] == {"method": "tam-no-eci", "eci": 1.0, "kernel_size": 5}


def test_sides_may_be_chosen_by_a_setting(one: tw.Report) -> None:
    view = Heard(one, sides=[["b", "wide"]], selection=["good"])
    assert view._cases["sides"][0]["title"] == "b, wide"
    assert view.explanations[0].text.strip() == "the cat"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("selection", ["good", "nothing"], "sample 'nothing'"),
        ("selection", [["good"]], "give ids"),
        ("score", "bleu", "give one of f1_iou"),
        ("sort", "size", "give one of score"),
        ("sort", "difference", "one side"),
        ("descending", "down", "boolean"),
        ("overlay", None, "boolean"),
        ("sides", [], r"a \[model, method\] for each of 1 sides"),
        ("sides", [["a"]], "for each of 1"),
        ("sides", [["a", None]], "for each of 1"),
        ("sides", [7], "for each of 1"),
        ("sides", [["a", "cam"]], "'cam' is not in this report"),
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
    scores = [case["sides"][0]["s"][0] for case in view._cases["cases"]]
    ids = [case["id"] for case in view._cases["cases"]]
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


def test_settings_are_never_echoed_to_the_browser(view: Heard) -> None:
    own = set(tw.Gallery.class_own_traits()) - {"_cases", "shown"}
    assert {"selection", "filters", "sides", "notes"} <= own
    assert all(view.traits()[name].metadata["echo_update"] is False for name in own)


def test_pictures_come_with_the_words_map(view: Heard) -> None:
    content, buffers = view.ask(kind="pictures", cases=[["absent", 0, -1], ["absent", 1]])
    assert content["kind"] == "pictures"
    dog, cat = (case["sides"][0] for case in content["cases"])
    assert (dog["word"], cat["word"]) == (0, 1)
    assert dog["answer"] == "a dog and a cat"
    assert dog["rect"] == (0, 0, 1, 1)
    assert dog["size"] == (80, 40)
    picture = Image.open(io.BytesIO(buffers[dog["picture"]]))
    assert (picture.format, picture.size) == ("JPEG", (80, 40))
    right = np.asarray(Image.open(io.BytesIO(buffers[dog["map"]])))
    left = np.asarray(Image.open(io.BytesIO(buffers[cat["map"]])))
    assert right.shape == left.shape == (4, 8, 4)
    for lit, dark in ((right[:, 5:], right[:, :3]), (left[:, :3], left[:, 5:])):
        assert (dark[..., 3] == 0).all()
        assert (lit[..., :3] == colormaps.table("viridis")[255]).all()
        assert (lit[..., 3] == round(255 * 0.75)).all()


def test_what_there_is_no_picture_of_is_answered_all_the_same(view: Heard) -> None:
    wanted = [["gone", -1], ["nothing", 0], ["good", -1], ["good", 9], ["no noun", 0]]
    content, buffers = view.ask(kind="pictures", cases=wanted)
    gone, nothing, without, beyond, no_noun = (case["sides"][0] for case in content["cases"])
    assert gone is nothing is None
    assert without["map"] == beyond["map"] == no_noun["map"] == -1
    assert all(buffers[side["picture"]] for side in (without, beyond, no_noun))


def test_a_report_without_cards_shows_the_explanations_pictures(one: tw.Report) -> None:
    side = one.side("a", "wide")
    expected, drawn = Heard(side).ask(kind="pictures", cases=[["good", 0]])
    shutil.rmtree(one.folder / "cards")
    content, buffers = Heard(side).ask(kind="pictures", cases=[["good", 0]])
    assert content == expected
    assert buffers == drawn
    shutil.rmtree(one.folder / "explanations")
    content, buffers = Heard(side).ask(kind="pictures", cases=[["good", 0]])
    (shown,) = content["cases"][0]["sides"]
    assert (shown["picture"], shown["map"], shown["size"], buffers) == (-1, -1, None, [])


class Tiled(MadeExplainer):
    """Sees the picture as two tiles, in each of which the same columns are lit."""

    def explain(self, *arguments: Any, **options: Any) -> tw.Explanation:
        one = super().explain(*arguments, **options)
        tiles = Grid(4, 4, (0, 0, 40, 40)), Grid(4, 4, (40, 0, 80, 40))
        left = one.activations.reshape(-1, 4, 8)[:, :, :4].reshape(len(one.tokens), -1)
        twice = np.concatenate([left, left], axis=1)
        return replace(one, grids=tiles, activations=twice, reference_activation=twice[0])


def test_tiles_make_up_one_map(tmp_path: Path) -> None:
    report = tw.evaluate(Tiled(), GOOD[:1], folder=tmp_path / "r", progress=False)
    content, buffers = Heard(report).ask(kind="pictures", cases=[["good", 0]])
    (shown,) = content["cases"][0]["sides"]
    assert shown["rect"] == (0, 0, 1, 1)
    overlay = np.asarray(Image.open(io.BytesIO(buffers[shown["map"]])))
    assert overlay.shape == (4, 8, 4)
    assert (overlay[:, :4] == overlay[:, 4:]).all()
    assert overlay[..., 3].any()
    shutil.rmtree(report.folder / "cards")
    assert Heard(report).ask(kind="pictures", cases=[["good", 0]]) == (content, buffers)


def test_two_sides_show_a_picture_each(one: tw.Report, two: tw.Report) -> None:
    view = Heard(one, two)
    content, _ = view.ask(kind="pictures", cases=[["absent", 0, 1], ["good", 0, 0]])
    both, left = content["cases"]
    assert [side["word"] for side in both["sides"]] == [0, 1]
    assert left["sides"][1] is None


def test_the_explorers_code_is_sent_on_demand(view: Heard) -> None:
    content, _ = view.ask(kind="explorer")
    assert content == {"kind": "explorer", "code": (STATIC / "widget.js").read_text("utf-8")}


def test_a_chosen_sample_opens_with_its_worst_word(view: Heard) -> None:
    view.browser_sets(selection=["good", "absent"])
    content, buffers = view.sent[-1]
    assert (content["kind"], content["id"], content["missing"]) == ("case", "absent", None)
    (explanation,) = view.explanations
    assert explanation.text == " a dog and a cat"
    assert content["selected"] == [[0, explanation.find("cat")[0]]]
    (panel,) = content["header"]["panels"]
    assert panel["title"] == explanation.title
    assert buffers[panel["images"][0]["buffer"]] == explanation.images[0].data


def test_a_case_is_sent_once_and_again_when_a_view_asks(view: Heard) -> None:
    view.selection = ["good", "absent"]
    sent = len(view.sent)
    view.selection = ["absent"]
    assert len(view.sent) == sent
    content, _ = view.ask(kind="open")
    assert content["id"] == "absent"
    view.selection = []
    content, buffers = view.sent[-1]
    assert (content["id"], content["header"], content["missing"], buffers) == (None, None, None, [])
    assert view.explanations == ()


def test_two_sides_open_in_two_panels(one: tw.Report, two: tw.Report) -> None:
    view = Heard(one, two, selection=["absent"])
    content, _ = view.ask(kind="open")
    assert len(content["header"]["panels"]) == len(view.explanations) == 2
    assert content["caveat"] is None
    assert content["selected"] == [[0, 4], [1, 4]]
    view.selection = ["good"]
    assert len(view.explanations) == 1


def test_two_methods_of_one_answer_share_a_panel(one: tw.Report) -> None:
    view = Heard(one.side("a", "tam"), one.side("a", "wide"), selection=["good"])
    content, _ = view.ask(kind="open")
    assert len(content["header"]["panels"]) == 1
    assert content["settings"]["method"] == "tam"
    assert "those of tam" in content["caveat"]
    assert "B was scored by those of wide" in content["caveat"]


def test_a_case_without_explanation_says_why(one: tw.Report, tmp_path: Path) -> None:
    view = Heard(one, selection=["gone"])
    content, _ = view.ask(kind="open")
    assert content["header"] is None
    assert "cannot be read" in content["missing"]
    path = one.folder / "explanations" / "0-a" / "000000.safetensors"
    path.write_bytes(path.read_bytes()[:100])
    view.selection = ["good"]
    assert "truncated" in view.sent[-1][0]["missing"]
    bare = evaluate(tmp_path / "bare", MadeExplainer("a"), GOOD, keep_explanations=False)
    content, _ = Heard(bare, selection=["good"]).ask(kind="open")
    assert "keep_explanations=True" in content["missing"]
    content, _ = Heard(bare, one.side("b", "wide"), selection=["good"]).ask(kind="open")
    assert len(content["header"]["panels"]) == 1
    assert content["caveat"].startswith("A: the explanation of sample 0 is not kept")
    assert "The maps are those of" not in content["caveat"]
    assert content["settings"]["kernel_size"] == 5


def test_a_note_is_kept_in_the_first_reports_folder(one: tw.Report, two: tw.Report) -> None:
    view = Heard(two, one)
    view.hear(kind="note", ids=["absent", "good"], tags=["crop"])
    view.hear(kind="note", ids=["good"], note="half a cat")
    expected = {
        "absent": {"tags": ["crop"], "note": ""},
        "good": {"tags": ["crop"], "note": "half a cat"},
    }
    assert view.notes == expected
    assert Heard(two).notes == expected
    assert Heard(one).notes == {}
    assert set(two.notes["sample"]) == {"absent", "good"}
    assert not [content for content, _ in view.sent if content["kind"] == "refused"]


def test_notes_from_elsewhere_are_not_lost(view: Heard, one: tw.Report) -> None:
    one.annotate("absent", note="from a cell")
    view.hear(kind="note", ids=["good"], note="from the view")
    assert set(view.notes) == {"absent", "good"}
    one.annotate("no noun", tags=["x"])
    view.ask(kind="open")
    assert set(view.notes) == {"absent", "good", "no noun"}


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"kind": "note", "ids": ["nothing"], "note": "x"}, "'nothing'"),
        ({"kind": "note", "ids": ["good"], "tags": "crop"}, "list of texts"),
        ({"kind": "note"}, "KeyError"),
        ({"kind": "pictures"}, "KeyError"),
        ({"kind": "pictures", "cases": [[]]}, "ValueError"),
        ({"kind": "dance"}, "'dance'"),
        ({}, "None"),
    ],
)
def test_a_message_that_fails_is_told_to_the_view(
    view: Heard, message: Any, expected: str, caplog: pytest.LogCaptureFixture
) -> None:
    content, _ = view.ask(**message)
    assert (content["kind"], content["about"]) == ("refused", message.get("kind"))
    assert expected in content["message"]
    assert view.notes == {}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 9) | st.sampled_from(["good", "absent", "x", ""]),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=2), values),
    max_leaves=5,
)
KINDS = st.sampled_from(["pictures", "note", "open", "explorer", None])
PARTS = st.sampled_from(["cases", "ids", "note", "tags"])


@given(kind=KINDS, parts=st.dictionaries(PARTS, JSON))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_is_asked_is_answered_or_refused(view: Heard, kind: Any, parts: Any) -> None:
    view.sent.clear()
    view.hear(kind=kind, **parts)
    heard = [content["kind"] for content, _ in view.sent]
    answers = {"pictures": "pictures", "explorer": "explorer", "open": "case"}
    assert heard in (["refused"], [answers[kind]] if kind in answers else [])
    assert read_notes(view._folder) == view.notes


def test_a_folder_that_cannot_be_written_refuses_the_note(view: Heard, one: tw.Report) -> None:
    one.folder.rename(one.folder.with_name("elsewhere"))
    content, _ = view.ask(kind="note", ids=["good"], note="x")
    assert content["kind"] == "refused"
    assert "cannot be kept" in content["message"]
    assert view.notes == {}


@pytest.mark.parametrize(
    ("given", "expected"),
    [((), "0 reports"), ((1,), "int is no report"), ((None, None, None), "3 reports")],
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


def test_samples_that_share_an_id_are_refused_and_the_report_shows_its_table() -> None:
    twice = tw.evaluate(MadeExplainer(), dataset()[:1] * 2, progress=False)
    with pytest.raises(EvaluationError, match="share their ids"):
        tw.Gallery(twice)
    with pytest.warns(UserWarning, match="share their ids"):
        data, _ = twice._repr_mimebundle_()
    assert "<table" in data["text/html"]
    assert "application/vnd.jupyter.widget-view+json" not in data


def test_a_report_shows_the_gallery_and_its_summary_elsewhere(one: tw.Report) -> None:
    data, _ = one._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert "f1_iou" in data["text/html"]
    assert data["text/plain"] == repr(one)


def test_a_report_is_shown_without_pandas(one: tw.Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    data, _ = one._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert "<td>b</td><td>wide</td>" in data["text/html"]


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
    for case in view._cases["cases"]:
        (side,) = case["sides"]
        view.selection = [case["id"]]
        (explanation,) = view.explanations
        selected = [token for _, token in view.sent[-1][0]["selected"]]
        text = "".join(explanation.tokens[token].text for token in selected)
        assert text.strip() == side["w"][side["k"]][0]
        scored = [iou for _, _, iou in side["w"] if iou is not None]
        assert side["w"][side["k"]][2] == min(scored)
