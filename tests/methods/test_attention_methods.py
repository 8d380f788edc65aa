"""Methods built on attention equal plain versions with whole matrices and eager attention."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch

import tam_widgets as tw
from tam_widgets.attribution import METHODS, Method, Passes
from tam_widgets.capture.attention import recording
from tam_widgets.capture.attention.lens_gradients import visit_lens_gradients
from tam_widgets.capture.forcing.frozen_answer import FrozenAnswer
from tam_widgets.errors import OptionError, UnsupportedModelError

from ..models import tiny
from ..samples import photo

NAMES = ("attention", "rollout", "relevancy", "dex-ar")
CLOSE = {"rtol": 1e-4, "atol": 1e-6}


@dataclass
class Case:
    """An answer, and what transformers' eager attention gives for it, with gradients."""

    explainer: tw.Explainer
    ex: tw.Explanation
    frozen: FrozenAnswer
    weights: list[torch.Tensor]
    """Of each layer, [heads, n, n]."""
    states: list[torch.Tensor]
    """After each layer and the final norm, [n, c]."""

    @property
    def tokens(self) -> list[int]:
        return [self.frozen.prompt_length + number for number in range(len(self.frozen.ids))]

    def logit(self, layer: int, token: int) -> torch.Tensor:
        """As the logit lens reads it after a layer."""
        head = self.explainer.model.get_output_embeddings().weight
        return self.states[layer][self.frozen.position(token)] @ head[self.ex.tokens[token].id]

    def maps(self, name: str, **options: Any) -> np.ndarray:
        method = METHODS[name]
        assert method.model_maps is not None
        done: list[int] = []
        cost = passes(method, self.frozen, len(self.tokens), **options)
        maps = method.model_maps(self.frozen, self.tokens, progress=done.append, **options)
        assert sum(done) == sum(cost)
        return np.asarray(maps)


def passes(method: Method, frozen: FrozenAnswer, count: int, **options: Any) -> Passes:
    assert method.passes is not None
    return method.passes(frozen, count, **options)


