"""Layers compared in an evaluation: explained because a method needs them, measured, shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tam_widgets as tw
from tam_widgets.explanation.explanation import Explanation
from tests.evaluation.made import MadeExplainer, dataset


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> tw.Report:
    tam = tw.METHODS["tam"]
    methods = ["tam", tam.variant("TAM, layer 1", layer=1), tw.METHODS["arc"]]
    demo = tw.demo.explainer("qwen2-vl")
    folder = tmp_path_factory.mktemp("layers") / "r"
    return tw.evaluate(demo, "demo:2", methods, folder=folder, progress=False)


def test_a_layer_is_measured_and_its_maps_are_carried(report: tw.Report) -> None:
    assert report.methods == ["tam", "TAM, layer 1", "arc"]
    assert not report.summary.isna().any().any()
    run = report.run("qwen2-vl", "TAM, layer 1")
    assert run.settings == {"method": "TAM, layer 1"}
    view = tw.Gallery(run, selection=[next(iter(run.samples))])
    (opened,) = view.explanations
    assert opened.layers == (1,)
    np.testing.assert_array_equal(opened.maps("TAM, layer 1"), opened.maps(layer=1))


class Recording(MadeExplainer):
    """Notes the options of each call."""

    def __init__(self) -> None:
        super().__init__()
        self.options: list[dict[str, Any]] = []

    def explain(self, image: Any, prompt: Any, **options: Any) -> Explanation:
        self.options.append(options)
        return super().explain(image, prompt, **options)


@pytest.mark.parametrize(
    ("given", "passed"), [({}, [2]), ({"layers": [1, 2]}, [1, 2]), ({"layers": "all"}, "all")]
)
def test_layers_that_methods_need_are_asked_for(
    tmp_path: Path, given: dict[str, Any], passed: Any
) -> None:
    at_two = tw.METHODS["cam"].variant("at 2", layer=2)
    recording = Recording()
    tw.evaluate(recording, dataset()[:1], [at_two], folder=tmp_path / "r", progress=False, **given)
    assert [options["layers"] for options in recording.options] == [passed]


def test_nothing_is_asked_for_without_need(tmp_path: Path) -> None:
    recording = Recording()
    tw.evaluate(recording, dataset()[:1], ["cam"], folder=tmp_path / "r", progress=False)
    assert "layers" not in recording.options[0]
