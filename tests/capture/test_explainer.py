"""From image and prompt to explanation, on transformers' own classes with random weights."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from packaging.version import Version

import tam_widgets as tw
from tam_widgets import errors
from tam_widgets.models import family_of

from ..models import tiny
from ..samples import photo

PROMPT = "Describe this image."
Factory = Callable[[], tuple[Any, Any]]


@pytest.fixture(scope="module", params=tiny.whole.MODELS)
def explainer(request: pytest.FixtureRequest) -> tw.Explainer:
    return tw.Explainer(*tiny.whole.MODELS[request.param]())


def explain(explainer: tw.Explainer, prompt: Any = PROMPT, **options: Any) -> tw.Explanation:
    options = {"max_new_tokens": 8, "suppress_tokens": _image_ids(explainer), **options}
    return explainer.explain(photo(), prompt, progress=False, **options)


def _image_ids(explainer: tw.Explainer) -> list[int]:
    """A model with random weights may write the image token, which no forward pass takes."""
    return [explainer.model.config.image_token_id]


def test_prompt_and_answer_texts(explainer: tw.Explainer) -> None:
    explanation = explain(explainer)
    tokenizer = explainer.processor.tokenizer
    assert explanation.prompt_text == PROMPT
    ids = [token.id for token in explanation.tokens[explanation.answer_slice]]
    assert explanation.text == tokenizer.decode(ids, skip_special_tokens=True)
    for token in explanation.tokens:
        assert token.span[1] - token.span[0] == (0 if token.special else len(token.text))


def test_prompt_in_other_scripts_keeps_every_character(explainer: tw.Explainer) -> None:
    prompt = "Qué é 日本語 🙂?"
    assert explain(explainer, prompt).prompt_text == prompt


def test_probabilities_are_the_softmax_of_the_logits(explainer: tw.Explainer) -> None:
    explanation = explain(explainer)
    for token in explanation.tokens[explanation.answer_slice]:
        best = token.candidates[0]
        assert best.id == token.id
        assert best.probability == pytest.approx(token.probability, rel=1e-4)
        assert [c.probability for c in token.candidates] == sorted(
            (c.probability for c in token.candidates), reverse=True
        )


def test_chat_messages_with_a_system_prompt(explainer: tw.Explainer) -> None:
    messages = [
        {"role": "system", "content": "Describe this image."},
        {"role": "user", "content": [{"type": "image"}, {"type": "text", "text": PROMPT}]},
    ]
    explanation = explain(explainer, messages)
    assert explanation.prompt_text == PROMPT


def test_cut_off_answer_says_so(explainer: tw.Explainer) -> None:
    assert explain(explainer, max_new_tokens=2).truncated
    first = explain(explainer).tokens[explain(explainer).prompt_length].id
    stopped = explain(explainer, eos_token_id=[first + 1, explain(explainer).tokens[-1].id])
    assert not stopped.truncated


@pytest.mark.parametrize(
    "options",
    [
        {"num_beams": 3},
        {"prompt_lookup_num_tokens": 2},
        {"use_cache": False},
        {"prefill_chunk_size": 4},
    ],
    ids=lambda options: next(iter(options)),
)
def test_irregular_decoding_is_read_again(
    explainer: tw.Explainer, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """States come from a forward pass over the final sequence, whatever the decoder did."""
    if "prefill_chunk_size" in options and Version(transformers.__version__) < Version("5.16"):
        pytest.skip("transformers itself fails here before 5.16")
    explanation = explain(explainer, **options)
    ids = torch.tensor([[t.id for t in explanation.tokens[explanation.answer_slice]]])
    model = explainer.model

    def forced(**inputs: Any) -> torch.Tensor:
        inputs.pop("do_sample", None)
        return torch.cat([inputs["input_ids"], ids], dim=1)

    monkeypatch.setattr(model, "generate", forced)
    expected = explain(explainer)
    np.testing.assert_allclose(explanation.activations, expected.activations, rtol=1e-3, atol=1e-5)


def test_sampling_and_stopping_are_passed_on(explainer: tw.Explainer) -> None:
    torch.manual_seed(3)
    drawn = explain(explainer, do_sample=True, temperature=5.0)
    assert drawn.text != explain(explainer).text
    assert len(explain(explainer, max_length=10_000, max_time=0.0).tokens) < len(drawn.tokens)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"num_return_sequences": 2, "do_sample": True}, "num_return_sequences=2"),
        ({"return_dict_in_generate": True}, "return_dict_in_generate"),
        ({"input_ids": None}, "input_ids"),
        ({"max_new_tokens": 0}, "max_new_tokens=0"),
    ],
)
def test_refused_keywords_are_named(
    explainer: tw.Explainer, options: dict[str, Any], named: str
) -> None:
    with pytest.raises(errors.GenerationError, match=named):
        explain(explainer, **options)


def test_interrupted_explainer_stays_usable(
    explainer: tw.Explainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = explain(explainer)

    def interrupted(**inputs: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(explainer.model, "generate", interrupted)
        with pytest.raises(KeyboardInterrupt):
            explain(explainer)
    assert not explainer.family.final_norm(explainer.model)._forward_hooks
    np.testing.assert_array_equal(explain(explainer).activations, before.activations)


def test_answer_of_special_tokens_is_empty(explainer: tw.Explainer) -> None:
    end = explainer.processor.tokenizer.eos_token_id
    with pytest.raises(errors.EmptyAnswerError, match="only special tokens"):
        explain(explainer, max_new_tokens=1, forced_eos_token_id=end)


def test_states_that_are_not_finite(explainer: tw.Explainer) -> None:
    norm = explainer.family.final_norm(explainer.model)
    weight = norm.weight.data.clone()
    norm.weight.data[0] = float("nan")
    try:
        with pytest.raises(errors.TraceError, match="NaN"):
            explain(explainer)
    finally:
        norm.weight.data.copy_(weight)


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        (7, "int"),
        (None, "NoneType"),
        (b"what", "bytes"),
        ([], "list"),
        ([{"role": "user"}], "content"),
        ([{"role": "robot", "content": "hi"}], "robot"),
        ([{"role": "user", "content": [{"type": "audio"}]}], "audio"),
        (
            [{"role": "user", "content": [{"type": "video"}, {"type": "text", "text": "x"}]}],
            "0 image parts and 1 video parts",
        ),
        (
            [
                {
                    "role": "user",
                    "content": [{"type": "image"}] * 2 + [{"type": "text", "text": "x"}],
                }
            ],
            "2 image parts",
        ),
    ],
)
def test_bad_prompts(explainer: tw.Explainer, prompt: Any, said: str) -> None:
    with pytest.raises(errors.PromptError, match=said):
        explain(explainer, prompt)


def test_placeholder_in_the_prompt_is_refused(explainer: tw.Explainer) -> None:
    with pytest.raises(errors.PromptError, match="placeholder"):
        explain(explainer, f"What is {explainer.processor.image_token}?")


def test_other_models_are_refused() -> None:
    text_only = transformers.LlamaForCausalLM(
        transformers.LlamaConfig(
            vocab_size=16,
            hidden_size=8,
            intermediate_size=8,
            num_hidden_layers=1,
            num_attention_heads=1,
        )
    )
    with pytest.raises(errors.UnsupportedModelError, match=r"text-only.*Supported are .*llava"):
        tw.Explainer(text_only, None)


def test_processors_that_do_not_fit() -> None:
    model, processor = tiny.qwen2_vl()
    with pytest.raises(errors.ProcessorError, match="whole processor"):
        tw.Explainer(model, processor.tokenizer)
    with pytest.raises(errors.ProcessorError, match="does not fit"):
        tw.Explainer(model, tiny.llava_processor())


def test_checkpoint_without_weights_is_one_clear_error(tmp_path: Any) -> None:
    model, processor = tiny.llava()
    model.config.save_pretrained(tmp_path)
    processor.save_pretrained(tmp_path)
    with pytest.raises(errors.UnsupportedModelError, match="cannot be loaded"):
        tw.Explainer.from_pretrained(str(tmp_path))


def test_repr_is_one_line(explainer: tw.Explainer) -> None:
    explanation = explain(explainer, max_new_tokens=2)
    assert repr(explanation).startswith("<Explanation by")
    assert repr(explanation.text) in repr(explanation)


def test_what_the_processor_lacks_is_named(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    model, _ = tiny.llava()
    model.config.save_pretrained(tmp_path)

    def load_processor(*_args: Any, **_options: Any) -> None:
        raise ImportError("\nLlavaProcessor requires the Torchvision library.\nInstall it.")

    monkeypatch.setattr(family_of(model.config), "load_processor", load_processor)
    with pytest.raises(errors.ProcessorError, match="requires the Torchvision library"):
        tw.Explainer.from_pretrained(str(tmp_path))


def test_missing_checkpoint_is_one_clear_error(tmp_path: Any) -> None:
    with pytest.raises(errors.UnsupportedModelError, match="no model configuration"):
        tw.Explainer.from_pretrained(str(tmp_path))


def test_record_names_the_checkpoint_but_not_its_folder(tmp_path: Any) -> None:
    model, processor = tiny.llava()
    model.config.name_or_path = str(tmp_path)
    explanation = explain(tw.Explainer(model, processor))
    assert explanation.provenance["model"] == explanation.title == tmp_path.name
    model.config.name_or_path = "org/some-model"
    assert explain(tw.Explainer(model, processor)).provenance["model"] == "org/some-model"
