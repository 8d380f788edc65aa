"""Every model that is not supported is refused with a reason that is true of it."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
from transformers.models.auto.modeling_auto import MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES

import tam_widgets as tw
from scripts import list_refusals
from tam_widgets import errors
from tam_widgets.capture.inputs.media import Video
from tam_widgets.models import Family, family_of, register, registry
from tam_widgets.models.refusals import (
    NOT_YET,
    OTHER_CLASSES,
    OTHER_TYPES,
    REASONS,
)

from . import tiny
from .probe import photo

REFUSED = {kind: reason for reason in REASONS for kind in reason.types}
SERVED = [
    kind
    for kind, family in registry._FAMILIES.items()
    if type(family).__module__.startswith("tam_widgets.")
]
"""Without what other tests register."""


def refusal(config: Any) -> str:
    with pytest.raises(errors.UnsupportedModelError) as caught:
        family_of(config)
    return str(caught.value)


# Model types ------------------------------------------------------------------------------------


def test_each_type_of_transformers_is_supported_or_has_one_reason() -> None:
    types = set(MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES)
    assert sorted(types - set(SERVED) - set(REFUSED)) == []
    assert sorted(set(SERVED) & set(REFUSED)) == []
    assert len(REFUSED) == sum(len(reason.types) for reason in REASONS)


@pytest.mark.parametrize("kind", sorted(MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES))
def test_each_configuration_of_transformers_is_served_or_told_its_reason(kind: str) -> None:
    if kind == "vision-encoder-decoder":  # which some versions make of two others only
        parts = transformers.ViTConfig(), transformers.BertConfig()
        config = transformers.VisionEncoderDecoderConfig.from_encoder_decoder_configs(*parts)
    else:
        config = transformers.AutoConfig.for_model(kind)
    if kind in SERVED:
        assert kind in family_of(config).model_types
        return
    reason = REFUSED[kind]
    said = refusal(config)
    assert said.startswith(f"model type '{kind}' {reason.verdict}: {reason.types[kind]}. ")
    assert "Supported are " in said
    assert ("register" in said) == (reason is NOT_YET)


def test_no_two_types_of_one_reason_that_cannot_be_mended_are_told_the_same() -> None:
    said = [why for reason in REASONS if reason is not NOT_YET for why in reason.types.values()]
    assert [why for why in said if said.count(why) > 1] == []


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("qwen2", "is a text-only model"),
        ("t5", "is a text-only model"),
        ("gemma3_text", "is a text-only model"),
        ("modernbert", "is an encoder"),
        ("clip", "compares pictures with texts and writes no answer"),
        ("siglip", "compares pictures with texts and writes no answer"),
        ("vit", "sees pictures and writes no answer"),
        ("detr", "sees pictures and writes no answer"),
        ("qwen2_audio", "is an audio model"),
        ("whisper", "is an audio model"),
        ("voxtral", "is an audio model"),
        ("audioflamingo3", "is an audio model"),
        ("qwen2_vl_text", "a part of a larger model, its text_config"),
        ("siglip_vision_model", "a part of a larger model, its vision_config"),
        ("phi4_multimodal", "is not supported yet"),
        ("sam", "is not an image-text-to-text model"),
    ],
)
def test_what_is_said_of_other_models_is_true(kind: str, said: str) -> None:
    assert re.search(said, refusal(transformers.AutoConfig.for_model(kind)))


@pytest.mark.parametrize("kind", ["fuyu", "chameleon", "emu3"])
def test_models_without_a_vision_tower_are_not_called_text_only(kind: str) -> None:
    assert "text-only" not in refusal(transformers.AutoConfig.for_model(kind))


def test_a_type_that_is_newer_than_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES, "clip", "CLIPModel")
    assert "layout is not known. To add it" in refusal(transformers.CLIPConfig())


def test_a_configuration_without_a_type() -> None:
    assert "names no model type" in refusal(transformers.PretrainedConfig())


def test_the_page_lists_what_the_tables_say() -> None:
    page = list_refusals.PAGE.read_text("utf-8")
    assert list_refusals.updated(page) == page, "run python -m scripts.list_refusals"
    works = page.split("## What works")[1].split("\n## ")[0]
    rows = [line.split("|")[2] for line in works.splitlines() if line.startswith("|")]
    listed = [kind for row in rows for kind in re.findall("`(.+?)`", row)]
    assert sorted(listed) == sorted(SERVED)


# What is given as a model -----------------------------------------------------------------------


def small(kind: str) -> Any:
    """A model that writes no answer about pictures."""
    sizes = {"hidden_size": 8, "intermediate_size": 8, "num_hidden_layers": 1}
    heads = {**sizes, "num_attention_heads": 1}
    if kind == "vit":
        return transformers.ViTForImageClassification(transformers.ViTConfig(**heads))
    if kind == "qwen2":
        config = transformers.Qwen2Config(vocab_size=16, num_key_value_heads=1, **heads)
        return transformers.Qwen2ForCausalLM(config)
    parts: dict[str, Any] = {"text_config": {**heads, "vocab_size": 16}, "vision_config": heads}
    return transformers.CLIPModel(transformers.CLIPConfig(**parts))


@pytest.mark.parametrize(
    ("kind", "said"),
    [("vit", "sees pictures"), ("qwen2", "text-only"), ("clip", "compares pictures")],
)
def test_models_of_other_kinds_are_refused_also_in_a_wrapper(kind: str, said: str) -> None:
    model = small(kind)
    for given in (model, torch.nn.DataParallel(model)):
        with pytest.raises(errors.UnsupportedModelError, match=f"'{kind}' .*{said}"):
            tw.Explainer(given, None)


def test_the_text_decoder_of_a_supported_model_is_called_a_part() -> None:
    model, processor = tiny.qwen2_vl()
    with pytest.raises(errors.UnsupportedModelError, match="a part of a larger model"):
        tw.Explainer(model.model.language_model, processor)


@pytest.fixture
def process_group(tmp_path: Path) -> Iterator[None]:
    """A group of one process."""
    store = torch.distributed.FileStore(str(tmp_path / "store"), 1)
    torch.distributed.init_process_group("gloo", store=store, rank=0, world_size=1)
    yield
    torch.distributed.destroy_process_group()


@pytest.mark.skipif(not torch.distributed.is_available(), reason="torch is built without it")
@pytest.mark.usefixtures("process_group")
def test_distributed_data_parallel_is_taken_apart() -> None:
    model, processor = tiny.llava()
    wrapped = torch.nn.parallel.DistributedDataParallel(model)
    assert tw.Explainer(wrapped, processor).model is model


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (transformers.LlavaConfig(), r"a LlavaConfig has no weights.*from_pretrained"),
        (transformers.LlavaForConditionalGeneration, r"class LlavaForConditionalG.*no weights"),
        (Path("models/llava"), r"is a name, not a model.*from_pretrained\('models.llava'\)"),
        (None, "NoneType is not a transformers model"),
    ],
    ids=["configuration", "class", "path", "None"],
)
def test_what_is_no_model_is_refused_by_name(given: Any, said: str) -> None:
    with pytest.raises(errors.UnsupportedModelError, match=said):
        tw.Explainer(given, tiny.llava_processor())


# Checkpoints with code of their own --------------------------------------------------------------

CODE = """
import pathlib
from transformers import PretrainedConfig

