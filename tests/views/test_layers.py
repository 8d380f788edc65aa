"""Words at all layers: asked for in a view, carried by a page, drawn in a still picture."""

from __future__ import annotations

import base64
import json
import re
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import traitlets

import tam_widgets as tw
from tam_widgets.errors import OptionError
from tam_widgets.views import size_limit
from tam_widgets.views.export import page
from tam_widgets.views.questions.layer_wire import packed
from tam_widgets.views.stills.legend_text import legend_text
from tam_widgets.views.stills.settings import StillSettings
from tam_widgets.views.stills.sight import sights
from tests.explanation.test_token_layers import ABLATIONS, maps
from tests.views.made import explanation, with_layers
from tests.views.test_questions import Browser


@pytest.fixture(scope="module")
def explainer() -> tw.Explainer:
    return tw.demo.explainer("qwen2-vl")


@pytest.fixture
def plain(explainer: tw.Explainer) -> tw.Explanation:
    scene = tw.demo.scene(seed=7)
    return explainer.explain(scene.image, scene.prompt, progress=False)


@pytest.fixture(scope="module")
def layered(explainer: tw.Explainer) -> tw.Explanation:
    scene = tw.demo.scene(seed=7)
    return explainer.explain(scene.image, scene.prompt, layers="all", progress=False)


def decoded(data: dict[str, Any], buffer: bytes, visual: int, tokens: int) -> list[np.ndarray]:
    """Activations, unexplained activations and relevances, as the browser reads them."""
    layers = len(data["relevant"])
    ends = np.cumsum([visual, visual, tokens])[:-1] * layers
    parts = np.split(np.frombuffer(buffer, "<f2").astype(np.float32), ends)
    return [
        part.reshape(layers, -1) * np.array(scale, np.float32)[:, None]
        for part, scale in zip(parts, data["scales"], strict=True)
    ]


@pytest.mark.parametrize("method", [*ABLATIONS])
@pytest.mark.parametrize("options", [{}, {"eci": 0.5}, {"kernel_size": 5, "border": "reflect"}])
def test_what_travels_gives_the_maps_of_the_record(
    layered: tw.Explanation, method: str, options: dict[str, Any]
) -> None:
    for token in layered.answer_tokens():
        data, buffer = packed(layered, token)
        own = decoded(data, buffer, layered.visual_length, len(layered.tokens))
        lowest, highest = np.array(data["relevant"], np.float32).T
        sent = tw.explanation.token_layers.TokenLayers(
            tuple(data["scales"][0]), *own, lowest, highest
        )
        found = maps(sent, layered.grids, method, **options)
        for layer, values in zip((*layered.layers, None), found, strict=True):
            known = layered.maps(method, layer=layer, **options)[token]
            np.testing.assert_allclose(values, known, atol=2e-3)


def test_a_token_of_the_prompt_was_not_written(layered: tw.Explanation) -> None:
    assert packed(layered, 0)[0]["written"] is None
    written = packed(layered, layered.answer_tokens()[1])[0]["written"]
    assert written["first"][-1] is True
    assert len(written["choices"]) == len(written["probability"]) == layered.layer_count


