"""What `from_pretrained` takes: adapters, and options of the model and of the processor."""

import json
import pickle
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import peft
import pytest
import torch
import transformers

import tam_widgets as tw
from tam_widgets import errors

from . import tiny
from .probe import photo

KINDS = ("qwen2_vl", "llava")
PROMPT = "Describe this image."


def parts(kind: str) -> tuple[Any, Any]:
    model, processor = tiny.MODELS[kind]()
    return model, tiny.video.processor_of(kind) if kind == "qwen2_vl" else processor


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Checkpoints by model type."""
    found = {kind: tmp_path_factory.mktemp("models") / kind for kind in KINDS}
    for kind, folder in found.items():
        for part in parts(kind):
            part.save_pretrained(folder)
    return found


def explain(explainer: tw.Explainer) -> tw.Explanation:
    marks = explainer.processor.tokenizer.added_tokens_decoder.items()
    quiet = [identity for identity, token in marks if token.special]
    return explainer.explain(
        photo((300, 200)), PROMPT, max_new_tokens=3, suppress_tokens=quiet, progress=False
    )


# Options ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [
        {"max_pixels": 28 * 28 * 9},
        {"processor_options": {"max_pixels": 28 * 28 * 9}},
        {"processor_options": {"size": {"shortest_edge": 784, "longest_edge": 28 * 28 * 9}}},
    ],
    ids=["max_pixels", "processor's max_pixels", "size"],
)
def test_fewer_pixels_are_fewer_visual_tokens(
    options: dict[str, Any], folders: dict[str, Path]
) -> None:
    folder = str(folders["qwen2_vl"])
    whole = explain(tw.Explainer.from_pretrained(folder)).grids
    explainer = tw.Explainer.from_pretrained(folder, **options)
    for one in (explainer, pickle.loads(pickle.dumps(explainer.recipe))()):
        ex = explain(one)
        assert sum(grid.size for grid in ex.grids) <= 9 < sum(grid.size for grid in whole)
        assert np.isfinite(ex.maps()).all()


def test_more_pixels_are_more_visual_tokens(folders: dict[str, Path]) -> None:
    least = 28 * 28 * 100
    explainer = tw.Explainer.from_pretrained(
        str(folders["qwen2_vl"]), min_pixels=least, max_pixels=2 * least
    )
    assert sum(grid.size for grid in explain(explainer).grids) >= 100


@pytest.mark.parametrize("kind", KINDS)
def test_other_options_of_processors(kind: str, folders: dict[str, Path]) -> None:
    explainer = tw.Explainer.from_pretrained(
        str(folders[kind]), use_fast=False, processor_options={"padding_side": "left"}
    )
    assert type(explainer.processor.image_processor).__name__.endswith("Pil")
    assert explainer.processor.tokenizer.padding_side == "left"


@pytest.mark.parametrize(
    ("kind", "options", "said"),
    [
        ("llava", {"max_pixels": 784}, r"max_pixels=784: .*CLIPImageProcessor.* size="),
        ("qwen2_vl", {"processor_options": {"pixels": 7}}, r"pixels=7: .*Qwen2VLImageProcessor"),
        ("qwen2_vl", {"max_pixels": "many"}, r"max_pixels='many': give a number of pixels"),
        ("qwen2_vl", {"max_pixels": -784}, r"max_pixels=-784: give a number of pixels"),
        ("qwen2_vl", {"processor_options": {"min_pixels": 2.5}}, r"min_pixels=2.5: give a number"),
        ("qwen2_vl", {"processor_options": "max_pixels"}, r"of type str: give a dict"),
        (
            "qwen2_vl",
            {"max_pixels": 784, "processor_options": {"max_pixels": 784}},
            "max_pixels is given twice",
        ),
        ("llava", {"nonsense": 3}, r"nonsense=3: .*dtype, device_map.*processor_options"),
        ("llava", {"max_new_tokens": 3}, r"max_new_tokens=3: .*into explain"),
        (
            "llava",
            {"load_in_4bit": True},
            r"quantization_config=transformers\.BitsAndBytesConfig\(load_in_4bit=True\)",
        ),
        ("llava", {"load_in_8bit": True}, r"BitsAndBytesConfig\(load_in_8bit=True\)"),
    ],
)
def test_unknown_options_are_named(
    kind: str, options: dict[str, Any], said: str, folders: dict[str, Path]
) -> None:
    with pytest.raises(errors.OptionError, match=said):
        tw.Explainer.from_pretrained(str(folders[kind]), **options)


def test_options_that_a_processor_cannot_use_are_named(folders: dict[str, Path]) -> None:
    with pytest.raises(errors.ProcessorError, match="cannot be loaded"):
        tw.Explainer.from_pretrained(
            str(folders["qwen2_vl"]), processor_options={"size": {"breadth": 3}}
        )


def test_options_of_loading_reach_the_model(folders: dict[str, Path]) -> None:
    explainer = tw.Explainer.from_pretrained(
        str(folders["llava"]), dtype="bfloat16", attn_implementation="eager", device_map="cpu"
    )
    assert explainer.model.dtype == torch.bfloat16
    assert explainer.model.config._attn_implementation == "eager"


# Adapters ---------------------------------------------------------------------------------------


def save_adapter(base: Path, folder: Path) -> Any:
    """Saves an adapter of the head and the attention; returns the model that it belongs to."""
    torch.manual_seed(1)
    model = transformers.AutoModelForImageTextToText.from_pretrained(base)
    config = peft.LoraConfig(target_modules=["lm_head", "q_proj"], init_lora_weights=False)
    tuned = peft.get_peft_model(model, config)
    tuned.save_pretrained(folder)
    return tuned.eval()


@pytest.mark.parametrize("kind", KINDS)
def test_folders_of_adapters(kind: str, folders: dict[str, Path], tmp_path: Path) -> None:
    tuned = save_adapter(folders[kind], tmp_path / "my-adapter")
    explainer = tw.Explainer.from_pretrained(str(tmp_path / "my-adapter"))
    ex, expected = explain(explainer), explain(tw.Explainer(tuned, explainer.processor))
    assert ex.text == expected.text
    np.testing.assert_allclose(ex.activations, expected.activations, rtol=1e-4, atol=1e-5)
    base = explain(tw.Explainer.from_pretrained(str(folders[kind])))
    assert ex.title == "my-adapter"
    assert base.title == kind
    same = explain(explainer.recipe())
    np.testing.assert_array_equal(same.activations, ex.activations)


def test_an_adapter_with_a_processor_of_its_own(folders: dict[str, Path], tmp_path: Path) -> None:
    save_adapter(folders["qwen2_vl"], tmp_path)
    parts("qwen2_vl")[1].tokenizer.save_pretrained(tmp_path)  # a tokenizer is no processor
    assert explain(tw.Explainer.from_pretrained(str(tmp_path))).grids
    processor = transformers.AutoProcessor.from_pretrained(
        folders["qwen2_vl"], max_pixels=28 * 28 * 9
    )
    processor.save_pretrained(tmp_path)
    grids = explain(tw.Explainer.from_pretrained(str(tmp_path))).grids
    assert sum(grid.size for grid in grids) <= 9


@pytest.mark.parametrize("name", ["gone", None])
def test_an_adapter_without_its_base_model(
    name: str | None, folders: dict[str, Path], tmp_path: Path
) -> None:
    save_adapter(folders["llava"], tmp_path)
    file = tmp_path / "adapter_config.json"
    config = json.loads(file.read_text())
    file.write_text(
        json.dumps({**config, "base_model_name_or_path": name and str(tmp_path / name)})
    )
    with pytest.raises(errors.UnsupportedModelError, match=r"whose base model.*load_adapter"):
        tw.Explainer.from_pretrained(str(tmp_path))


def test_an_adapter_without_its_weights(folders: dict[str, Path], tmp_path: Path) -> None:
    save_adapter(folders["llava"], tmp_path)
    (tmp_path / "adapter_model.safetensors").unlink()
    with pytest.raises(errors.UnsupportedModelError, match="cannot be loaded"):
        tw.Explainer.from_pretrained(str(tmp_path))


@pytest.mark.parametrize("whole", [False, True], ids=["alone", "beside its model"])
def test_an_adapter_without_peft(
    whole: bool, folders: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_adapter(folders["llava"], tmp_path)
    if whole:
        shutil.copytree(folders["llava"], tmp_path, dirs_exist_ok=True)
    monkeypatch.setattr(transformers.utils, "is_peft_available", lambda: False)
    with pytest.raises(errors.MissingExtraError, match="pip install peft"):
        tw.Explainer.from_pretrained(str(tmp_path))


def test_a_model_and_its_adapter_in_one_folder(folders: dict[str, Path], tmp_path: Path) -> None:
    shutil.copytree(folders["llava"], tmp_path / "both")
    tuned = save_adapter(folders["llava"], tmp_path / "both")
    explainer = tw.Explainer.from_pretrained(str(tmp_path / "both"))
    ex, expected = explain(explainer), explain(tw.Explainer(tuned, explainer.processor))
    np.testing.assert_allclose(ex.activations, expected.activations, rtol=1e-4, atol=1e-5)


def test_a_package_that_the_type_of_model_needs_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def import_nothing(*_args: Any, **_options: Any) -> None:
        raise ModuleNotFoundError("Could not import module 'Gemma3nConfig'.")

    (tmp_path / "config.json").write_text('{"model_type": "qwen2_vl"}')
    monkeypatch.setattr(transformers.AutoConfig, "from_pretrained", import_nothing)
    with pytest.raises(errors.MissingExtraError, match=r"Gemma3nConfig.*pip install timm"):
        tw.Explainer.from_pretrained(str(tmp_path))