pathlib.Path({marker!r}).touch()


class OwnConfig(PretrainedConfig):
    model_type = "own_model"
"""


@pytest.fixture
def unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails where transformers asks at the terminal whether code may be run."""

    def asked(question: str = "") -> str:
        raise AssertionError(question)

    monkeypatch.setattr("builtins.input", asked)


def checkpoint(folder: Path, settings: Any) -> tuple[str, Path]:
    """A folder with a configuration and code; and the file that the code makes when it is run."""
    marker = folder / "was_run"
    folder.joinpath("config.json").write_text(json.dumps(settings))
    folder.joinpath("configuration_own.py").write_text(CODE.format(marker=str(marker)))
    return str(folder), marker


AUTO_MAP = {"AutoConfig": "configuration_own.OwnConfig"}


@pytest.mark.usefixtures("unasked")
@pytest.mark.parametrize("trust", [{}, {"trust_remote_code": True}], ids=["", "trusted"])
@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"model_type": "internvl_chat"}, r"'internvl_chat'.*OpenGVLab/InternVL3-2B-hf"),
        ({"model_type": "minicpmv"}, r"'minicpmv'.*own code reads.*register"),
        ({"model_type": "phi3_v"}, "'phi3_v'"),
        ({"model_type": "phi4mm"}, "'phi4mm'"),
        ({"model_type": "molmo"}, "'molmo'"),
        ({"model_type": "qwen", "visual": {}}, r"'qwen'.*Qwen/Qwen2-VL-7B-Instruct"),
        ({"model_type": "ovis"}, r"'ovis'.*thisisiron/Ovis2-2B-hf"),
        ({"model_type": "multi_modality"}, r"deepseek-vl-1.3b-chat or .*Janus-Pro-1B"),
        ({"model_type": "florence2"}, r"'florence2' is not a chat model"),
        ({"model_type": "mllama"}, "cross-attention"),
        ({}, "names no model type"),
    ],
    ids=lambda value: value.get("model_type", "none") if isinstance(value, dict) else "",
)
def test_code_of_an_unsupported_checkpoint_is_not_run(
    settings: Mapping[str, Any], said: str, trust: Mapping[str, Any], tmp_path: Path
) -> None:
    folder, marker = checkpoint(tmp_path, {**settings, "auto_map": AUTO_MAP})
    with pytest.raises(errors.UnsupportedModelError, match=said) as caught:
        tw.Explainer.from_pretrained(folder, **trust)
    assert not marker.exists()
    assert "was not run" in str(caught.value)
    assert ("trust_remote_code=True" in str(caught.value)) == bool(trust)


