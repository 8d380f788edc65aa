"""What each layer would have written: read from a record whose numbers are known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import tam_widgets as tw
from tam_widgets.errors import OptionError, TokenIndexError
from tam_widgets.explanation.types import Candidate
from tests.views.made import explanation, with_layers


def made(choices: Any, best: int = 11) -> tw.Explanation:
    """Layers 1 and 3 that choose these ids in place of token 3, whose id is 11; the last `best`."""
    layered = with_layers(explanation())
    ids = layered.layer_choices.copy()
    ids[:, 1] = choices
    tokens = list(layered.tokens)
    tokens[3] = replace(tokens[3], candidates=(Candidate(best, "<best>", 0.5),))
    texts = {**layered.layer_choice_texts, 11: " dog", 7: " cat"}
    return replace(layered, layer_choices=ids, layer_choice_texts=texts, tokens=tuple(tokens))


def test_a_curve_has_all_layers_and_the_last() -> None:
    curve = made([7, 11]).layer_curve(3)
    assert (curve.token, curve.layers) == (3, (1, 3, 4))
    np.testing.assert_allclose(curve.probability, [*np.exp([-1 / 8, -6 / 8]), 0.5], rtol=1e-6)
    assert curve.choice_ids.tolist() == [7, 11, 11]
    assert curve.choices == (" cat", " dog", "<best>")
    assert made([7, 11]).layer_curve(-4).token == 3


@pytest.mark.parametrize(
    ("choices", "best", "first"),
    [
        ([11, 11], 11, 1),
        ([7, 11], 11, 3),
        ([7, 7], 11, 4),
        ([11, 7], 11, 4),
        ([11, 11], 7, None),
        ([7, 7], 7, None),
    ],
)
def test_the_layer_from_which_on_a_word_stays(choices: Any, best: int, first: int | None) -> None:
    record = made(choices, best)
    assert record.first_choice_layer(3) == record.layer_curve(3).first_choice_layer == first
    said = "not first choice" if first is None else f"first choice from {first} on"
    assert said in repr(record.layer_curve(3))


@pytest.mark.parametrize("token", [0, 1, 99, "dog", True])
def test_only_tokens_of_the_answer_have_one(token: Any) -> None:
    with pytest.raises(TokenIndexError):
        made([7, 7]).layer_curve(token)


def test_without_layers_it_says_how_to_get_them() -> None:
    old = replace(
        made([7, 7]),
        layer_log_p=np.zeros((0, 0), np.float32),
        layer_choices=np.zeros((0, 0), np.int32),
    )
    for record in (explanation(), old):
        with pytest.raises(OptionError, match=r"explain_layers\(explanation\) adds it"):
            record.first_choice_layer(3)


def test_a_model_settles_on_its_own_words() -> None:
    scene = tw.demo.scene(seed=7)
    ex = tw.demo.explainer("llava").explain(scene.image, scene.prompt, layers="all")
    for token in ex.answer_tokens():
        first, curve = ex.first_choice_layer(token), ex.layer_curve(token)
        assert first is not None
        after = [layer >= first for layer in curve.layers]
        assert set(curve.choice_ids[after]) == {ex.tokens[token].id}
        assert curve.choice_ids[curve.layers.index(first) - 1] != ex.tokens[token].id or first == 1