def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few rows at a time, whose number does not divide that of all."""
    monkeypatch.setattr(recording, "BLOCK_BYTES", 4 * 2 * 70 * 7)


@pytest.fixture(scope="module", params=["qwen2_vl", "llava"])
def case(request: pytest.FixtureRequest) -> Case:
    explainer = tw.Explainer(*tiny.MODELS[request.param]())
    model = explainer.model
    with torch.no_grad():  # weights far from uniform, or a wrong mean would not be seen
        for layer in model.get_decoder().layers:
            layer.self_attn.q_proj.weight.mul_(2)
            layer.self_attn.k_proj.weight.mul_(2)
    ex = explainer.explain(photo(200, 120), "Describe this image.", answer="a cat and two birds")
    frozen = explainer.frozen(ex)
    model.set_attn_implementation("eager")
    out = model(**frozen.inputs(), output_attentions=True, output_hidden_states=True)
    model.set_attn_implementation("sdpa")
    norm = explainer.final_norm
    states = [*map(norm, out.hidden_states[1:-1]), out.hidden_states[-1]]
    return Case(explainer, ex, frozen, list(out.attentions), [one[0] for one in states])


def rows(case: Case, matrix: torch.Tensor) -> np.ndarray:
    """Where the tokens are predicted, over visual tokens."""
    positions = [case.frozen.position(token) for token in case.tokens]
    return matrix[positions][:, case.frozen.visual].detach().numpy()


def test_attention(case: Case) -> None:
    layers = [one[0] for one in case.weights]
    mean = torch.stack(layers).mean(dim=(0, 1))
    np.testing.assert_allclose(case.maps("attention"), rows(case, mean), **CLOSE)
    last = case.maps("attention", layer="last")
    np.testing.assert_allclose(last, rows(case, layers[-1].mean(dim=0)), **CLOSE)
    one = case.maps("attention", layer=1, head=1)
    np.testing.assert_allclose(one, rows(case, layers[0][1]), **CLOSE)
    assert np.abs(one - last).max() > 0.01


def test_rollout(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    small_blocks(monkeypatch)
    flow = torch.eye(case.weights[0].shape[-1])
    for weights in case.weights:
        flow = (weights[0].mean(dim=0) / 2 + torch.eye(len(flow)) / 2) @ flow
    np.testing.assert_allclose(case.maps("rollout"), rows(case, flow), **CLOSE)


def test_relevancy(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    small_blocks(monkeypatch)
    expected = []
    for number, token in enumerate(case.tokens):
        gradients = torch.autograd.grad(case.logit(-1, token), case.weights, retain_graph=True)
        flow = torch.eye(case.weights[0].shape[-1])
        for weights, gradient in zip(case.weights, gradients, strict=True):
            flow = flow + (gradient * weights)[0].clamp(min=0).mean(dim=0) @ flow
        expected.append(rows(case, flow)[number])
    assert np.max(expected) > 0
    scale = np.max(expected)
    np.testing.assert_allclose(case.maps("relevancy") / scale, expected / scale, **CLOSE)


@pytest.mark.parametrize("layers", [1, 10])
def test_dex_ar(case: Case, layers: int) -> None:
    visual = case.frozen.visual
    expected = np.zeros((len(case.tokens), len(visual)))
    for layer in range(len(case.weights))[-layers:]:
        for number, token in enumerate(case.tokens):
            position = case.frozen.position(token)
            (gradient,) = torch.autograd.grad(
                case.logit(layer, token), case.weights[layer], retain_graph=True
            )
            for head in gradient[0, :, position, : position + 1].clamp(min=0).numpy():
                text = np.delete(head, visual)
                weight = max(0, head[visual].max() - text.max())
                expected[number] += weight * head[visual]
    scale = expected.max()
    assert scale > 0
    found = case.maps("dex-ar", layers=layers)
    np.testing.assert_allclose(found / scale, expected / scale, **CLOSE)


def test_gradients_leave_no_trace(case: Case) -> None:
    parameters = list(case.explainer.model.parameters())
    parameters[0].requires_grad_(False)
    before = [parameter.requires_grad for parameter in parameters]
    with torch.no_grad():
        case.maps("relevancy")
        case.maps("dex-ar")
    assert [parameter.requires_grad for parameter in parameters] == before
    assert all(parameter.grad is None for parameter in parameters)
    parameters[0].requires_grad_(True)


def test_no_parameter_needs_to_be_trainable(case: Case) -> None:
    expected = case.maps("relevancy"), case.maps("dex-ar")
    case.explainer.model.requires_grad_(False)
    try:
        np.testing.assert_array_equal(case.maps("relevancy"), expected[0])
        np.testing.assert_array_equal(case.maps("dex-ar"), expected[1])
    finally:
        case.explainer.model.requires_grad_(True)


def test_they_are_attributed_and_cost_what_they_say(case: Case) -> None:
    explainer, ex = case.explainer, case.ex
    cost = explainer.cost(ex, NAMES)
    assert cost["relevancy"].backward == len(case.tokens)
    added = explainer.attribute(ex, NAMES, progress=False)
    for name in NAMES:
        maps = added.maps(name)
        assert maps[added.answer_slice].max() == pytest.approx(1)
        assert maps.min() >= 0


@pytest.mark.parametrize("options", [{"layer": 3}, {"layer": 1.5}, {"head": 2}])
def test_layers_and_heads_that_do_not_exist_are_refused(
    case: Case, options: dict[str, Any]
) -> None:
    with pytest.raises(OptionError, match=r"^(layer=(3|1.5): .* are 1, 2|head=2: .* are 0 to 1)$"):
        case.maps("attention", **options)


def test_options_are_checked_before() -> None:
    method = METHODS["attention"]
    with pytest.raises(OptionError, match="layer='first': give one of 'mean', 'last' or a number"):
        method.variant("first layer", layer="first")
    with pytest.raises(OptionError, match="from 1"):
        method.variant("no layer", layer=0)
    assert method.variant("layer 3", layer=3).defaults["layer"] == 3


def test_a_quantised_model_is_refused(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case.explainer.model, "hf_quantizer", object(), raising=False)
    for name in ("relevancy", "dex-ar"):
        with pytest.raises(UnsupportedModelError, match=r"is quantised \(object\)"):
            METHODS[name].model_maps(case.frozen, case.tokens, progress=lambda _: None)  # type: ignore[misc]
    case.maps("rollout")


@pytest.mark.parametrize("kind", sorted(set(tiny.MODELS) - {"gemma3n"}))
def test_every_family(kind: str) -> None:
    explainer = tw.Explainer(*tiny.MODELS[kind]())
    ex = explainer.explain(photo(200, 120), "Describe this image.", answer="a cat and two birds")
    names = ("attention", "rollout", "relevancy")
    added = explainer.attribute(ex, names, progress=False)
    for name in names:
        assert added.maps(name).max() > 0
    slopes: list[np.ndarray] = []
    tokens = range(ex.answer_slice.start, ex.answer_slice.stop)
    visit_lens_gradients(
        explainer.frozen(ex), tokens, lambda _, found: slopes.append(found), last=10
    )
    assert all((one != 0).any(axis=(0, 2)).all() for one in slopes)
    assert slopes


def test_states_that_the_lens_cannot_read_are_refused() -> None:
    explainer = tw.Explainer(*tiny.MODELS["gemma3n"]())
    ex = explainer.explain(photo(200, 120), "Describe this image.", answer="a cat")
    explainer.attribute(ex, ["relevancy"], progress=False)
    with pytest.raises(UnsupportedModelError, match="put out several streams"):
        explainer.attribute(ex, ["dex-ar"], progress=False)