@pytest.mark.usefixtures("unasked")
@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"model_type": "cogvlm"}, r"'cogvlm' is not known to transformers \d"),
        ({"model_type": "mplug_owl2"}, r"'mplug_owl2' is not known to transformers \d"),
        ({"model_type": "llava_llama"}, r"'llava_llama' is not known.*llava-hf/llava-1.5-7b-hf"),
        ({"model_type": "llava_qwen"}, r"llava-hf/llava-onevision-qwen2-7b-ov-hf"),
        (
            {"model_type": "llava", "architectures": ["LlavaLlamaForCausalLM"]},
            r"saved by LlavaLlamaForCausalLM.*give llava-hf/llava-1.5-7b-hf or llava-hf/",
        ),
        ({"model_type": "x" * 999}, r"'x{79} is not known"),
        ({"model_type": ["llava"]}, "names no model type"),
        ({"model_type": "llava", "text_config": {"model_type": "y"}}, "no model configuration"),
        ({"model_type": "llava", "text_config": 7}, "no model configuration"),
        (
            {"model_type": "qwen2_vl", "text_config": {"hidden_size": "wide"}},
            "no model configuration",
        ),
        ([], "no model configuration"),
        ({}, "no model configuration"),
    ],
    ids=str,
)
def test_configurations_that_transformers_cannot_read(
    settings: Any, said: str, tmp_path: Path
) -> None:
    folder, _ = checkpoint(tmp_path, settings)
    with pytest.raises(errors.UnsupportedModelError, match=said) as caught:
        tw.Explainer.from_pretrained(folder)
    said = str(caught.value).replace(folder, "").split("Supported are")[0]
    assert len(said) < 500


