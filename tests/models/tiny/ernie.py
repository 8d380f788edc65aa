"""Baidu's families: ERNIE 4.5-VL and PaddleOCR-VL."""

from functools import cache
from typing import Any

import torch
import transformers

from .parts import finished, pillow, text_config, tokenizer, without_attention

# As the published templates write; ERNIE's puts an empty thought before an answer.
ERNIE = (
    "{% set n = namespace(images=0, videos=0) %}<|begin_of_sentence|>"
    "{% for m in messages %}{% if m['role'] == 'assistant' %}{{ '\nAssistant: ' }}"
    "{{ m['content'][0]['text'] }}<|end_of_sentence|>{% else %}"
    "{{ 'User: ' if m['role'] == 'user' else '' }}"
    "{% for c in m['content'] %}{% if c['type'] == 'image' %}{% set n.images = n.images + 1 %}"
    "Picture {{ n.images }}:<|IMAGE_START|><|IMAGE_PLACEHOLDER|><|IMAGE_END|>"
    "{% elif c['type'] == 'video' %}{% set n.videos = n.videos + 1 %}"
    "Video {{ n.videos }}:<|VIDEO_START|><|VIDEO_PLACEHOLDER|><|VIDEO_END|>"
    "{% else %}{{ c['text'] }}{% endif %}{% endfor %}"
    "{{ '\n' if m['role'] == 'system' else '' }}{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}{{ '\nAssistant: <think>\n\n</think>\n\n' }}{% endif %}"
)
PADDLE = (
    "<|begin_of_sentence|>{% for m in messages %}{% if m['role'] == 'assistant' %}"
    "{{ 'Assistant: ' }}{{ m['content'][0]['text'] }}{{ eos_token }}{% else %}"
    "{{ 'User: ' if m['role'] == 'user' else '' }}"
    "{% for c in m['content'] if c['type'] == 'image' %}"
    "<|IMAGE_START|><|IMAGE_PLACEHOLDER|><|IMAGE_END|>{% endfor %}"
    "{% for c in m['content'] if c['type'] == 'text' %}{{ c['text'] }}{% endfor %}"
    "{{ '\n' }}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ 'Assistant: ' }}{% endif %}"
)
_MARKS = {
    f"{kind}{part}_token": f"<|{kind.upper()}{part.upper() or '_PLACEHOLDER'}|>"
    for kind in ("image", "video")
    for part in ("", "_start", "_end")
}
_TURNS = ["<|begin_of_sentence|>", "<|end_of_sentence|>", "<think>", "</think>"]
_SHAPE = {"patch_size": 14, "merge_size": 2}
_PIXELS = {"shortest_edge": 56 * 56, "longest_edge": 28 * 28 * 64}


@cache
def _words() -> Any:
    return tokenizer(
        ["<s>", "</s>", "<pad>", *_TURNS, *_MARKS.values()],
        metaspace=True,
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<pad>",
        extra_special_tokens=_MARKS,
    )


@cache
def ernie4_5_vl_processor() -> Any:
    """Without the times that are drawn into frames: that takes a font, which checkpoints bring."""
    return transformers.Ernie4_5_VLMoeProcessor(
        pillow("Ernie4_5_VLMoeImageProcessor")(size=_PIXELS, **_SHAPE),
        _words(),
        transformers.Ernie4_5_VLMoeVideoProcessor(size=_PIXELS, draw_on_frames=False, **_SHAPE),
        chat_template=ERNIE,
    )


def _ids(*names: str) -> dict[str, int]:
    return {f"{name}_id": _words().convert_tokens_to_ids(_MARKS[name]) for name in names}


def _rope(*sections: int) -> dict[str, Any]:
    rope = {"rope_type": "default", "mrope_section": list(sections), "rope_theta": 100.0}
    return {"rope_parameters": rope}


def ernie4_5_vl_moe() -> tuple[Any, Any]:
    """A dense layer, then one of experts: four for text, four for pictures."""
    torch.manual_seed(0)
    processor = ernie4_5_vl_processor()
    experts = {"moe_num_experts": 4, "moe_k": 2, "moe_num_shared_experts": 1}
    config = transformers.Ernie4_5_VLMoeConfig(
        text_config={
            **text_config(_words()),
            **_rope(3, 3, 2),
            **experts,
            "moe_intermediate_size": [16, 8],
        },
        vision_config={
            "depth": 1,
            "hidden_size": 16,
            "num_heads": 2,
            "intermediate_size": 32,
            "patch_size": 14,
        },
        **_ids(*_MARKS),
    )
    model = transformers.Ernie4_5_VLMoeForConditionalGeneration(config)
    without_attention(model.model.vision_tower)
    return finished(model, _words()), processor


@cache
def paddleocr_vl_processor() -> Any:
    images = pillow("PaddleOCRVLImageProcessor")(size=_PIXELS, **_SHAPE)
    return transformers.PaddleOCRVLProcessor(images, _words(), chat_template=PADDLE)


def paddleocr_vl() -> tuple[Any, Any]:
    """Pictures of 2 × 2 patches a token, row by row in the tower, merged behind it."""
    torch.manual_seed(0)
    processor = paddleocr_vl_processor()
    config = transformers.PaddleOCRVLConfig(
        text_config={**text_config(_words()), **_rope(2, 3, 3), "head_dim": 16},
        vision_config={
            "hidden_size": 16,
            "intermediate_size": 32,
            "num_hidden_layers": 1,
            "num_attention_heads": 2,
            "image_size": 112,
            "patch_size": 14,
        },
        **_ids("image_token", "video_token"),
    )
    model = transformers.PaddleOCRVLForConditionalGeneration(config)
    without_attention(model.model.visual)
    return finished(model, _words()), processor


MODELS = {"ernie4_5_vl_moe": ernie4_5_vl_moe, "paddleocr_vl": paddleocr_vl}
VIDEO_MODELS = {"ernie4_5_vl_moe": ernie4_5_vl_moe}
