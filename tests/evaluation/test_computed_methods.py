"""Evaluations of methods that need the model."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tam_widgets as tw
from tam_widgets import cli
from tam_widgets.attribution import Method, Option, register, unregister
from tam_widgets.errors import EvaluationError, UnsupportedModelError
from tam_widgets.evaluation.datasets import DemoScenes
from tests.evaluation.folders import content
from tests.evaluation.made import LEFT, WHOLE, MadeExplainer, dataset


def half(explainer: MadeExplainer, tokens: Sequence[int], *, left: bool, progress: Any) -> Any:
    """Lights the left half of the picture, or darkens it."""
    explainer.attributed += 1  # type: ignore[attr-defined]
    plane = np.zeros((WHOLE.rows, WHOLE.cols))
    plane[:, LEFT] = 1 if left else -1
    progress(1)
    return np.tile(plane.ravel(), (len(tokens), 1))


class Attributing(MadeExplainer):
    """Computes maps as `Explainer.attribute` does; fails for one answer if told so."""

    def __init__(self, name: str = "made", fails: str = "") -> None:
        super().__init__(name)
        self.attributed, self.fails = 0, fails

    def attribute(
        self, explanation: tw.Explanation, methods: Sequence[Method], *, progress: bool
    ) -> tw.Explanation:
        assert not progress
        if self.fails and self.fails in explanation.text:
            raise UnsupportedModelError("the half has no meaning for this model")
        tokens = explanation.answer_tokens()
        for method in methods:
            assert method.model_maps
            maps = np.zeros((len(explanation.tokens), explanation.visual_length), np.float32)
            maps[tokens] = method.model_maps(
                self, tokens, progress=lambda _: None, **method.defaults
            )
            explanation = explanation.with_maps(method, maps, tokens, **method.defaults)
        return explanation


@pytest.fixture(autouse=True)
def half_method() -> Iterator[Method]:
    yield register(
        Method(
            "half",
            "left half",
            "a test",
            model_maps=half,
            options=(Option("left", True, values=(True, False)),),
            signed=True,
        )
    )
    unregister("half")


def evaluate(folder: Path, explainer: Any, **options: Any) -> tw.Report:
    other = tw.METHODS["half"].variant("other half", left=False)
    options = {"methods": ["tam", "half", other], "progress": False} | options
    return tw.evaluate(explainer, dataset(), folder=folder, **options)


def test_they_are_computed_measured_and_kept(tmp_path: Path) -> None:
    report = evaluate(tmp_path / "r", Attributing())
    words = report.words.set_index(["method", "sample", "text"])["iou"]
    assert words["half", "good", "cat"] == 1
    assert words["other half", "good", "cat"] == 0  # only what speaks for a word counts
    assert report.settings["methods"]["other half"] == {
        "name": "other half",
        "method": "half",
        "settings": {"left": False},
    }
    kept = report.explanation("made", 0)
    assert kept.maps("other half").min() == -1
    assert kept.extra_tokens["half"] == tuple(kept.answer_tokens())
    assert dict(kept.methods["other half"].fixed) == {"left": False}
    view = tw.Gallery(report.run("made", "half"), selection=["good"])
    assert view.explanations[0].maps("half").any()


def test_maps_that_the_explanation_has_are_not_computed_again(tmp_path: Path) -> None:
    class Carrying(Attributing):
        def explain(self, *arguments: Any, **options: Any) -> tw.Explanation:
            made = super().explain(*arguments, **options)
            return self.attribute(made, [tw.METHODS["half"]], progress=False)

    explainer = Carrying()
    evaluate(tmp_path / "r", explainer, methods=["half"])
    assert explainer.attributed == len(dataset())


def test_a_run_that_was_stopped_ends_as_an_unbroken_one(tmp_path: Path) -> None:
    evaluate(tmp_path / "whole", Attributing())
    evaluate(tmp_path / "r", Attributing())
    records = sorted((tmp_path / "r" / "records").rglob("*.json"))
    for record in records[1:3]:
        record.unlink()
    again = Attributing()
    evaluate(tmp_path / "r", again)
    assert again.attributed == 4  # two methods of two samples
    assert content(tmp_path / "r") == content(tmp_path / "whole")


def test_a_sample_whose_maps_fail_is_listed_with_the_reason(tmp_path: Path) -> None:
    report = evaluate(tmp_path / "r", Attributing(fails="dog"))
    assert report.summary["failed"].tolist() == [2, 2, 2]
    reasons = report.skipped.loc[report.skipped["word"].isna(), "reason"]
    assert set(reasons) == {"the half has no meaning for this model"}


def test_an_explainer_without_a_model_is_refused_before_it_is_asked(tmp_path: Path) -> None:
    made = MadeExplainer()
    with pytest.raises(
        EvaluationError, match=r"'half', 'other half'.*MadeExplainer\) has no method `attribute`"
    ):
        evaluate(tmp_path / "r", made)
    assert made.asked == []
    assert not (tmp_path / "r").exists()


def test_a_model_s_maps_are_those_of_attribute(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    explainer = tw.demo.explainer("llava")
    windows = tw.METHODS["occlusion"].variant("large windows", window=8)
    report = tw.evaluate(explainer, DemoScenes(1), ["tam", windows], progress=False)
    assert capsys.readouterr().err == ""  # no bar of a method within the bar of the run
    kept, scene = report.explanation("llava", 0), tw.demo.scene(0)
    made = explainer.explain(scene.image, scene.prompt, progress=False)
    expected = explainer.attribute(made, [windows], progress=False).maps(windows)
    np.testing.assert_array_equal(kept.maps("large windows"), expected)
    assert not report.words.query("method == 'large windows'")["iou"].isna().all()


def test_they_are_chosen_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "_explainer", lambda *_: Attributing())
    monkeypatch.setattr("tam_widgets.evaluation.datasets.resolve_dataset", lambda _: dataset())
    folder = tmp_path / "r"
    command = ["evaluate", "x", "-m", "x", "-o", str(folder), "--methods", "tam", "half"]
    assert cli.main(command) == 0
    assert list(json.loads((folder / "settings.json").read_text())["methods"]) == ["tam", "half"]