@pytest.mark.usefixtures("unasked")
def test_code_is_run_where_a_family_is_registered_and_it_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class OwnModel(Family):
        name = "own_model"
        model_types = ("own_model",)

        def image_grids(self, *_: Any) -> Any:
            return []

    monkeypatch.setattr(registry, "_FAMILIES", dict(registry._FAMILIES))
    monkeypatch.setattr("transformers.dynamic_module_utils.HF_MODULES_CACHE", str(tmp_path / "m"))
    monkeypatch.syspath_prepend(str(tmp_path / "m"))
    register(OwnModel())
    folder, marker = checkpoint(tmp_path, {"model_type": "own_model", "auto_map": AUTO_MAP})
    with pytest.raises(errors.UnsupportedModelError, match="give trust_remote_code=True"):
        tw.Explainer.from_pretrained(folder)
    assert not marker.exists()
    with pytest.raises(errors.ProcessorError):  # there is none in the folder
        tw.Explainer.from_pretrained(folder, trust_remote_code=True)
    assert marker.exists()


@pytest.mark.usefixtures("unasked")
def test_code_beside_a_type_that_transformers_knows_is_left_alone(tmp_path: Path) -> None:
    model, processor = tiny.llava()
    model.save_pretrained(tmp_path)
    processor.save_pretrained(tmp_path)
    settings = json.loads(tmp_path.joinpath("config.json").read_text())
    folder, marker = checkpoint(tmp_path, {**settings, "auto_map": AUTO_MAP})
    assert tw.Explainer.from_pretrained(folder).family.name == "llava"
    assert not marker.exists()


def test_the_checkpoint_that_is_named_instead_is_of_a_supported_type() -> None:
    for types in (*OTHER_TYPES.values(), *OTHER_CLASSES.values()):
        assert set(types) <= {*SERVED, *NOT_YET.types}


# Videos -----------------------------------------------------------------------------------------

CLIP = "http://nowhere.invalid/clip.mp4"


@pytest.mark.parametrize(
    "given",
    [
        {"video": CLIP},
        {"video": [photo((30, 30))] * 2},
        {"image": "no/such/clip.mp4"},
        {"image": [photo((30, 30)), Video(CLIP)]},
        {"prompt": [{"role": "user", "content": [{"type": "video", "url": CLIP}]}]},
    ],
    ids=["url", "frames", "file", "beside a picture", "in the prompt"],
)
@pytest.mark.parametrize("kind", ["llava", "gemma3", "lfm2_vl"])
def test_a_video_for_a_model_of_pictures_is_refused_before_it_is_opened(
    kind: str, given: Mapping[str, Any]
) -> None:
    explainer = tw.Explainer(*tiny.MODELS[kind]())
    given = {"prompt": "What?", **given}
    if not isinstance(given["prompt"], str):
        given["prompt"][0]["content"].append({"type": "text", "text": "What?"})
    with pytest.raises(errors.ImageError, match=rf"{kind}.* only pictures.*list of images"):
        explainer.explain(**given, progress=False)


def test_a_video_is_not_opened_where_the_processor_has_no_part_for_it() -> None:
    explainer = tw.Explainer(*tiny.MODELS["qwen2_vl"]())
    assert getattr(explainer.processor, "video_processor", None) is None
    with pytest.raises(errors.MissingExtraError, match="torchvision"):
        explainer.explain(None, "What?", video=CLIP, progress=False)


def test_one_bad_item_of_many_is_a_video() -> None:
    explainer = tw.Explainer(*tiny.llava())
    items = [(CLIP, "What?", "A cat."), (photo((30, 30)), "What?", "A cat.")]
    with pytest.warns(UserWarning, match="1 of 2 items"):
        bad, good = explainer.explain_many(items, progress=False)
    assert isinstance(bad, errors.ImageError)
    assert isinstance(good, tw.Explanation)
