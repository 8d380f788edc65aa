"""Attention weights that are made beside SDPA are those of transformers' own eager attention."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import torch

import tam_widgets as tw
from tam_widgets.capture.attention import forced_pass
from tam_widgets.capture.attention.forced_pass import follow_attention, forward_passes
from tam_widgets.capture.attention.recording import (
    IMPLEMENTATION,
    LayerAttention,
    Listener,
    recorded_attention,
)
from tam_widgets.capture.attention.rows import attention_rows
from tam_widgets.capture.forcing.frozen_answer import FrozenAnswer
from tam_widgets.capture.model_access import exclusively
from tam_widgets.errors import TokenIndexError, UnsupportedModelError

from ..models import tiny
from ..samples import photo

ANSWER = "a cat and two birds"


def frozen_answer(kind: str) -> FrozenAnswer:
    explainer = tw.Explainer(*tiny.MODELS[kind]())
    ex = explainer.explain(photo(200, 120), "Describe this image.", answer=ANSWER)
    return explainer.frozen(ex)


def answer_tokens(frozen: FrozenAnswer) -> list[int]:
    return [frozen.prompt_length + number for number in range(len(frozen.ids))]


def implementation(frozen: FrozenAnswer) -> str:
    """The attention of the model's decoder, and of all else that has one."""
    modules = frozen.model.model.modules()
    configs = {id(one.config): one.config for one in modules if hasattr(one, "config")}
    return " ".join(str(config._attn_implementation) for config in configs.values())


def eager(frozen: FrozenAnswer, tokens: Sequence[int]) -> tuple[list[np.ndarray], torch.Tensor]:
    """Weights [heads, tokens, n] of the layers that have any, and logits [tokens, vocabulary]."""
    model = frozen.model.model
    positions = [frozen.position(token) for token in tokens]
    inputs = {**frozen.inputs(), "output_attentions": True}
    inputs.pop("logits_to_keep", None)
    model.set_attn_implementation("eager")
    with torch.no_grad():
        out = model(**inputs)
    length = inputs["input_ids"].shape[1]
    whole = [one for one in out.attentions if one is not None and one.shape[2] == length]
    return [one[0][:, positions].numpy() for one in whole], out.logits[0, positions]


def follow(frozen: FrozenAnswer, listener: Listener) -> torch.Tensor:
    with torch.no_grad(), exclusively(frozen.model.model):
        return follow_attention(frozen, answer_tokens(frozen), listener)


@pytest.fixture(scope="module", params=tiny.MODELS)
def frozen(request: pytest.FixtureRequest) -> FrozenAnswer:
    return frozen_answer(request.param)


