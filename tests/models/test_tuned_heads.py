"""Language-model heads that PEFT has tuned, and others whose weight does not say all."""

import copy
from typing import Any

import numpy as np
import peft
import pytest
import torch
from packaging.version import Version
from transformers.integrations.peft import MIN_PEFT_VERSION

import tam_widgets as tw
from tam_widgets import errors
from tam_widgets.capture.inputs.encoding import encode

from . import tiny
from .probe import photo

PROMPT = "What is left of the red dog?"
KINDS = ("qwen2_vl", "llava")
WORDS = {"max_new_tokens": 5, "progress": False}


def quiet(processor: Any) -> dict[str, Any]:
    marks = processor.tokenizer.added_tokens_decoder.items()
    return {"suppress_tokens": [identity for identity, token in marks if token.special]}


def explain(explainer: tw.Explainer, **options: Any) -> tw.Explanation:
    return explainer.explain(
        photo((120, 90)), PROMPT, **WORDS, **quiet(explainer.processor), **options
    )


def assert_true(model: Any, processor: Any, rel: float = 1e-4) -> tw.Explanation:
    """Maps and probabilities are those of the model's own states and logits."""
    explainer = tw.Explainer(model, processor)
    encoded = encode(explainer.family, model, processor, PROMPT, [photo((120, 90))])
    out = model.generate(
        **encoded.inputs,
        **quiet(processor),
        max_new_tokens=5,
        do_sample=False,
        return_dict_in_generate=True,
        output_hidden_states=True,
        output_logits=True,
    )
    ex = explain(explainer)
    answer = ex.tokens[ex.answer_slice]
    for token, logits in zip(answer, out.logits, strict=True):
        expected = float(logits[0].float().softmax(dim=-1)[token.id])
        assert token.probability == pytest.approx(expected, rel=rel)
    states = torch.cat([step[-1] for step in out.hidden_states], dim=1)[0]
    with torch.no_grad():  # a head's true rows: what it makes of each unit vector
        rows = model.get_output_embeddings()(torch.eye(states.shape[1], dtype=states.dtype)).T
    ids = [token.id for token in answer]
    expected = (states[encoded.visual] @ rows[ids].T).relu().T.detach().float()
    np.testing.assert_allclose(ex.activations[ex.answer_slice], expected, rtol=rel, atol=rel / 10)
    return ex


def tuned(kind: str, *targets: str, **options: Any) -> tuple[Any, Any]:
    torch.manual_seed(1)
    model, processor = tiny.MODELS[kind]()
    config = peft.LoraConfig(
        r=4, target_modules=list(targets), init_lora_weights=False, lora_dropout=0.5, **options
    )
    return peft.get_peft_model(model, config).eval(), processor


def _several(kind: str) -> tuple[Any, Any]:
    model, processor = tuned(kind, "lm_head", "q_proj")
    model.add_adapter("second", peft.LoraConfig(r=2, target_modules=["lm_head"], lora_alpha=30))
    model.add_adapter("elsewhere", peft.LoraConfig(r=2, target_modules=["v_proj"]))
    torch.nn.init.normal_(model.get_output_embeddings().lora_B["second"].weight)
    model.base_model.set_adapter(["default", "second", "elsewhere"])
    return model.eval(), processor


def _merged(kind: str) -> tuple[Any, Any]:
    model, processor = tuned(kind, "lm_head")
    model.merge_adapter()
    return model, processor


def _merged_for_good(kind: str) -> tuple[Any, Any]:
    model, processor = tuned(kind, "lm_head", "q_proj")
    return model.merge_and_unload(), processor


def _disabled(kind: str) -> tuple[Any, Any]:
    model, processor = tuned(kind, "lm_head")
    model.base_model.disable_adapter_layers()
    return model, processor


def _disabled_after_merging(kind: str) -> tuple[Any, Any]:
    model, processor = _merged(kind)
    model.base_model.disable_adapter_layers()
    return model, processor


def _whole_head(kind: str) -> tuple[Any, Any]:
    model, processor = tuned(kind, "q_proj", modules_to_save=["lm_head"])
    torch.nn.init.normal_(model.get_output_embeddings().weight)
    return model, processor


def _merged_dora(kind: str) -> tuple[Any, Any]:
    model, processor = tuned(kind, "lm_head", use_dora=True)
    model.merge_adapter()
    return model, processor


def _of_transformers(kind: str) -> tuple[Any, Any]:
    if Version(peft.__version__) < Version(MIN_PEFT_VERSION):  # 5.24 asks for one to come
        pytest.skip(f"this transformers adds adapters with PEFT {MIN_PEFT_VERSION} only")
    model, processor = tiny.MODELS[kind]()
    model.add_adapter(
        peft.LoraConfig(r=4, target_modules=["lm_head", "v_proj"], init_lora_weights=False)
    )
    return model.eval(), processor


