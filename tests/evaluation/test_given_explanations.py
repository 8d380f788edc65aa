"""Maps of another tool are measured against masks, without a model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tam_widgets as tw
from tam_widgets.errors import EvaluationError, OptionError, ReportError
from tam_widgets.evaluation import GivenExplanations
from tam_widgets.evaluation.datasets import DemoScenes

SCENES = DemoScenes(3, first_seed=40)


def made(number: int, side: int = 28, **changes: Any) -> tw.Explanation:
    """The true masks of a scene's nouns as maps, and what is left of the picture."""
    scene = tw.demo.scene(SCENES.first_seed + number)
    words = [" " + word for word in scene.caption.split()]
    maps = np.zeros((len(words), side, side))
    for row, word in zip(maps, words, strict=True):
        noun = next((one for one in scene.masks if word.strip(" .").startswith(one)), None)
        if noun is not None:
            height, width = scene.masks[noun].shape
            parts = scene.masks[noun].reshape(side, height // side, side, width // side)
            row[:] = parts.mean(axis=(1, 3)) > 0.5
    given = {"true": maps, "inverse": np.where(maps.any((1, 2))[:, None, None], 1 - maps, 0)}
    asked = {"prompt": scene.prompt} | changes
    return tw.Explanation.from_maps(scene.image, words, given, **asked)


def given(**changes: Any) -> GivenExplanations:
    several = [made(number, **changes) for number in reversed(range(len(SCENES)))]
    return GivenExplanations(several, "by hand")


def test_masks_lie_on_their_objects_and_their_inverses_do_not(tmp_path: Path) -> None:
    by_hand = given()
    assert [method.name for method in by_hand.methods] == ["true", "inverse"]
    report = tw.evaluate(by_hand, SCENES, by_hand.methods, folder=tmp_path, progress=False)
    true, inverse = (report.run(method=name).summary for name in ("true", "inverse"))
    assert (true["samples"], true["failed"]) == (3, 0)
    assert true["obj_iou"] > 0.8
    assert inverse["obj_iou"] < 0.05
    assert report.explanation("by hand", 0).methods.keys() == {"true", "inverse"}
    report.to_html(tmp_path / "gallery.html")


def test_a_report_of_other_maps_is_not_gone_on_with(tmp_path: Path) -> None:
    by_hand = given()
    tw.evaluate(by_hand, SCENES, by_hand.methods, folder=tmp_path, progress=False)
    with pytest.raises(ReportError, match="digest"):
        tw.evaluate(given(side=14), SCENES, by_hand.methods, folder=tmp_path, progress=False)


def test_methods_that_are_missing_are_named_before() -> None:
    with pytest.raises(EvaluationError, match=r"no maps of \['tam'\].*methods=given.methods"):
        tw.evaluate(given(), SCENES, progress=False)
    with pytest.raises(EvaluationError, match=r"no maps of \['occlusion'\]"):
        tw.evaluate(given(), SCENES, ["occlusion"], progress=False)


def test_several_tools_are_measured_in_one_report() -> None:
    ours = [
        tw.demo.explainer("qwen2-vl").explain(s.image, s.prompt, progress=False) for s in SCENES
    ]
    with pytest.raises(EvaluationError, match=r"several tools in one report.*with_maps"):
        tw.evaluate([given(), GivenExplanations(ours, "ours")], SCENES, ["tam"], progress=False)
    flat = [one.with_maps("flat", np.ones((len(one), one.visual_length))) for one in ours]
    both = GivenExplanations(flat, "both")
    report = tw.evaluate(both, SCENES, ["tam", tw.Method("flat")], progress=False)
    alone = tw.evaluate(GivenExplanations(ours, "ours"), SCENES, ["tam"], progress=False)
    tam, flat_row = report.summary["obj_iou"]
    assert tam == alone.summary["obj_iou"][0] > flat_row


def test_pictures_that_are_missing_or_doubtful_are_named() -> None:
    twice = GivenExplanations([made(0), made(0)], "twice")
    scene = SCENES[0]
    with pytest.raises(EvaluationError, match="has 2 explanations of this picture"):
        twice.explain(scene.image, scene.prompt)
    with pytest.raises(EvaluationError, match="has 0 explanations of this picture"):
        twice.explain(SCENES[1].image, scene.prompt)
    two = GivenExplanations([made(0), made(0, prompt="What else?")], "two")
    assert two.explain(scene.image, "What else?").prompt_text == "What else?"


def test_what_is_no_explanation_is_refused() -> None:
    with pytest.raises(OptionError, match="not an explanation"):
        GivenExplanations(["a"], "none")  # type: ignore[list-item]
    with pytest.raises(OptionError, match="explanations=3: give a list"):
        GivenExplanations(3, "mine")  # type: ignore[arg-type]
    with pytest.raises(EvaluationError, match="at least one"):
        GivenExplanations([], "none")
