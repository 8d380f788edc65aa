"""Gradient × input and integrated gradients, against autograd over the whole model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
import torch

import tam_widgets as tw
from tam_widgets.capture.forcing.frozen_answer import FrozenAnswer
from tam_widgets.errors import UnsupportedModelError
from tam_widgets.methods.gradient_x_input import gradient_x_input
from tam_widgets.methods.integrated_gradients import integrated_gradients

from ..models import tiny
from ..models.probe import photo
from .answers import ANSWER, PROMPT, explainer, frozen_answer, silent

LATER = ("deepstack_visual_embeds", "deepstack_features")


@contextmanager
def entering(frozen: FrozenAnswer, change: Callable[[dict[str, Any]], Any]) -> Iterator[None]:
    """Lets a function see, or change, the arguments of the decoder."""

    def hook(_module: Any, args: Any, given: dict[str, Any]) -> Any:
        return args, {**given, **(change(given) or {})}

    decoder = frozen.model.model.get_decoder()
    handle = decoder.register_forward_pre_hook(hook, with_kwargs=True)
    try:
        yield
    finally:
        handle.remove()


@pytest.mark.parametrize("kind", ["qwen2_vl", "llava", "llava_next", "gemma3"])
def test_gradient_times_input(kind: str) -> None:
    frozen, tokens = frozen_answer(kind)
    entered: list[torch.Tensor] = []

    def watch(given: dict[str, Any]) -> None:
        entered.append(given["inputs_embeds"])
        entered[-1].retain_grad()

    with entering(frozen, watch):
        logits = frozen.model.model(**{**frozen.inputs(), "logits_to_keep": 0}).logits[0]
    (embeddings,) = entered
    expected = []
    for token in tokens:
        embeddings.grad = None
        own = frozen.ids[token - frozen.prompt_length]
        score = logits[frozen.position(token)].log_softmax(dim=0)[own]
        score.backward(retain_graph=True)
        assert embeddings.grad is not None
        product = (embeddings.grad * embeddings).sum(dim=-1)[0, frozen.visual]
        expected.append(product.detach().numpy())
    frozen.model.model.zero_grad()
    found = gradient_x_input(frozen, tokens, progress=silent)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    ("kind", "steps"),
    [("qwen2_vl", 20), ("llava", 20), ("internvl", 20), ("qwen3_vl", 20), ("granite4_vision", 50)],
)
def test_integrated_gradients_are_complete(kind: str, steps: int) -> None:
    """Their sum is the difference of log-probability, also where more is added in later layers."""
    frozen, tokens = frozen_answer(kind)
    tokens = tokens[-1:]

    def average(given: dict[str, Any]) -> dict[str, Any]:
        embeddings = given["inputs_embeds"].clone()
        embeddings[0, frozen.visual] = embeddings[0, frozen.visual].mean(dim=0)
        changed: dict[str, Any] = {"inputs_embeds": embeddings}
        for name in LATER:
            if isinstance(added := given.get(name), dict):
                changed[name] = {layer: one.clone() for layer, one in added.items()}
                several = changed[name].values()
            elif added is not None:
                several = changed[name] = [one.clone() for one in added]
            else:
                continue
            mask = given.get("visual_pos_masks", given.get("vision_mask"))
            places = np.flatnonzero(mask[0].reshape(mask.shape[1], -1)[:, 0])
            rows = np.flatnonzero(np.isin(places, frozen.visual))
            for one in several:
                one[rows] = one[rows].mean(dim=0)
        return changed

    full = frozen.log_probabilities([frozen.pictures], tokens)[0]
    with entering(frozen, average):
        base = frozen.log_probabilities([frozen.pictures], tokens)[0]
    assert np.abs(full - base).max() > 1e-3
    maps = integrated_gradients(frozen, tokens, steps=steps, progress=silent)
    np.testing.assert_allclose(maps.sum(axis=1), full - base, rtol=0.03, atol=2e-4)


def test_the_model_is_left_as_it_was() -> None:
    frozen, tokens = frozen_answer("qwen2_vl")
    model = frozen.model.model
    parameters = dict(model.named_parameters())
    first, *rest = parameters.values()
    first.requires_grad_(False)
    try:
        gradient_x_input(frozen, tokens, progress=silent)
        with pytest.raises(KeyboardInterrupt):
            gradient_x_input(frozen, tokens, progress=_interrupt)
        assert not first.requires_grad
        assert all(one.requires_grad for one in rest)
        assert all(one.grad is None for one in parameters.values())
        assert not model.get_decoder()._forward_pre_hooks
        assert torch.is_grad_enabled()
    finally:
        first.requires_grad_(True)


def _interrupt(_passes: int) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("context", [torch.no_grad, torch.inference_mode])
def test_a_cell_without_gradients_has_them_all_the_same(context: Any) -> None:
    frozen, tokens = frozen_answer("llava")
    expected = gradient_x_input(frozen, tokens, progress=silent)
    with context():
        made = explainer("llava").explain(photo((120, 90)), PROMPT, answer=ANSWER)
        again = explainer("llava").frozen(made)
        np.testing.assert_array_equal(gradient_x_input(again, tokens, progress=silent), expected)


def test_half_precision() -> None:
    model, processor = tiny.llava()
    half = tw.Explainer(model.to(torch.bfloat16), processor)
    made = half.explain(photo((120, 90)), PROMPT, answer=ANSWER)
    frozen, tokens = frozen_answer("llava")
    found = gradient_x_input(half.frozen(made), tokens, progress=silent)
    expected = gradient_x_input(frozen, tokens, progress=silent)
    np.testing.assert_allclose(found, expected, atol=0.1 * np.abs(expected).max())


def test_a_model_that_hands_over_no_embeddings_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    frozen, tokens = frozen_answer("llava")
    monkeypatch.setattr(frozen.model.model, "get_decoder", lambda: torch.nn.Identity())
    with pytest.raises(UnsupportedModelError, match="without gradients of its visual tokens"):
        gradient_x_input(frozen, tokens, progress=silent)
