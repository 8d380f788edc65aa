"""What the picture carries of an answer's probability, measured with one blank forward pass."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
import torch

import tam_widgets as tw
from tam_widgets.errors import TraceError


@cache
def demo(name: str) -> tuple[tw.Explainer, tw.demo.Scene, tw.Explanation]:
    explainer, scene = tw.demo.explainer(name), tw.demo.scene(seed=7)
    explained = explainer.explain(scene.image, scene.prompt, reliance=True, progress=False)
    return explainer, scene, explained


@pytest.mark.parametrize("name", ["qwen2-vl", "llava"])
def test_it_equals_the_reliance_of_a_check(name: str) -> None:
    explainer, _, explained = demo(name)
    tokens = explained.answer_tokens()[3:5]
    check = explainer.check(explained, tokens, random_orders=0, progress=False)
    np.testing.assert_allclose(explained.reliance[tokens], check.reliance, atol=1e-3)
    np.testing.assert_allclose(explained.blank_log_p, check.blank_log_p, atol=1e-5)
    assert np.isnan(explained.reliance[: explained.prompt_length]).all()


def test_of_a_scene_the_picture_carries_the_things_and_not_the_grammar() -> None:
    _, scene, explained = demo("qwen2-vl")
    share = explained.picture_share
    named = [share[explained.find(group.noun)[0]] for group in scene.groups]
    assert min(named) > 0.5
    assert share[explained.find("There")[0]] < 0.05


def test_explained_first_and_measured_later_is_the_same() -> None:
    explainer, scene, explained = demo("llava")
    plain = explainer.explain(scene.image, scene.prompt, progress=False)
    assert not plain.blank_log_p.size
    later = explainer.measure_reliance(plain)
    np.testing.assert_array_equal(later.blank_log_p, explained.blank_log_p)
    assert later.tokens == plain.tokens
    assert later.activations is plain.activations  # so that its states are still found
    assert not plain.blank_log_p.size


def test_of_a_given_answer_a_chat_and_many() -> None:
    explainer, scene, explained = demo("qwen2-vl")
    kinds: dict[str, Any] = {"reliance": True, "progress": False}
    given = explainer.explain(scene.image, scene.prompt, answer=explained.text, **kinds)
    turn = explainer.chat(**kinds).ask(scene.prompt, scene.image)
    items = [(scene.image, scene.prompt), (scene.image, scene.prompt, explained.text)]
    many = explainer.explain_many(items, **kinds)
    for one in (given, turn, *many):
        count = min(len(one.blank_log_p), len(explained.blank_log_p))  # given ones do not end
        assert count >= len(explained.blank_log_p) - 1
        np.testing.assert_allclose(
            one.blank_log_p[:count], explained.blank_log_p[:count], atol=1e-4
        )
    plain = explainer.explain_many(items[:1], progress=False)
    assert np.isnan(plain[0].reliance).all()


def test_it_is_one_forward_pass() -> None:
    explainer, scene, _ = demo("qwen2-vl")
    plain = explainer.explain(scene.image, scene.prompt, progress=False)
    passes = []
    handle = explainer.model.register_forward_hook(lambda *_: passes.append(1))
    try:
        explainer.measure_reliance(plain)
    finally:
        handle.remove()
    assert len(passes) == 1


def test_a_loaded_explanation_can_be_measured(tmp_path: Any) -> None:
    explainer, scene, explained = demo("qwen2-vl")
    explainer.explain(scene.image, scene.prompt, progress=False).save(tmp_path / "a.safetensors")
    loaded = tw.load(tmp_path / "a.safetensors")
    measured = explainer.measure_reliance(loaded)
    np.testing.assert_allclose(measured.blank_log_p, explained.blank_log_p, atol=1e-4)
    other, *_ = demo("llava")
    with pytest.raises(TraceError, match="does not read this explanation"):
        other.measure_reliance(loaded)


def test_an_interrupted_measurement_leaves_the_explanation_as_it_was() -> None:
    explainer, scene, _ = demo("qwen2-vl")
    plain = explainer.explain(scene.image, scene.prompt, progress=False)

    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    handle = explainer.model.register_forward_pre_hook(stop)
    try:
        with pytest.raises(KeyboardInterrupt):
            explainer.measure_reliance(plain)
    finally:
        handle.remove()
    assert not plain.blank_log_p.size
    assert explainer.measure_reliance(plain).blank_log_p.size


def test_in_half_precision_it_differs_from_a_check_by_rounding_only() -> None:
    explainer, scene = tw.demo.explainer("qwen2-vl"), tw.demo.scene(seed=7)
    explainer.model.to(torch.bfloat16)
    plain = explainer.explain(scene.image, scene.prompt, progress=False)
    explained = explainer.measure_reliance(plain)
    token = explained.answer_tokens()[3]
    check = explainer.check(explained, token, random_orders=0, progress=False)
    checked = plain.with_check(check)
    both = [one.picture_share[one.answer_slice] for one in (explained, checked)]
    np.testing.assert_allclose(*both, atol=0.03)
