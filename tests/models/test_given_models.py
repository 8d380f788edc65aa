"""Models as people have them: in training, in a pipeline or wrapper, put away to CPU or disk."""

import warnings
from pathlib import Path
from typing import Any

import accelerate
import numpy as np
import pytest
import torch
import transformers

import tam_widgets as tw
from tam_widgets import errors

from . import tiny
from .probe import photo

KINDS = ("qwen2_vl", "llava")
PROMPT = "Describe this image."


def explain(explainer: tw.Explainer, **options: Any) -> tw.Explanation:
    marks = explainer.processor.tokenizer.added_tokens_decoder.items()
    quiet = [identity for identity, token in marks if token.special]
    options = {"max_new_tokens": 4, "suppress_tokens": quiet, "progress": False, **options}
    return explainer.explain(photo((120, 90)), PROMPT, **options)


def assert_same(one: tw.Explanation, other: tw.Explanation) -> None:
    assert one.text == other.text
    np.testing.assert_allclose(one.activations, other.activations, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(one.relevance, other.relevance, rtol=1e-5, atol=1e-6)


# In training ------------------------------------------------------------------------------------


def training() -> tuple[Any, Any]:
    """A model with dropout in its attention, the vision tower frozen, as after fine-tuning."""
    model, processor = tiny.llava()
    for module in model.modules():
        if hasattr(module, "attention_dropout"):
            module.attention_dropout = 0.5
    model.train()
    model.model.vision_tower.eval()
    return model, processor


def test_a_model_in_training_is_explained_in_evaluation_mode_and_put_back() -> None:
    model, processor = training()
    modes = {name: module.training for name, module in model.named_modules()}
    assert len(set(modes.values())) == 2
    explainer = tw.Explainer(model, processor)
    with pytest.warns(UserWarning, match=r"training mode.*model\.eval\(\)") as caught:
        first = explain(explainer)
    assert [Path(warning.filename) for warning in caught] == [Path(__file__)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # it is said once
        assert_same(explain(explainer), first)
        assert_same(explain(explainer, answer=first.text), explain(explainer, answer=first.text))
        (batched,) = explainer.explain_many(
            [(photo((120, 90)), PROMPT, first.text)], progress=False
        )
        assert isinstance(batched, tw.Explanation)
    assert {name: module.training for name, module in model.named_modules()} == modes
    assert_same(explain(tw.Explainer(model.eval(), processor)), first)


def test_a_model_in_training_is_put_back_after_an_error() -> None:
    model, processor = training()
    modes = {name: module.training for name, module in model.named_modules()}
    with pytest.warns(UserWarning, match="training mode"), pytest.raises(errors.GenerationError):
        explain(tw.Explainer(model, processor), max_new_tokens=0)
    assert {name: module.training for name, module in model.named_modules()} == modes


# Taken apart ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_pipeline_is_taken_apart(kind: str) -> None:
    model, processor = tiny.MODELS[kind]()
    pipeline = transformers.pipeline("image-text-to-text", model=model, processor=processor)
    explainer = tw.Explainer(pipeline)
    assert explainer.model is model
    assert explainer.processor is processor
    assert_same(explain(explainer), explain(tw.Explainer(model, processor)))
    other = tiny.MODELS[kind]()[1]
    assert tw.Explainer(pipeline, other).processor is other


def test_data_parallel_is_taken_apart() -> None:
    model, processor = tiny.llava()
    explainer = tw.Explainer(torch.nn.DataParallel(model), processor)
    assert explainer.model is model
    assert_same(explain(explainer), explain(tw.Explainer(model, processor)))


def test_what_holds_no_model_is_refused_by_name() -> None:
    model, processor = tiny.qwen2_vl()
    with pytest.raises(errors.UnsupportedModelError, match=r"Linear is not a transformers model"):
        tw.Explainer(torch.nn.Linear(2, 2), processor)
    with pytest.raises(errors.UnsupportedModelError, match=r"Explainer\.from_pretrained\('Qwen"):
        tw.Explainer("Qwen/Qwen2-VL-2B-Instruct", processor)
    with pytest.raises(errors.UnsupportedModelError, match="Qwen2VLModel has no language-model he"):
        tw.Explainer(model.model, processor)
    with pytest.raises(errors.ProcessorError, match=r"no processor was given.*AutoProcessor"):
        tw.Explainer(model)


# Put away ---------------------------------------------------------------------------------------

CPU = torch.device("cpu")
FIRST = {"qwen2_vl": "model.visual", "llava": "model.vision_tower"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("tied", [False, True], ids=["", "tied"])
@pytest.mark.parametrize("place", ["CPU", "disk"])
def test_all_weights_put_away(kind: str, place: str, tied: bool, tmp_path: Path) -> None:
    model, processor = tiny.MODELS[kind]()
    if tied:
        model.lm_head.weight = model.get_input_embeddings().weight
        model.config.tie_word_embeddings = model.config.text_config.tie_word_embeddings = True
    expected = explain(tw.Explainer(model, processor))
    if place == "CPU":
        accelerate.cpu_offload(model, execution_device=CPU)
    else:
        accelerate.disk_offload(model, str(tmp_path), execution_device=CPU)
    assert model.device.type == "meta"
    assert_same(explain(tw.Explainer(model, processor)), expected)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("parts", ["all", "first", "head", "decoder"])
def test_parts_on_disk(kind: str, parts: str, tmp_path: Path) -> None:
    model, processor = tiny.MODELS[kind]()
    model.save_pretrained(tmp_path / "model")
    names = [FIRST[kind], "model.language_model", "lm_head"]
    names += ["model.multi_modal_projector"] if kind == "llava" else []
    away = {"first": names[0], "decoder": names[1], "head": names[2]}.get(parts)
    places = {name: "disk" if name == away else "cpu" for name in names}
    loaded = transformers.AutoModelForImageTextToText.from_pretrained(
        tmp_path / "model",
        device_map=dict.fromkeys(names, "disk") if parts == "all" else places,
        offload_folder=str(tmp_path / "away"),
    )
    assert any(weight.is_meta for weight in loaded.parameters())
    if not any(hasattr(module, "_hf_hook") for module in loaded.modules()):
        # older versions of transformers put the whole model away for good
        with pytest.raises(errors.UnsupportedModelError, match="not loaded"):
            tw.Explainer(loaded, processor)
        return
    expected = explain(tw.Explainer(model, processor))
    assert_same(explain(tw.Explainer(loaded, processor)), expected)
    assert_same(
        explain(tw.Explainer(loaded, processor), answer=expected.text),
        explain(tw.Explainer(model, processor), answer=expected.text),
    )


def test_blocks_behind_one_hook() -> None:
    model, processor = tiny.llava()
    expected = explain(tw.Explainer(model, processor))
    blocks = [type(layer).__name__ for layer in model.get_decoder().layers[:1]]
    accelerate.cpu_offload(model, execution_device=CPU, preload_module_classes=blocks)
    assert_same(explain(tw.Explainer(model, processor)), expected)


def test_weights_that_were_never_loaded_are_refused_by_name() -> None:
    model, processor = tiny.llava()
    with torch.device("meta"):
        empty = type(model)(model.config)
    with pytest.raises(errors.UnsupportedModelError, match=r"not loaded.*meta device"):
        tw.Explainer(empty, processor)