TRUE = {
    "elsewhere": lambda kind: tuned(kind, "q_proj", "v_proj"),
    "head": lambda kind: tuned(kind, "lm_head", "q_proj"),
    "rank-stabilised": lambda kind: tuned(kind, "lm_head", use_rslora=True, lora_alpha=3),
    "several": _several,
    "merged": _merged,
    "merged for good": _merged_for_good,
    "disabled": _disabled,
    "disabled after merging": _disabled_after_merging,
    "whole head": _whole_head,
    "merged DoRA": _merged_dora,
    "transformers' own": _of_transformers,
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", TRUE)
def test_rows_are_those_that_the_model_multiplies_with(kind: str, way: str) -> None:
    assert_true(*TRUE[way](kind))


def test_a_tuned_head_is_another_than_its_base() -> None:
    model, processor = tuned("qwen2_vl", "lm_head")
    explainer = tw.Explainer(model, processor)
    answer = explain(explainer).text
    with model.disable_adapter():
        base = explain(explainer, answer=answer)
    assert not np.allclose(explain(explainer, answer=answer).activations, base.activations)


def test_half_precision() -> None:
    model, processor = tuned("qwen2_vl", "lm_head", "q_proj")
    assert_true(model.to(torch.bfloat16), processor, rel=0.05)


def test_tied_embeddings() -> None:
    model, processor = tuned("llava", "lm_head")
    base = model.get_base_model()
    base.lm_head.base_layer.weight = base.get_input_embeddings().weight
    assert_true(model, processor)


def test_another_word_after_merging() -> None:
    """Hidden states that were kept meet the same rows, however PEFT stores them."""
    model, processor = tuned("llava", "lm_head")
    explainer = tw.Explainer(model, processor)
    ex = explain(explainer)
    before = explainer.why_not(ex, ex.prompt_length, "a")
    model.merge_adapter()
    after = explainer.why_not(ex, ex.prompt_length, "a")
    one, other = (made.alternatives[-1] for made in (before, after))
    assert one.probability == pytest.approx(other.probability, rel=1e-4)
    np.testing.assert_allclose(
        before.counterfactual(ex.prompt_length, "a"),
        after.counterfactual(ex.prompt_length, "a"),
        atol=1e-4,
    )


def test_adapters_by_the_row_are_refused() -> None:
    with pytest.raises(errors.GenerationError, match=r"adapter_names.*set_adapter"):
        explain(tw.Explainer(*tuned("llava", "lm_head")), adapter_names=["default"])


@pytest.mark.parametrize(
    "options", [{"use_dora": True}, {"lora_bias": True}], ids=lambda options: next(iter(options))
)
def test_other_kinds_of_lora_are_refused_by_name(options: dict[str, Any]) -> None:
    model, processor = tiny.llava()
    model.lm_head = torch.nn.Linear(32, model.lm_head.out_features)  # lora_bias needs one
    config = peft.LoraConfig(target_modules=["lm_head"], init_lora_weights=False, **options)
    with pytest.raises(errors.UnsupportedModelError, match=r"lora.*'default'.*merge_adapter"):
        tw.Explainer(peft.get_peft_model(model, config), processor)


@pytest.mark.parametrize(
    "config",
    [
        peft.LoHaConfig(target_modules=["lm_head"], init_weights=False),
        peft.OFTConfig(target_modules=["lm_head"], oft_block_size=4, init_weights=False),
        peft.TrainableTokensConfig(target_modules=["lm_head"], token_indices=[5, 6]),
    ],
    ids=lambda config: config.peft_type.value,
)
def test_other_tuners_are_refused_by_name_until_they_are_merged(config: Any) -> None:
    model, processor = tiny.llava()
    model = peft.get_peft_model(model, copy.deepcopy(config)).eval()
    with pytest.raises(errors.UnsupportedModelError, match=r"peft\.tuners.*'default'.*merge"):
        tw.Explainer(model, processor)
    model.merge_adapter()
    assert_true(model, processor)


def test_a_head_that_adds_something_is_refused() -> None:
    model, processor = tiny.qwen2_vl()
    head = model.lm_head
    model.lm_head = torch.nn.Linear(*reversed(head.weight.shape))
    with pytest.raises(errors.UnsupportedModelError, match=r"Linear .* has a bias"):
        explain(tw.Explainer(model.eval(), processor))

    class Scaled(torch.nn.Linear):
        def forward(self, states: torch.Tensor) -> torch.Tensor:
            return 1.1 * super().forward(states)

    model.lm_head = Scaled(*reversed(head.weight.shape), bias=False)
    with pytest.raises(errors.UnsupportedModelError, match=r"Scaled .* adds"):
        explain(tw.Explainer(model.eval(), processor))


@pytest.mark.parametrize("kind", [torch.int8, torch.float8_e4m3fn])
def test_a_quantised_head_is_refused(kind: torch.dtype) -> None:
    model, processor = tiny.qwen2_vl()
    weight = (model.lm_head.weight * 100).to(kind)
    model.lm_head.weight = torch.nn.Parameter(weight, requires_grad=False)
    with pytest.raises(errors.UnsupportedModelError, match="llm_int8_skip_modules"):
        tw.Explainer(model, processor)
