"""Families whose pictures and videos are grids of merged patches: Qwen-VL, GLM-V, EXAONE."""

from collections.abc import Callable
from functools import cache
from typing import Any

import torch
import transformers

from .parts import finished, pillow, text_config, tokenizer, without_attention

_MEDIA = (
    "{% for c in m['content'] %}{% if c['type'] == 'image' %}IMAGE"
    "{% elif c['type'] == 'video' %}VIDEO{% else %}{{ c['text'] }}{% endif %}{% endfor %}"
)
_QWEN_MEDIA = _MEDIA.replace("IMAGE", "<|vision_start|><|image_pad|><|vision_end|>").replace(
    "VIDEO", "<|vision_start|><|video_pad|><|vision_end|>"
)
_GLM_MEDIA = _MEDIA.replace("IMAGE", "<|begin_of_image|><|image|><|end_of_image|>").replace(
    "VIDEO", "<|begin_of_video|><|video|><|end_of_video|>"
)
_TURNS = (
    "<|im_start|>{{ m['role'] }}\n" + _QWEN_MEDIA + "<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
QWEN2 = (
    "{% for m in messages %}{% if loop.first and m['role'] != 'system' %}<|im_start|>system\n"
    "You are a helpful assistant.<|im_end|>\n{% endif %}" + _TURNS
)
QWEN3 = "{% for m in messages %}" + _TURNS
GLM = (
    "[gMASK]<sop>{% for m in messages %}<|{{ m['role'] }}|>\n" + _GLM_MEDIA + "{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>\n{% endif %}"
)
# As the prompts of vLLM's examples are written.
EXAONE = (
    "{% for m in messages %}<|{{ m['role'] }}|>\n"
    + _MEDIA.replace("IMAGE", "<vision><|image_pad|></vision>").replace(
        "VIDEO", "<vision><|video_pad|></vision>"
    )
    + "<|endofturn|>\n{% endfor %}{% if add_generation_prompt %}<|assistant|>\n{% endif %}"
)
_PIXELS = {"shortest_edge": 56 * 56, "longest_edge": 28 * 28 * 64}
_VIDEO_PIXELS = {"shortest_edge": 56 * 56, "longest_edge": 28 * 28 * 200}
_QWEN_VISION = {"hidden_size": 16, "out_hidden_size": 32, "num_heads": 2, "intermediate_size": 32}
_EXPERTS = {"moe_intermediate_size": 16, "num_experts_per_tok": 2}


@cache
def _qwen_words() -> Any:
    names = ("im_start", "im_end", "vision_start", "vision_end", "image_pad", "video_pad")
    return tokenizer(
        ["<|endoftext|>", *(f"<|{name}|>" for name in names)],
        metaspace=False,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
    )


@cache
def _glm_words() -> Any:
    marks = [f"<|{edge}_of_{kind}|>" for kind in ("image", "video") for edge in ("begin", "end")]
    turns = ["<|system|>", "<|user|>", "<|assistant|>", "<|image|>", "<|video|>"]
    return tokenizer(
        ["<|endoftext|>", "[gMASK]", "<sop>", *turns, *marks],
        metaspace=False,
        eos_token="<|user|>",
        pad_token="<|endoftext|>",
    )


@cache
def processor_of(family: str) -> Any:
    """The whole processor of a family, with its video part."""
    classes = {
        "qwen2_vl": ("Qwen2VLProcessor", "Qwen2VLImageProcessor", "Qwen2VLVideoProcessor"),
        "qwen2_5_vl": ("Qwen2_5_VLProcessor", "Qwen2VLImageProcessor", "Qwen2VLVideoProcessor"),
        "qwen3_vl": ("Qwen3VLProcessor", "Qwen2VLImageProcessor", "Qwen3VLVideoProcessor"),
        "glm4v": ("Glm4vProcessor", "Glm4vImageProcessor", "Glm4vVideoProcessor"),
        "glm46v": ("Glm46VProcessor", "Glm46VImageProcessor", "Glm46VVideoProcessor"),
    }[family]
    whole, images, videos = classes
    qwen = family.startswith("qwen")
    shape = {"patch_size": 14, "temporal_patch_size": 2, "merge_size": 2}
    template = GLM if not qwen else QWEN3 if family == "qwen3_vl" else QWEN2
    return getattr(transformers, whole)(
        pillow(images)(size=_PIXELS, **shape),
        _qwen_words() if qwen else _glm_words(),
        getattr(transformers, videos)(size=_VIDEO_PIXELS, **shape),
        chat_template=template,
    )


def _built(kind: str, model: str, processor: Any, text: dict[str, Any], vision: Any) -> Any:
    """A random model; `model` names its classes without their endings."""
    torch.manual_seed(0)
    words = processor.tokenizer
    ids = {
        "image_token_id": words.convert_tokens_to_ids(processor.image_token),
        "video_token_id": words.convert_tokens_to_ids(processor.video_token),
    }
    marks = {
        "vision_start_token_id": "<|vision_start|>",
        "vision_end_token_id": "<|vision_end|>",
        "image_start_token_id": "<|begin_of_image|>",
        "image_end_token_id": "<|end_of_image|>",
        "video_start_token_id": "<|begin_of_video|>",
        "video_end_token_id": "<|end_of_video|>",
    }
    known = words.get_vocab()
    ids |= {name: known[mark] for name, mark in marks.items() if mark in known}
    text = {**text_config(words), "head_dim": 16, **text}
    config = getattr(transformers, f"{model}Config")(
        text_config=text, vision_config={"depth": 1, "patch_size": 14, **vision}, **ids
    )
    assert config.model_type == kind
    built = getattr(transformers, f"{model}ForConditionalGeneration")(config)
    without_attention(built.model.visual)
    return finished(built, words), processor


def exaone4_5() -> tuple[Any, Any]:
    """One layer that looks at a window, one at all; the tower's keys are shared."""
    torch.manual_seed(0)
    turns = ["[BOS]", "[PAD]", "<|system|>", "<|user|>", "<|assistant|>", "<|endofturn|>"]
    words = tokenizer(
        [*turns, "<vision>", "</vision>", "<|image_pad|>", "<|video_pad|>"],
        metaspace=False,
        bos_token="[BOS]",
        eos_token="<|endofturn|>",
        pad_token="[PAD]",
    )
    shape = {"patch_size": 14, "temporal_patch_size": 2, "merge_size": 2}
    processor = transformers.Exaone4_5_Processor(
        pillow("Qwen2VLImageProcessor")(size=_PIXELS, **shape),
        words,
        transformers.Qwen2VLVideoProcessor(size=_VIDEO_PIXELS, **shape),
        chat_template=EXAONE,
    )
    layers = {"layer_types": ["sliding_attention", "full_attention"], "sliding_window": 16}
    vision = {**_QWEN_VISION, "num_key_value_heads": 1, "fullatt_block_indexes": [0]}
    config = transformers.Exaone4_5_Config(
        text_config={"model_type": "exaone4", **text_config(words), **layers},
        vision_config={"depth": 1, "patch_size": 14, "window_size": 56, **vision},
        image_token_id=processor.image_token_id,
        video_token_id=processor.video_token_id,
    )
    model = transformers.Exaone4_5_ForConditionalGeneration(config)
    without_attention(model.model.visual)
    return finished(model, words), processor


def _rope(*sections: int, **options: Any) -> dict[str, Any]:
    rope = {"rope_type": "default", "mrope_section": list(sections), "rope_theta": 100.0}
    return {"rope_parameters": {**rope, **options}}


def qwen2_vl() -> tuple[Any, Any]:
    vision = {"embed_dim": 16, "hidden_size": 32, "num_heads": 2, "mlp_ratio": 2}
    return _built("qwen2_vl", "Qwen2VL", processor_of("qwen2_vl"), _rope(2, 3, 3), vision)


def qwen2_5_vl() -> tuple[Any, Any]:
    vision = {**_QWEN_VISION, "fullatt_block_indexes": [0], "window_size": 56}
    return _built("qwen2_5_vl", "Qwen2_5_VL", processor_of("qwen2_5_vl"), _rope(2, 3, 3), vision)


def qwen3_vl(kind: str = "qwen3_vl", model: str = "Qwen3VL") -> tuple[Any, Any]:
    """With one layer of deep features, as the large ones have several."""
    vision = {**_QWEN_VISION, "deepstack_visual_indexes": [0], "num_position_embeddings": 64}
    experts = {**_EXPERTS, "num_experts": 4} if kind.endswith("moe") else {}
    text = {**_rope(2, 3, 3, mrope_interleaved=True), **experts}
    return _built(kind, model, processor_of("qwen3_vl"), text, vision)


def glm4v(kind: str = "glm4v", model: str = "Glm4v", family: str = "glm4v") -> tuple[Any, Any]:
    vision = {**_QWEN_VISION, "image_size": 112}
    experts = {**_EXPERTS, "n_routed_experts": 4, "first_k_dense_replace": 1}
    text = {
        **_rope(2, 3, 3, partial_rotary_factor=1.0),
        **(experts if kind.endswith("moe") else {}),
    }
    return _built(kind, model, processor_of(family), text, vision)


def qwen3_5(kind: str = "qwen3_5", model: str = "Qwen3_5") -> tuple[Any, Any]:
    """One layer of linear attention, one of full."""
    vision = {**_QWEN_VISION, "num_position_embeddings": 64}
    heads = {f"linear_num_{name}_heads": 2 for name in ("key", "value")}
    sizes = {f"linear_{name}_head_dim": 16 for name in ("key", "value")}
    text = {
        **_rope(2, 3, 3, mrope_interleaved=True, partial_rotary_factor=1.0),
        **heads,
        **sizes,
        "layer_types": ["linear_attention", "full_attention"],
    }
    if kind.endswith("moe"):
        text |= {**_EXPERTS, "num_experts": 4, "shared_expert_intermediate_size": 16}
    return _built(kind, model, processor_of("qwen3_vl"), text, vision)


MODELS: dict[str, Callable[[], tuple[Any, Any]]] = {
    "qwen2_vl": qwen2_vl,
    "qwen2_5_vl": qwen2_5_vl,
    "qwen3_vl": qwen3_vl,
    "qwen3_vl_moe": lambda: qwen3_vl("qwen3_vl_moe", "Qwen3VLMoe"),
    "qwen3_5": qwen3_5,
    "qwen3_5_moe": lambda: qwen3_5("qwen3_5_moe", "Qwen3_5Moe"),
    "glm4v": glm4v,
    "glm4v_moe": lambda: glm4v("glm4v_moe", "Glm4vMoe"),
    "glm46v": lambda: glm4v("glm46v", "Glm46V", "glm46v"),
    "glm_ocr": lambda: glm4v("glm_ocr", "GlmOcr", "glm46v"),
}
"""Makers of a model and its whole processor, by model type."""
if hasattr(transformers, "Exaone4_5_Config"):
    MODELS["exaone4_5"] = exaone4_5
