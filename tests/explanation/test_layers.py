"""Decoder layers other than the last in a record: kept, refused where they do not fit, mapped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tam_widgets as tw
from tam_widgets import errors
from tests.views.made import explanation, with_alternatives, with_layers


@pytest.fixture
def layered() -> tw.Explanation:
    return with_layers(with_alternatives(explanation()))


def with_rows(record: tw.Explanation, layer: int) -> tw.Explanation:
    """The explanation with a layer's rows where those of the last layer are."""
    number = record.layers.index(layer)
    return replace(
        record,
        activations=record.layer_activations[number].astype(np.float32),
        relevance=record.layer_relevance[number].astype(np.float32),
    )


@pytest.mark.parametrize("layer", [1, 3])
@pytest.mark.parametrize("method", ["tam", "tam-no-eci", "tam-no-rgf", "cam"])
def test_maps_of_a_layer_are_those_of_its_activations(
    layered: tw.Explanation, method: str, layer: int
) -> None:
    expected = with_rows(layered, layer).maps(method)
    np.testing.assert_array_equal(layered.maps(method, layer=layer), expected)
    assert not np.array_equal(expected, layered.maps(method))
    variant = tw.METHODS[method].variant("here", layer=layer)
    np.testing.assert_array_equal(layered.maps(variant), expected)
    assert not variant.in_browser
    assert variant.defaults["layer"] == layer


def test_the_last_layer_is_todays(layered: tw.Explanation) -> None:
    for layer in (4, None):
        np.testing.assert_array_equal(layered.maps(layer=layer), layered.maps())
        assert layered.at_layer(layer) is layered
    reference = layered.maps(compat="reference")
    np.testing.assert_array_equal(layered.maps(compat="reference", layer=4), reference)


def test_everything_that_takes_options_of_maps_takes_a_layer(layered: tw.Explanation) -> None:
    other = with_rows(layered, 1)
    np.testing.assert_array_equal(layered.map(3, layer=1), other.map(3))
    box = (0, 0, 6, 8)
    assert layered.tokens_in(box, layer=1) == other.tokens_in(box) != layered.tokens_in(box)
    table, expected = layered.to_dataframe(layer=1), other.to_dataframe()
    assert table["strongest"].tolist() == expected["strongest"].tolist()
    assert table["image_peak"].tolist() == expected["image_peak"].tolist()


def test_a_method_of_ones_own_is_given_the_layers_record(layered: tw.Explanation) -> None:
    seen: list[tw.Explanation] = []

    def flat(record: tw.Explanation) -> np.ndarray:
        seen.append(record)
        return record.activations / max(1, record.activations.max())

    method = tw.Method("flat", maps=flat)
    layered.maps(method, layer=3)
    assert [token.text for token in seen[0].tokens] == [token.text for token in layered.tokens]
    np.testing.assert_array_equal(seen[0].activations, layered.layer_activations[1])


def test_an_option_of_ones_own_may_be_called_layer(layered: tw.Explanation) -> None:
    def shade(record: tw.Explanation, layer: float) -> np.ndarray:
        return np.full(record.activations.shape, layer)

    method = tw.Method("shade", maps=shade, options=(tw.attribution.Option("layer", 0.5, 0, 1),))
    assert layered.maps(method)[0, 0] == 0.5
    assert layered.maps(method, layer=0.25)[0, 0] == 0.25
    assert method.variant("dark", layer=1).layer is None


def test_an_explanation_of_one_layer_shows_and_saves(
    layered: tw.Explanation, tmp_path: Path
) -> None:
    alone = layered.at_layer(3)
    np.testing.assert_array_equal(alone.maps(), layered.maps(layer=3))
    assert alone.title == "by-hand, layer 3"
    alone.save(tmp_path / "a.safetensors")
    back = tw.load(tmp_path / "a.safetensors")
    np.testing.assert_array_equal(back.maps(), alone.maps())
    assert tw.compare(layered, back)._repr_mimebundle_()[0]["image/jpeg"]
    with pytest.raises(errors.OptionError, match="explanation of layer 3 alone"):
        back.maps(layer=1)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"layer": 2}, "layers 1, 3 and the last one, 4"),
        ({"layer": 0}, "layer=0: give the number of a decoder layer"),
        ({"layer": True}, "layer=True: give the number"),
        ({"layer": 1.0}, r"layer=1\.0: give the number"),
        ({"layer": 1, "compat": "reference"}, "kept for the last layer only"),
    ],
)
def test_layers_that_are_not_there_are_named(
    layered: tw.Explanation, options: Any, said: str
) -> None:
    with pytest.raises(errors.OptionError, match=said):
        layered.maps(**options)


def test_a_record_without_layers_says_how_to_get_them() -> None:
    with pytest.raises(errors.OptionError, match=r"only its last layer: explain again with layers"):
        explanation().maps(layer=2)
    known = replace(explanation(), layer_count=4)
    with pytest.raises(errors.OptionError, match=r"only its last layer \(4\)"):
        known.maps(layer=2)


