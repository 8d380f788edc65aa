"""From what a view gets of one token, its maps at all layers are those of the record."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import tam_widgets as tw
from tam_widgets.attribution.interference import CANCELLED
from tam_widgets.attribution.maps import filter_grids
from tam_widgets.errors import OptionError, TokenIndexError
from tam_widgets.explanation.token_layers import TokenLayers, token_layers
from tests.views.made import explanation, with_alternatives, with_layers

ABLATIONS = {"tam": (True, True), "tam-no-eci": (False, True)}
ABLATIONS |= {"tam-no-rgf": (True, False), "cam": (False, False)}


@pytest.fixture(scope="module")
def scene() -> tw.Explanation:
    made = tw.demo.scene(seed=7)
    return tw.demo.explainer("qwen2-vl").explain(made.image, made.prompt, layers="all")


def maps(
    own: TokenLayers,
    grids: Any,
    method: str,
    eci: float = 1,
    kernel_size: int = 3,
    border: Any = None,
) -> np.ndarray:
    """The maps at all layers, as the front end computes them, float32 [layers, visual]."""
    inferred, filtered = ABLATIONS[method]
    strength = np.float32(eci if inferred else 0)
    residual = np.maximum((1 - strength) * own.activations + strength * own.unexplained, 0)
    residual[residual.max(axis=1) <= CANCELLED * own.activations.max(axis=1)] = 0
    low = np.minimum(residual.min(axis=1), own.lowest)
    span = np.maximum(residual.max(axis=1), own.highest) - low
    flat = span <= 0
    found = (residual - low[:, None]) / np.where(flat, 1, span)[:, None]
    found[flat] = 0
    if filtered:
        filter_grids(found, grids, kernel_size, border or "repeat")
    return found


@pytest.mark.parametrize("method", [*ABLATIONS])
@pytest.mark.parametrize(
    "options", [{}, {"eci": 0.5}, {"eci": 0.0}, {"kernel_size": 5}, {"border": "reflect"}]
)
def test_maps_are_those_of_the_record(
    scene: tw.Explanation, method: str, options: dict[str, Any]
) -> None:
    for token in range(len(scene.tokens)):
        found = maps(token_layers(scene, token), scene.grids, method, **options)
        for layer, values in zip((*scene.layers, None), found, strict=True):
            known = scene.maps(method, layer=layer, **options)[token]
            np.testing.assert_allclose(values, known, atol=1e-4)


def test_tiles_repeats_and_earlier_answers_count_as_in_the_record() -> None:
    tiles = tuple(tw.Grid(1, 2, (left, 0, left + 6, 8)) for left in (0, 6))
    record = with_layers(with_alternatives(explanation(grids=tiles)))
    for token in range(len(record.tokens)):
        found = maps(token_layers(record, token), tiles, "tam")
        for layer, values in zip((1, 3, 4), found, strict=True):
            known = record.maps(layer=layer)[token]
            np.testing.assert_allclose(values, known, atol=1e-5)


def test_what_the_context_explains_whole_is_nothing() -> None:
    """Not rounding noise under a scale of its own."""
    record = with_layers(explanation())
    activations = record.layer_activations.copy()
    activations[:] = activations[:, :1]
    record = replace(record, layer_activations=activations)
    found = (
        maps(token_layers(record, 4), record.grids, "cam"),
        maps(token_layers(record, 4), record.grids, "tam"),
    )
    assert found[0][1].any()
    assert record.maps(layer=3)[4].max() == found[1][1].max() == 0


def test_what_it_is_asked_for(scene: tw.Explanation) -> None:
    own = token_layers(scene, -2)
    assert own.layers == (*scene.layers, scene.layer_count)
    assert own.activations.shape == own.unexplained.shape == (3, scene.visual_length)
    with pytest.raises(TokenIndexError):
        token_layers(scene, 99)
    with pytest.raises(OptionError, match="explain_layers"):
        token_layers(explanation(), 2)
