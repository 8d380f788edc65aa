"""What if, asked from a view: steps that can be walked back and branched."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from traitlets import TraitError

import tam_widgets as tw
from tam_widgets.errors import OptionError
from tam_widgets.explanation.word_changes import changed_words
from tam_widgets.views.at_rest import shown_at_rest
from tam_widgets.views.questions.strokes import painted
from tam_widgets.views.questions.what_if import change_of
from tam_widgets.views.what_if_label import label_of

from .test_questions import Browser

EMPTY = {"selected": [], "box": [], "counterfactual": [], "contrast": False, "frame": 0}


@pytest.fixture(scope="module")
def demo() -> tw.Explainer:
    return tw.demo.explainer("qwen2-vl")


@pytest.fixture(scope="module")
def explained(demo: tw.Explainer) -> tw.Explanation:
    scene = tw.demo.scene(seed=7)
    return demo.explain(scene.image, scene.prompt, progress=False)


@pytest.fixture
def view(explained: tw.Explanation) -> tw.Explorer:
    return tw.Explorer(explained)


@pytest.fixture
def browser(view: tw.Explorer, monkeypatch: pytest.MonkeyPatch) -> Browser:
    return Browser(view, monkeypatch)


def updates(view: tw.Explorer, monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    """The names in each update of the state that is sent from now on."""
    sent: list[set[str]] = []

    def send_state(key: Any = None) -> None:
        sent.append({key} if isinstance(key, str) else set(key))

    monkeypatch.setattr(view, "send_state", send_state)
    return sent


@pytest.mark.parametrize(
    ("change", "same", "label"),
    [
        (
            {"write_on": {"token": "cups", "word": "cats"}},
            {"token": "cups", "word": "cats"},
            "write on from ‘cats’ instead of ‘cups’",
        ),
        (
            {"paint": {"image": 0, "boxes": [[10, 10, 60, 90]], "fill": "black"}},
            {"region": (10, 10, 60, 90), "fill": "black"},
            "{share} painted over",
        ),
        ({"crop": {"box": [9, 9, 90, 90]}}, {"crop": (9, 9, 90, 90)}, "cropped"),
        ({"answer": "There is a cup."}, {"answer": "There is a cup."}, "another answer"),
    ],
)
def test_a_change_makes_a_step_beside_its_parent(
    demo: tw.Explainer,
    browser: Browser,
    change: dict[str, Any],
    same: dict[str, Any],
    label: str,
) -> None:
    view = browser.view
    (before,) = view.explanations
    share = 50 * 80 / (before.images[0].width * before.images[0].height)
    for given in (same, *change.values()):
        if "token" in given:
            given["token"] = before.find("cups")[0]
    browser.ask("what-if", **change)
    assert browser.wait("done", "failed")["data"] == {"step": 1}
    expected = demo.what_if(before, **same, progress=False)
    assert view.step == 1
    left, right = view.explanations
    assert left is before
    assert right.tokens == expected.tokens
    np.testing.assert_array_equal(right.activations, expected.activations)
    assert view.steps == [left, right]
    label = label.format(share=f"{100 * share:.0f} %")
    assert view._steps == [
        {"parent": None, "change": "", "label": "original", "text": before.text},
        {"parent": 0, "change": next(iter(change)), "label": label, "text": right.text},
    ]
    changed = [panel["changed"] for panel in view._header["panels"]]
    assert changed == list(changed_words(left, right))
    assert "what-if" in view._questions[1]


def test_a_candidate_is_named_by_its_text(view: tw.Explorer) -> None:
    (before,) = view.explanations
    cups = before.find("cups")[0]
    other = next(c for c in before.tokens[cups].candidates if c.id != before.tokens[cups].id)
    made = view.what_if(token=cups, word=other.id, progress=False)
    assert view._steps[1]["label"] == f"write on from ‘{other.text.strip()}’ instead of ‘cups’"
    assert made.tokens[cups].id == other.id
    view.what_if(panel=0, token=len(before) - 1, word=".", progress=False)
    assert view._steps[2]["label"] == "write on from ‘.’ instead of the end"
    read = view.what_if(panel=0, answer="There is a cup.")
    is_ = read.find("is")[0]
    view.what_if(panel=1, token=is_, word=read.tokens[is_].id, progress=False)
    assert view._steps[4]["label"] == "write on from ‘is’"


def test_steps_are_a_tree(view: tw.Explorer) -> None:
    (first,) = view.explanations
    cropped = view.what_if(crop=(0, 0, 100, 100), progress=False)
    read = view.what_if(panel=1, answer="There is a cup.", progress=False)
    assert view.explanations == (cropped, read)
    branch = view.what_if(panel=0, answer="Two cats.", progress=False)
    assert [step["parent"] for step in view._steps] == [None, 0, 1, 1]
    view.step = 1
    assert view.explanations == (first, cropped)
    other = view.what_if(panel=0, answer="A laptop.", progress=False)
    assert view._steps[4]["parent"] == 0
    assert view.steps == [first, cropped, read, branch, other]
    view.step = 0
    assert view.explanations == (first,)
    assert [panel["changed"] for panel in view._header["panels"]] == [None]


def test_a_comparison_comes_first(demo: tw.Explainer, explained: tw.Explanation) -> None:
    other = demo.explain(tw.demo.scene(seed=3).image, "Describe this image.", progress=False)
    view = tw.compare(explained, other)
    view.step = 1
    assert view.explanations == (explained, other)
    made = view.what_if(panel=1, answer="There is a cup.")
    assert (view.step, view.explanations) == (2, (other, made))
    assert [step["label"] for step in view._steps[:2]] == ["original 1", "original 2"]
    view.step = 0
    assert view.explanations == (explained, other)
    assert view.explainers == [demo, demo]


def test_what_belongs_to_single_panels_is_reset_in_one_update(
    view: tw.Explorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    (before,) = view.explanations
    view.selected = [(0, len(before) - 1)]
    view.box = [0, 0, 0, 0, 50, 50]
    view.opacity = 0.25
    sent = updates(view, monkeypatch)
    view.what_if(answer="A cup.", progress=False)
    assert {name: getattr(view, name) for name in EMPTY} == EMPTY
    assert view.opacity == 0.25
    (update,) = sent
    assert {"step", "_steps", "_header", "_buffers", "selected", "box", "_questions"} <= update
    sent.clear()
    view.step = 0
    (update,) = sent
    assert {"step", "_header", "_buffers"} <= update


def test_each_step_remembers_what_was_locked_in_it(
    view: tw.Explorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    (before,) = view.explanations
    cups = before.find("cups")[0]
    view.selected = [(0, cups)]
    view.what_if(token="cups", word="cats", progress=False)
    assert view.selected == []
    view.selected = [(1, 2), (0, 3)]
    view.set_state({"step": 0})
    assert view.selected == [(0, cups)]
    view.selected = []
    sent = updates(view, monkeypatch)
    view.step = 1
    assert view.selected == [(1, 2), (0, 3)]
    assert any({"_header", "selected"} <= update for update in sent)
    view.step = 0
    assert view.selected == []


def test_paint_overs_are_told_apart_by_their_share(view: tw.Explorer) -> None:
    (before,) = view.explanations
    width, height = before.images[0].width, before.images[0].height
    half = np.zeros((height, width), bool)
    half[: height // 2] = True
    boxes = [(-9, 0, width / 4, height), (0, 0, width / 4 - 0.5, height), (width / 2, 0, 900, 1)]
    regions: list[Any] = [half, boxes, (3, 3, 5, 5)]
    labels = [label_of({"region": region}, before, before) for region in regions]
    assert labels == ["50 % painted over", "25 % painted over", "<1 % painted over"]
    two = replace(before, images=before.images * 2)
    assert label_of({"region": half, "image": 1}, two, two) == "50 % of picture 2 painted over"
    assert label_of({"crop": (0, 0, 9, 9), "image": 1}, two, two) == "picture 2 cropped"


def test_a_step_that_the_browser_chooses_is_shown(
    view: tw.Explorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    (before,) = view.explanations
    view.what_if(answer="A cup.", progress=False)
    sent = updates(view, monkeypatch)
    view.set_state({"step": 0})
    assert view.explanations == (before,)
    assert len(view._header["panels"]) == 1
    assert any({"_header", "_buffers"} <= update for update in sent)


def test_settings_that_do_not_fit_the_pictures_are_reset(
    demo: tw.Explainer, explained: tw.Explanation
) -> None:
    grid = explained.grids[0]
    view = tw.Explorer(explained.with_maps("mine", np.abs(explained.activations)))
    view.method, view.kernel_size = "mine", max(grid.rows, grid.cols) // 2 * 2 - 1
    view.what_if(crop=(0, 0, 60, 60), progress=False)
    assert view.method == "mine"  # the parent has it
    view.what_if(panel=1, answer="There is a cup.")
    assert view.method == "tam"
    assert view.kernel_size == 3


def test_panels_by_method_come_back_with_their_methods(explained: tw.Explanation) -> None:
    view = tw.compare(explained, methods=["tam", "cam", "tam-no-eci"])
    view.what_if(panel=1, answer="There is a cup.")
    assert len(view.explanations) == 2
    assert view.methods == []
    view.step = 0
    assert view.methods == ["tam", "cam", "tam-no-eci"]
    assert len(view.explanations) == 3
    view.update_explanations(explained, lambda one: one.with_maps("mine", one.maps("cam")))
    assert len({id(one) for one in view.explanations}) == 1


def test_a_layer_stays_where_it_can_be_shown(demo: tw.Explainer, explained: tw.Explanation) -> None:
    view = tw.Explorer(explained)
    view.layer = 2
    view.what_if(answer="There is a cup.")
    assert view.layer == 2


@pytest.mark.parametrize("step", [-1, 1, 7])
def test_steps_that_do_not_exist(view: tw.Explorer, step: int) -> None:
    with pytest.raises(TraitError, match=f"step={step}: there are 1, give 0 to 0"):
        view.step = step


def test_a_failure_keeps_all_steps(browser: Browser) -> None:
    view = browser.view
    made = view.what_if(answer="A cup.", progress=False)
    browser.ask("what-if", panel=1, crop={"box": [5000, 0, 6000, 10]})
    assert "outside image 0" in browser.wait("failed")["message"]
    assert view.steps[1] is made
    assert view.step == 1


def test_more_that_is_computed_reaches_every_step(view: tw.Explorer) -> None:
    (before,) = view.explanations
    view.what_if(answer="A cup.", progress=False)
    view.step = 0
    made = view.steps[1]
    view.update_explanations(made, lambda one: one.with_maps("mine", np.abs(one.activations)))
    assert "mine" in view.steps[1].extra_maps
    view.step = 1
    assert "mine" in [method["name"] for method in view._header["methods"]]
    assert view.explanations[0] is before


def test_a_step_rests_on_words_that_differ(view: tw.Explorer) -> None:
    (before,) = view.explanations
    cups = before.find("cups")[0]
    view.what_if(token=cups, word="cats", progress=False)
    rest = view._header["atRest"]
    assert all(
        {*tokens} <= {*panel["changed"]}
        for tokens, panel in zip(rest, view._header["panels"], strict=True)
    )
    at_rest = view._picture()
    view.selected = [(panel, token) for panel, (token,) in enumerate(rest)]
    assert view._picture() == at_rest
    view.step = 0
    assert view._header["atRest"] == shown_at_rest([before])


def test_a_saved_page_shows_the_step_in_view(view: tw.Explorer, tmp_path: Path) -> None:
    view.what_if(answer="There is a red cup.", progress=False)
    view.to_html(tmp_path / "step.html")
    page = (tmp_path / "step.html").read_text("utf-8")
    assert page.count('"changed": [') == 2
    assert '"label": "another answer"' in page


def test_a_model_that_is_gone_is_named(explained: tw.Explanation, tmp_path: Path) -> None:
    explained.save(tmp_path / "one.safetensors")
    view = tw.Explorer(tw.load(tmp_path / "one.safetensors"))
    with pytest.raises(OptionError, match="is not loaded: pass it to the view"):
        view.what_if(answer="A cup.")
    with pytest.raises(OptionError, match="panel=1: give 0 to 0"):
        view.what_if(panel=1, answer="A cup.")
    assert "what-if" not in view._questions[0]


def test_a_loaded_explanation_with_a_given_model(
    demo: tw.Explainer, explained: tw.Explanation, tmp_path: Path
) -> None:
    explained.save(tmp_path / "one.safetensors")
    view = tw.Explorer(tw.load(tmp_path / "one.safetensors"), explainer=demo)
    view.what_if(crop=(0, 0, 90, 90), progress=False)
    assert view.explainers == [demo, demo]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "nothing to change: give one of write_on, paint"),
        ({"crop": {}, "answer": "A"}, "crop and answer to change"),
        ({"write_on": 3}, "write_on=3: give an object"),
        ({"write_on": {"token": 9}}, "give a token, and an id or a word"),
        ({"paint": {"image": 1}}, "image=1: give 0 to 0"),
        ({"paint": {"strokes": 7}}, "strokes=7: give a list"),
        ({"paint": {"strokes": [7]}}, "stroke 7"),
        ({"paint": {"strokes": [{"points": [], "radius": 3}]}}, "without points"),
        ({"paint": {"strokes": [{"points": [[1]], "radius": 3}]}}, "point .* give 2 numbers"),
        ({"paint": {"strokes": [{"points": [[1, 2]]}]}}, "radius .* give 1 numbers"),
        ({"paint": {"boxes": [[1, 2, float("nan"), 4]]}}, "box .* give 4 numbers"),
        ({"crop": {"image": True}}, "image=True"),
        ({"answer": 3}, "answer=3: give a text"),
    ],
)
def test_what_the_browser_must_not_ask(
    explained: tw.Explanation, arguments: dict[str, Any], said: str
) -> None:
    with pytest.raises(OptionError, match=said):
        change_of(explained, arguments)


def test_strokes_are_round_and_boxes_whole() -> None:
    dot = painted([{"points": [[20, 10]], "radius": 5}], [], (40, 30))
    rows, cols = np.nonzero(dot)
    centres = np.hypot(cols + 0.5 - 20, rows + 0.5 - 10)
    assert centres.max() <= 5
    assert dot.sum() == pytest.approx(np.pi * 25, rel=0.1)
    np.testing.assert_array_equal(dot[:20], dot[:20][::-1])
    line = painted([{"points": [[5, 15], [35, 15]], "radius": 3}], [], (40, 30))
    assert line[12:18, 5:35].all()
    assert not line[:12].any()
    assert not line[18:].any()
    box = painted([], [[2.4, 3, 6.2, 8]], (40, 30))
    assert box.sum() == 5 * 5
    assert box[3:8, 2:7].all()


def test_strokes_beyond_the_picture() -> None:
    far = painted([{"points": [[-1e9, 5], [1e9, 5]], "radius": 1e9}], [[1e9, 0, 2e9, 9]], (8, 6))
    assert far.all()
    assert not painted([{"points": [[500, 500]], "radius": 2}], [[9, 9, 8, 8]], (8, 6)).any()
    assert not painted([], [], (8, 6)).any()