def test_what_has_no_layers_refuses_one(layered: tw.Explanation) -> None:
    carried = layered.with_maps("mine", layered.maps())
    with pytest.raises(errors.OptionError, match="mine takes no such option"):
        carried.maps("mine", layer=1)
    np.testing.assert_array_equal(carried.maps("mine", layer=None), layered.maps())
    with pytest.raises(errors.OptionError, match=r"layer=…: not available for alternatives"):
        layered.counterfactual(5, " cat", layer=1)
    with pytest.raises(errors.OptionError, match="mine takes no such option"):
        tw.Method("mine").variant("its", layer=1)


def test_layers_and_likely_ids_come_back(layered: tw.Explanation, tmp_path: Path) -> None:
    layered.save(tmp_path / "a.safetensors")
    back = tw.load(tmp_path / "a.safetensors")
    assert (back.layers, back.layer_count) == ((1, 3), 4)
    assert dict(back.layer_choice_texts) == dict(layered.layer_choice_texts)
    for name in (
        "layer_activations",
        "layer_relevance",
        "layer_log_p",
        "layer_choices",
        "likely_ids",
    ):
        kept, now = getattr(layered, name), getattr(back, name)
        assert now.dtype == kept.dtype
        np.testing.assert_array_equal(now, kept)
        assert not now.flags.writeable


def test_layers_may_be_float32(layered: tw.Explanation, tmp_path: Path) -> None:
    large = layered.layer_activations.astype(np.float32) * 1e6
    replace(layered, layer_activations=large).save(tmp_path / "a.safetensors")
    np.testing.assert_array_equal(tw.load(tmp_path / "a.safetensors").layer_activations, large)


def test_without_its_layers_a_record_is_smaller(layered: tw.Explanation) -> None:
    less = replace(layered, layers=())
    assert less.layer_activations.shape == (0, len(less.tokens), less.visual_length)
    assert (less.layer_log_p.size, less.layer_choices.size) == (0, 0)
    assert not less.layer_choice_texts
    np.testing.assert_array_equal(less.maps(), layered.maps())


def changed(array: np.ndarray, value: float) -> np.ndarray:
    copy = array.copy()
    copy.flat[1] = value
    return copy


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"layers": (3, 1)}, "each greater"),
        ({"layers": (1, 1)}, "each greater"),
        ({"layers": (1, 2.5)}, "whole numbers"),
        ({"layers": (1, True)}, "whole numbers"),
        ({"layers": (0, 1)}, "from 1 to below layer_count"),
        ({"layers": (1, 4)}, "from 1 to below layer_count"),
        ({"layer_count": None}, "from 1 to below layer_count"),
        ({"layers": (), "layer_count": 0}, "at least 1 is expected"),
        ({"layers": (), "layer_count": 2.5}, "whole numbers"),
        ({"layers": (1, 2, 3)}, r"layer_activations is float16 \(2, 7, 12\)"),
        (lambda ex: {"layer_relevance": ex.layer_activations}, "layer_relevance is float16"),
        (lambda ex: {"layer_activations": ex.layer_activations.astype(float)}, "is float64"),
        (lambda ex: {"layer_activations": changed(ex.layer_activations, np.nan)}, "NaN"),
        (lambda ex: {"layer_relevance": changed(ex.layer_relevance, np.inf)}, "infinity"),
        (lambda ex: {"layer_relevance": changed(ex.layer_relevance, -1)}, "never below 0"),
        (lambda ex: {"likely_ids": ex.likely_ids.astype(np.int64)}, "likely_ids is int64"),
        (lambda ex: {"likely_ids": ex.likely_ids[:3]}, r"likely_ids is int32 \(3, 3\)"),
        (lambda ex: {"likely_ids": changed(ex.likely_ids, -1)}, "ids are never below 0"),
        (lambda ex: {"likely_ids": changed(ex.likely_ids, 0)}, "names a token twice"),
        (lambda ex: {"layer_log_p": ex.layer_log_p[:, 1:]}, r"layer_log_p is float32 \(2, 4\)"),
        (lambda ex: {"layer_log_p": ex.layer_log_p[:0, :0]}, "layer_log_p is float32"),
        (lambda ex: {"layer_log_p": ex.layer_log_p.astype(float)}, "layer_log_p is float64"),
        (lambda ex: {"layer_log_p": changed(ex.layer_log_p, 0.5)}, "above 0"),
        (lambda ex: {"layer_log_p": changed(ex.layer_log_p, np.nan)}, "not finite"),
        (lambda ex: {"layer_choices": ex.layer_choices.astype(np.int64)}, "layer_choices is int64"),
        (lambda ex: {"layer_choices": changed(ex.layer_choices, 7)}, "contains 7, which"),
        ({"layer_choice_texts": {}}, "contains 10, which layer_choice_texts does not"),
        ({"reference_activation": np.zeros(0, np.float32)}, "reference_activation is"),
    ],
)
def test_parts_that_do_not_fit_are_refused(layered: tw.Explanation, change: Any, said: str) -> None:
    with pytest.raises(errors.TraceError, match=said):
        replace(layered, **(change(layered) if callable(change) else change))
