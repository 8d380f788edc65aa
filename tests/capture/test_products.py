"""Hidden states and a classifier row, whose products are the activations of the record."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tam_widgets as tw
from tam_widgets.errors import OptionError, TokenIndexError

CELLS = [0, 17, 255]


@cache
def demo(name: str) -> tuple[tw.Explainer, tw.Explanation]:
    explainer, scene = tw.demo.explainer(name), tw.demo.scene(seed=7)
    return explainer, explainer.explain(scene.image, scene.prompt, layers=[1], progress=False)


@pytest.mark.parametrize("name", ["qwen2-vl", "llava"])
def test_their_sums_are_the_activations(name: str) -> None:
    explainer, explained = demo(name)
    for token in explained.answer_tokens():
        found = explainer.products(explained, token, CELLS)
        assert found.token == token
        activation = explained.activations[token, CELLS]
        np.testing.assert_allclose(found.sums.clip(0), activation, rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(found.terms.sum(axis=1), found.sums, rtol=1e-4, atol=1e-4)


def test_of_a_saved_explanation_the_model_reads_the_answer_again(tmp_path: Path) -> None:
    explainer, explained = demo("llava")
    explained.save(tmp_path / "one.safetensors")
    loaded = tw.load(tmp_path / "one.safetensors")
    again = explainer.products(loaded, "laptop", CELLS)
    first = explainer.products(explained, "laptop", CELLS)
    np.testing.assert_allclose(again.states, first.states, atol=1e-4)
    np.testing.assert_array_equal(again.row, first.row)
    assert again.cells == tuple(CELLS)


@pytest.mark.parametrize(
    ("token", "cells", "error", "message"),
    [
        ("laptop", [256], OptionError, "256 is no visual token, give 0 to 255"),
        ("laptop", -1, OptionError, "-1 is no visual token"),
        ("laptop", [True], OptionError, "True is no visual token"),
        ("zebra", [0], OptionError, "zebra"),
        (0, [0], TokenIndexError, "give tokens of the answer"),
    ],
)
def test_what_there_is_not_is_refused(
    token: Any, cells: Any, error: type[Exception], message: str
) -> None:
    explainer, explained = demo("qwen2-vl")
    with pytest.raises(error, match=message):
        explainer.products(explained, token, cells)


def test_of_another_layer_they_are_refused() -> None:
    explainer, explained = demo("qwen2-vl")
    with pytest.raises(OptionError, match="layer 1 alone"):
        explainer.products(explained.at_layer(1), "laptop", [0])
