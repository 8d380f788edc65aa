"""Methods of an evaluation show exactly what an explanation shows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tam_widgets.attribution import METHODS, Method
from tam_widgets.errors import OptionError
from tam_widgets.evaluation import ABLATION
from tam_widgets.evaluation.methods import (
    AnswerMaps,
    as_methods,
    carrying,
    needed_layers,
    settings_of,
)
from tam_widgets.explanation.explanation import Explanation
from tests.evaluation.made import WHOLE, explanation
from tests.views.made import explanation as with_prompt
from tests.views.made import with_layers

TAM = METHODS["tam"]


def noisy() -> Explanation:
    made = explanation(["a", "cat", "and", "a", "dog"], [None] * 5)
    rng = np.random.default_rng(0)
    count = len(made.tokens)
    return Explanation(
        images=made.images,
        grids=made.grids,
        tokens=made.tokens,
        activations=rng.random((count, WHOLE.size), np.float32),
        relevance=np.tril(rng.random((count, count), np.float32), -1),
        reference_activation=rng.random(WHOLE.size, np.float32),
        reference_relevance=np.zeros(count, np.float32),
    )


@pytest.mark.parametrize("compat", [None, "reference"])
@pytest.mark.parametrize("method", [*ABLATION, TAM.variant("half", eci=0.5)], ids=lambda m: m.name)
def test_maps_are_the_explanation_s(method: Method, compat: str | None) -> None:
    made = noisy()
    maps = AnswerMaps(made, compat)
    for _ in range(2):  # what is kept from the first time is not changed by the filter
        expected = made.maps(method, compat=compat)
        assert np.array_equal(maps.of(method), expected[made.answer_slice])


@pytest.mark.parametrize("options", [{"leave_out": "id"}, {"compat": "reference"}])
def test_options_that_no_view_has_are_followed_and_carried(options: dict[str, str]) -> None:
    (method,) = as_methods([TAM.variant("published", **options)])
    made, rng = with_prompt(), np.random.default_rng(0)
    count = len(made.tokens)
    made = replace(
        made,
        activations=rng.random(made.activations.shape, np.float32),
        relevance=np.tril(rng.random((count, count), np.float32), -1),
    )
    expected = made.maps(**options)
    assert not np.array_equal(expected, made.maps())
    np.testing.assert_array_equal(AnswerMaps(made, None).of(method), expected[made.answer_slice])
    kept = carrying(made, [method])
    np.testing.assert_array_equal(kept.maps("published"), expected)


@pytest.mark.parametrize("name", ["tam", "cam", "arc"])
def test_a_variant_of_a_layer_is_measured_and_carried(name: str) -> None:
    variants = [METHODS[name].variant(f"at {layer}", layer=layer) for layer in (1, 3, 4)]
    made = with_layers(with_prompt())
    methods = as_methods([name, *variants])
    maps = AnswerMaps(made, None)
    for method in methods:
        expected = made.maps(name, layer=method.layer)[made.answer_slice]
        np.testing.assert_array_equal(maps.of(method), expected)
        assert settings_of(method).get("layer") == method.layer
    assert needed_layers(methods) == [1, 3, 4]
    kept = carrying(made, methods)
    np.testing.assert_array_equal(kept.maps("at 1"), made.maps(name, layer=1))


def test_layers_contradict_the_published_code() -> None:
    with pytest.raises(OptionError, match=r"\['at 1'\], which are of other layers"):
        as_methods([TAM.variant("at 1", layer=1)], "reference")


def test_a_method_that_views_cannot_compute_takes_no_name_of_tam() -> None:
    with pytest.raises(OptionError, match=r"\['tam'\] are names of TAM's own"):
        as_methods([TAM.variant("tam", leave_out="id")])


def test_a_border_is_the_filter_s() -> None:
    (method,) = as_methods([TAM.variant("reflected", border="reflect")])
    made = noisy()
    shown = AnswerMaps(made, None).of(method)
    np.testing.assert_array_equal(shown, made.maps(border="reflect")[made.answer_slice])
    assert not np.array_equal(shown, made.maps()[made.answer_slice])


def test_the_published_code_has_one_border() -> None:
    with pytest.raises(OptionError, match=r"\['mine'\], whose border is not 'reflect'"):
        as_methods([TAM.variant("mine", border="repeat")], "reference")


def test_the_ablation_names_every_step_and_kernel() -> None:
    assert {method.registered for method in ABLATION} == {"cam", "tam-no-rgf", "tam-no-eci", "tam"}
    windows = {m.defaults["kernel_size"] for m in ABLATION if m.registered == "tam"}
    assert windows == {1, 3, 5, 7}


@pytest.mark.parametrize(
    "options", [{"steps": "x"}, {"kernel_size": 4}, {"eci": 2.0}, {"border": "x"}]
)
def test_unknown_options_are_refused_at_once(options: dict[str, object]) -> None:
    with pytest.raises(OptionError):
        TAM.variant("mine", **options)


def test_a_window_larger_than_the_grid_is_refused() -> None:
    (method,) = as_methods([TAM.variant("huge", kernel_size=31)])
    with pytest.raises(OptionError, match="larger than the grid"):
        AnswerMaps(noisy(), None).of(method)