def test_rows_and_logits_are_those_of_eager_attention(frozen: FrozenAnswer) -> None:
    tokens, before = answer_tokens(frozen)[1:], implementation(frozen)
    with torch.no_grad():
        logits = follow_attention(frozen, tokens, lambda _attention, outputs: outputs)
    found = attention_rows(frozen, tokens)
    assert implementation(frozen) == before
    rows, expected = eager(frozen, tokens)
    assert len(found.layers) == len(found.rows) == len(rows)
    for own, other in zip(found.rows, rows, strict=True):
        np.testing.assert_allclose(own, other, rtol=0, atol=1e-5)
    torch.testing.assert_close(logits, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("kind", ["qwen3_5", "lfm2_vl"])
def test_linear_layers_have_no_rows(kind: str) -> None:
    frozen = frozen_answer(kind)
    assert attention_rows(frozen, answer_tokens(frozen)).layers == (2,)


def test_a_model_of_linear_layers_is_refused_by_name() -> None:
    frozen = frozen_answer("qwen3_5")
    decoder = frozen.model.model.get_decoder()
    del decoder.layers[1]
    with pytest.raises(UnsupportedModelError, match=f"^{frozen.model.name} has no layer with att"):
        attention_rows(frozen, answer_tokens(frozen))


def test_a_prompt_token_is_refused() -> None:
    frozen = frozen_answer("llava")
    with pytest.raises(TokenIndexError, match="token 0 is not part of the answer"):
        attention_rows(frozen, [0])


def test_attention_is_restored_after_an_error() -> None:
    frozen = frozen_answer("qwen2_vl")
    before = implementation(frozen)

    def fail(_attention: Any, _outputs: torch.Tensor) -> torch.Tensor:
        raise KeyError("of the listener")

    with pytest.raises(KeyError, match="of the listener"):
        follow(frozen, fail)
    assert implementation(frozen) == before
    attention_rows(frozen, answer_tokens(frozen))


@pytest.mark.parametrize("name", ["sdpa", "eager"])
def test_the_vision_tower_and_the_models_own_choice_are_left_alone(name: str) -> None:
    frozen = frozen_answer("llava")
    model = frozen.model.model
    model.set_attn_implementation(name)
    with recorded_attention(model, lambda _attention, outputs: outputs):
        assert model.get_decoder().config._attn_implementation == IMPLEMENTATION
        assert model.config.vision_config._attn_implementation == name
    assert set(implementation(frozen).split()) == {name}


def test_other_logits_are_refused() -> None:
    frozen = frozen_answer("llava")
    with pytest.raises(UnsupportedModelError, match="computes other logits while"):
        follow(frozen, lambda _attention, outputs: 2 * outputs)
    assert forward_passes(frozen) == 2
    follow(frozen, lambda _attention, outputs: outputs)
    assert forward_passes(frozen) == 1


def test_a_model_whose_attention_cannot_be_replaced_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    frozen = frozen_answer("llava")
    decoder = frozen.model.model.get_decoder()
    monkeypatch.setattr(type(decoder), "_can_set_attn_implementation", classmethod(lambda _: False))
    with pytest.raises(UnsupportedModelError, match=r"^LlamaModel does not let its attention be"):
        attention_rows(frozen, answer_tokens(frozen))
    assert set(implementation(frozen).split()) == {"sdpa"}


def test_attention_with_sinks_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from transformers.models.llama import modeling_llama

    frozen = frozen_answer("llava")
    interface = modeling_llama.ALL_ATTENTION_FUNCTIONS
    plain = interface[IMPLEMENTATION]

    def with_sinks(*args: Any, **options: Any) -> Any:
        return plain(*args, s_aux=torch.zeros(2), **options)

    monkeypatch.setitem(interface._global_mapping, IMPLEMENTATION, with_sinks)
    with pytest.raises(UnsupportedModelError, match=r"^LlamaAttention adds s_aux to its attention"):
        attention_rows(frozen, answer_tokens(frozen))


def test_two_models_with_one_configuration_in_two_threads() -> None:
    """The second begins while the first is read, and would end after it."""
    first, second = frozen_answer("llava"), frozen_answer("llava")
    config = first.model.model.get_decoder().config
    for module in second.model.model.get_decoder().modules():
        if hasattr(module, "config"):
            module.config = config
    layers: dict[str, list[int]] = {"first": [], "second": []}
    began, ended = threading.Event(), threading.Event()

    def of_second(attention: LayerAttention, outputs: torch.Tensor) -> torch.Tensor:
        layers["second"].append(attention.layer)
        began.set()
        assert ended.wait(10)
        return outputs

    thread = threading.Thread(target=follow, args=(second, of_second))

    def of_first(attention: LayerAttention, outputs: torch.Tensor) -> torch.Tensor:
        if not layers["first"]:
            thread.start()
            began.wait(0.5)
        layers["first"].append(attention.layer)
        return outputs

    follow(first, of_first)
    ended.set()
    thread.join()
    assert layers == {"first": [1, 2], "second": [1, 2]}
    assert config._attn_implementation == "sdpa"


def test_half_precision() -> None:
    frozen = frozen_answer("qwen2_vl")
    tokens = answer_tokens(frozen)
    full = attention_rows(frozen, tokens)
    model = frozen.model.model.to(torch.bfloat16)
    explainer = tw.Explainer(model, frozen.model.processor)
    half = explainer.frozen(
        explainer.explain(photo(200, 120), "Describe this image.", answer=ANSWER)
    )
    for own, other in zip(attention_rows(half, tokens).rows, full.rows, strict=True):
        assert own.dtype == np.float32
        np.testing.assert_allclose(own.sum(axis=2), 1, rtol=1e-5)
        np.testing.assert_allclose(own, other, atol=0.02)
    assert forced_pass.forward_passes(half) == 1
