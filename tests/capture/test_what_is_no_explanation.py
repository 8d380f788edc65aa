"""Whatever asks a model about an explanation refuses what is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import tam_widgets as tw
from tam_widgets.errors import OptionError

ASK: dict[str, Callable[[tw.Explainer, Any], Any]] = {
    "attribute": lambda model, given: model.attribute(given, ["attention"]),
    "cost": lambda model, given: model.cost(given, ["attention"]),
    "check": lambda model, given: model.check(given),
    "sanity": lambda model, given: model.sanity(given),
    "explain_layers": lambda model, given: model.explain_layers(given),
    "measure_reliance": lambda model, given: model.measure_reliance(given),
    "frozen": lambda model, given: model.frozen(given),
    "why_not": lambda model, given: model.why_not(given, 5, "cat"),
    "what_if": lambda model, given: model.what_if(given, answer="A cat."),
}


@pytest.fixture(scope="module")
def model() -> tw.Explainer:
    return tw.demo.explainer("qwen2-vl")


@pytest.mark.parametrize("given", [None, "scene.safetensors", []])
@pytest.mark.parametrize("name", ASK)
def test_what_is_no_explanation_is_refused(model: tw.Explainer, name: str, given: Any) -> None:
    said = "None" if given is None else type(given).__name__
    with pytest.raises(OptionError, match=f"^{said} is not an explanation: pass what explainer.ex"):
        ASK[name](model, given)


def test_no_layers_cannot_be_added(model: tw.Explainer) -> None:
    scene = tw.demo.scene(seed=7)
    explanation = model.explain(scene.image, scene.prompt, progress=False)
    with pytest.raises(OptionError, match='layers=None: give "all", or a list of numbers'):
        model.explain_layers(explanation, None)  # type: ignore[arg-type]