def test_a_view_asks_for_layers_once(
    plain: tw.Explanation, explainer: tw.Explainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    own = explainer.explain_layers
    monkeypatch.setattr(explainer, "explain_layers", lambda *a: asked.append(1) or own(*a))
    more = plain.with_maps("mine", plain.maps())
    view = tw.compare(plain, more)
    browser = Browser(view, monkeypatch)
    browser.ask("layers", tokens=[5])
    reply = browser.wait("done", "failed")["data"]
    assert reply["layers"] == [1, 2, 3]
    assert [one["token"] for one in reply["tokens"]] == [5]
    assert view.explanations[0].layers == view.explanations[1].layers == (1, 2)
    assert "mine" in view.explanations[1].extra_maps
    browser.told.clear()
    browser.ask("layers", panel=1, tokens=[6, 7])
    assert len(browser.wait("done", "failed")["data"]["tokens"]) == 2
    assert asked == [1]


def test_a_loaded_record_needs_no_model(
    layered: tw.Explanation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layered.save(tmp_path / "a.safetensors")
    loaded = tw.load(tmp_path / "a.safetensors")
    view = tw.Explorer(loaded)
    assert "layers" in view._questions[0]
    browser = Browser(view, monkeypatch)
    browser.ask("layers", tokens=[5])
    assert browser.wait("done", "failed")["state"] == "done"
    less = replace(loaded, layers=())
    assert tw.Explorer(less)._questions == [[]]
    assert tw.Explorer(loaded.at_layer(1))._questions == [[]]


@pytest.mark.parametrize("tokens", [None, [], [99], ["dog"]])
def test_tokens_that_are_not_there(
    layered: tw.Explanation, monkeypatch: pytest.MonkeyPatch, tokens: Any
) -> None:
    browser = Browser(tw.Explorer(layered), monkeypatch)
    browser.ask("layers", tokens=tokens)
    assert "token" in browser.wait("failed")["message"]


def test_the_layer_is_one_that_can_be_shown(plain: tw.Explanation, layered: tw.Explanation) -> None:
    for view in (tw.Explorer(layered), tw.Explorer(plain, selected=[(0, 5)])):
        view.layer = 2
        assert "layer=2" in view.code
        view.layer = 3
        with pytest.raises(traitlets.TraitError, match="layer=4: give 0 for the last layer, or"):
            view.layer = 4
        assert view.layer == 3
    some = with_layers(explanation())
    tw.Explorer(some, layer=3)
    with pytest.raises(traitlets.TraitError, match="or one of 1, 3, 4"):
        tw.Explorer(some, layer=2)
    with pytest.raises(traitlets.TraitError, match="have only their last layer"):
        tw.Explorer(explanation(), layer=2)


def test_a_still_picture_follows_the_layer() -> None:
    record = with_layers(explanation())
    settings = StillSettings(selected=[(0, 3)], layer=3)
    (sight,) = sights([record], settings)
    np.testing.assert_array_equal(sight.values, record.maps(layer=3)[3])
    said = legend_text(record, sight, settings)
    assert "evidence for “dog” at layer 3" in said
    assert f"raw max {record.layer_activations[1, 3].max():.1f}" in said
    differing = replace(settings, methods=("tam", "cam"))
    assert legend_text(record, sight, differing).startswith("TAM for “dog” at layer 3")
    for other in (replace(settings, selected=()), replace(settings, layer=4)):
        (sight,) = sights([record], other)
        assert sight.layer == 0
        assert "at layer" not in legend_text(record, sight, other)


def state_of(content: bytes) -> tuple[dict[str, Any], list[str]]:
    found = re.search(rb'id="tam-data">(.*?)</script>', content, re.DOTALL)
    assert found
    data = json.loads(found[1])
    return data["state"], data["buffers"]


def test_a_page_carries_layers_on_request_only(layered: tw.Explanation, tmp_path: Path) -> None:
    layered.to_html(tmp_path / "without.html")
    state, less = state_of((tmp_path / "without.html").read_bytes())
    assert (state["_questions"], state["_known"]) == ([[]], [{}])
    tw.Explorer(layered, layer=2).to_html(tmp_path / "with.html", layers=True)
    state, buffers = state_of((tmp_path / "with.html").read_bytes())
    known = state["_known"][0]["layers"]
    assert (state["layer"], known["layers"]) == (2, [1, 2, 3])
    assert [one["token"] for one in known["tokens"]] == layered.answer_tokens()
    assert len(buffers) == len(less) + len(known["tokens"])
    for one in known["tokens"]:
        data = zlib.decompress(base64.b64decode(buffers[one["buffer"]]))
        assert data == packed(layered, one["token"])[1]
    sent = sum(len(packed(layered, one["token"])[1]) for one in known["tokens"])
    assert size_limit.size_of_layers(layered) == sent


def test_a_page_of_several_carries_the_layers_that_there_are(layered: tw.Explanation) -> None:
    both = [replace(layered, layers=()), layered]
    state, _ = state_of(page(both, layers=True))
    assert [sorted(known) for known in state["_known"]] == [[], ["layers"]]
    with pytest.raises(OptionError, match="layers=True: there is only the last layer"):
        page(both[:1], layers=True)


def test_many_layers_are_announced(
    layered: tw.Explanation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(size_limit, "LARGE_VIEW", size_limit.size([layered]) + 1)
    layered.to_html(tmp_path / "a.html")
    view = tw.Explorer(layered)
    for write in (layered.to_html, view.to_html):
        with pytest.warns(UserWarning, match="the browser gets") as told:
            write(tmp_path / "a.html", layers=True)
        assert [warning.filename for warning in told] == [__file__]
