"""What a gallery answers to its view, without a browser."""

from __future__ import annotations

import io
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

import tam_widgets as tw
from tam_widgets.evaluation.storage.notes import read_notes
from tam_widgets.explanation.geometry import Grid
from tam_widgets.views import colormaps
from tam_widgets.views.explorer import STATIC
from tests.evaluation.made import MadeExplainer
from tests.views.gallery.heard import GOOD, Heard, evaluate, without_outlines


def test_pictures_come_with_the_words_map(view: Heard) -> None:
    content, buffers = view.ask(kind="pictures", samples=[["absent", 0, -1], ["absent", 1]])
    assert content["kind"] == "pictures"
    dog, cat = (sample["runs"][0] for sample in content["samples"])
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
    content, buffers = view.ask(kind="pictures", samples=wanted)
    gone, nothing, without, beyond, no_noun = (sample["runs"][0] for sample in content["samples"])
    assert gone is nothing is None
    assert without["map"] == beyond["map"] == no_noun["map"] == -1
    assert all(buffers[run["picture"]] for run in (without, beyond, no_noun))


def test_pictures_come_with_the_true_outline_of_what_the_word_names(view: Heard) -> None:
    content, _ = view.ask(kind="pictures", samples=[["absent", 0], ["absent", 1], ["good", -1]])
    dog, cat, none = (sample["runs"][0]["outline"] for sample in content["samples"])
    assert dog == none == []  # there is no dog
    (ring,) = cat
    xs, ys = ring[::2], ring[1::2]
    assert (min(xs), max(xs), min(ys), max(ys)) == pytest.approx((0, 500, 0, 1000), abs=1)


def test_an_open_sample_has_the_outlines_of_all_objects_with_their_words(view: Heard) -> None:
    view.browser_sets(selection=["wrong place"])
    (panel,) = view.sent[-1][0]["header"]["panels"]
    (dog,) = panel["outlines"]
    assert (dog["name"], dog["image"], len(dog["rings"])) == ("dog", 0, 1)
    assert [panel["tokens"][token]["text"] for token in dog["tokens"]] == [" dog"]
    view.browser_sets(selection=["good"])
    (panel,) = view.sent[-1][0]["header"]["panels"]
    assert [one["name"] for one in panel["outlines"]] == ["cat"]


def test_a_report_without_cards_shows_the_explanations_pictures(one: tw.Report) -> None:
    run = one.run("a", "wide")
    expected, drawn = Heard(run).ask(kind="pictures", samples=[["good", 0]])
    shutil.rmtree(one.folder / "cards")
    content, buffers = Heard(run).ask(kind="pictures", samples=[["good", 0]])
    assert without_outlines(content) == without_outlines(expected)
    assert buffers == drawn
    shutil.rmtree(one.folder / "explanations")
    content, buffers = Heard(run).ask(kind="pictures", samples=[["good", 0]])
    (shown,) = content["samples"][0]["runs"]
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
    content, buffers = Heard(report).ask(kind="pictures", samples=[["good", 0]])
    (shown,) = content["samples"][0]["runs"]
    assert shown["rect"] == (0, 0, 1, 1)
    overlay = np.asarray(Image.open(io.BytesIO(buffers[shown["map"]])))
    assert overlay.shape == (4, 8, 4)
    assert (overlay[:, :4] == overlay[:, 4:]).all()
    assert overlay[..., 3].any()
    shutil.rmtree(report.folder / "cards")
    again, drawn = Heard(report).ask(kind="pictures", samples=[["good", 0]])
    assert (without_outlines(again), drawn) == (without_outlines(content), buffers)


def test_two_sides_show_a_picture_each(one: tw.Report, two: tw.Report) -> None:
    view = Heard(one, two)
    content, _ = view.ask(kind="pictures", samples=[["absent", 0, 1], ["good", 0, 0]])
    both, left = content["samples"]
    assert [run["word"] for run in both["runs"]] == [0, 1]
    assert left["runs"][1] is None


def test_the_explorers_code_is_sent_on_demand(view: Heard) -> None:
    content, _ = view.ask(kind="explorer")
    assert content == {"kind": "explorer", "code": (STATIC / "widget.js").read_text("utf-8")}


def test_a_chosen_sample_opens_with_its_worst_word(view: Heard) -> None:
    view.browser_sets(selection=["good", "absent"])
    content, buffers = view.sent[-1]
    assert (content["kind"], content["id"], content["missing"]) == ("sample", "absent", None)
    (explanation,) = view.explanations
    assert explanation.text == " a dog and a cat"
    assert content["selected"] == [[0, explanation.find("cat")[0]]]
    (panel,) = content["header"]["panels"]
    assert panel["title"] == explanation.title
    assert buffers[panel["images"][0]["buffer"]] == explanation.images[0].data


def test_a_chosen_sample_opens_with_the_word_that_is_filtered_for(one: tw.Report) -> None:
    for filters in ({"word": " Dog"}, {"categories": ["dog"]}):
        view = Heard(one, filters=filters)
        view.browser_sets(selection=["absent"])
        content, _ = view.sent[-1]
        assert content["selected"] == [[0, view.explanations[0].find("dog")[0]]]
        kept = json.loads(view.get_state(drop_defaults=False)["_pictures"])["samples"]
        dogs = [run["runs"][0]["w"] for run in view._listing["samples"] if run["id"] == "absent"]
        (saved,) = [one_["nouns"] for one_ in kept if one_["id"] == "absent"]
        assert dogs[0][saved[0]][0] == "dog"


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
    view = Heard(one.run("a", "tam"), one.run("a", "wide"), selection=["good"])
    content, _ = view.ask(kind="open")
    assert len(content["header"]["panels"]) == 1
    assert content["settings"]["method"] == "tam"
    assert "the maps of tam" in content["caveat"]
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
    content, _ = Heard(bare, one.run("b", "wide"), selection=["good"]).ask(kind="open")
    assert len(content["header"]["panels"]) == 1
    assert content["caveat"].startswith("A: the explanation of sample 0 was not saved")
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


def test_notes_that_someone_else_changed_are_not_overwritten(view: Heard, one: tw.Report) -> None:
    one.annotate("good", note="from a cell", tags=["seen"])
    content, _ = view.ask(kind="note", ids=["good"], tags=["mine"])
    assert content["kind"] == "refused"
    assert "meanwhile" in content["message"]
    assert view.notes["good"] == {"tags": ["seen"], "note": "from a cell"}
    view.hear(kind="note", ids=["good"], tags=["seen", "mine"])
    assert read_notes(one.folder)["good"] == {"tags": ["seen", "mine"], "note": "from a cell"}


def test_a_case_opens_with_the_notes_of_the_moment(view: Heard, one: tw.Report) -> None:
    one.annotate("good", note="from a cell")
    assert view.notes == {}
    view.selection = ["good"]
    assert view.notes["good"]["note"] == "from a cell"


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
        ({"kind": "pictures", "samples": [[]]}, "ValueError"),
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
PARTS = st.sampled_from(["samples", "ids", "note", "tags"])


@given(kind=KINDS, parts=st.dictionaries(PARTS, JSON))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_is_asked_is_answered_or_refused(view: Heard, kind: Any, parts: Any) -> None:
    view.sent.clear()
    view.hear(kind=kind, **parts)
    heard = [content["kind"] for content, _ in view.sent]
    answers = {"pictures": "pictures", "explorer": "explorer", "open": "sample"}
    assert heard in (["refused"], [answers[kind]] if kind in answers else [])
    assert view._runs[0].notes() == view.notes


def test_a_folder_that_cannot_be_written_refuses_the_note(view: Heard, one: tw.Report) -> None:
    one.folder.rename(one.folder.with_name("elsewhere"))
    content, _ = view.ask(kind="note", ids=["good"], note="x")
    assert content["kind"] == "refused"
    assert "cannot be kept" in content["message"]
    assert view.notes == {}
