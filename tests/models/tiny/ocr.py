"""Families that were made to read documents: HunyuanOCR and GOT-OCR 2."""

from collections.abc import Callable
from functools import cache
from typing import Any

import torch
import transformers

from .parts import finished, pillow, text_config, tokenizer, without_attention
from .tiled import chat_words, token_id

# The marks of a turn stand behind it, as in the published template.
HUNYUAN = (
    "<｜hy_begin▁of▁sentence｜>{% for m in messages %}{% for c in m['content'] %}"
    "{% if c['type'] == 'image' %}<｜hy_place▁holder▁no▁100｜><｜hy_place▁holder▁no▁102｜>"
    "<｜hy_place▁holder▁no▁101｜>{% else %}{{ c['text'] }}{% endif %}{% endfor %}"
    "{{ {'system': '<｜hy_place▁holder▁no▁3｜>', 'user': '<｜hy_User｜>'}"
    ".get(m['role'], '<｜hy_Assistant｜>') }}{% endfor %}"
)
_HUNYUAN_MARKS = {
    "image_start_token": "<｜hy_place▁holder▁no▁100｜>",
    "image_end_token": "<｜hy_place▁holder▁no▁101｜>",
    "image_token": "<｜hy_place▁holder▁no▁102｜>",
}


@cache
def hunyuan_vl_processor() -> Any:
    turns = ["begin▁of▁sentence", "place▁holder▁no▁3", "User", "Assistant", "▁pad▁"]
    words = tokenizer(
        [*(f"<｜hy_{name}｜>" for name in turns), *_HUNYUAN_MARKS.values()],
        metaspace=False,
        bos_token="<｜hy_begin▁of▁sentence｜>",
        eos_token="<｜hy_Assistant｜>",
        pad_token="<｜hy_▁pad▁｜>",
        extra_special_tokens=_HUNYUAN_MARKS,
    )
    images = pillow("HunYuanVLImageProcessor")(
        size={"shortest_edge": 56 * 56, "longest_edge": 28 * 28 * 64}, patch_size=14
    )
    return transformers.HunYuanVLProcessor(images, words, chat_template=HUNYUAN)


def hunyuan_vl() -> tuple[Any, Any]:
    """Pictures of 2 × 2 patches a token; positions have four axes, as in HunyuanOCR."""
    torch.manual_seed(0)
    processor = hunyuan_vl_processor()
    words = processor.tokenizer
    rope = {"rope_type": "default", "mrope_section": [2, 2, 2, 2], "rope_theta": 100.0}
    config = transformers.HunYuanVLConfig(
        text_config={**text_config(words), "head_dim": 16, "rope_parameters": rope},
        vision_config={
            "hidden_size": 16,
            "intermediate_size": 32,
            "num_hidden_layers": 1,
            "num_attention_heads": 2,
            "patch_size": 14,
            "max_image_size": 224,
        },
        image_token_id=words.image_token_id,
        im_start_id=words.image_start_token_id,
        im_end_id=words.image_end_token_id,
    )
    model = transformers.HunYuanVLForConditionalGeneration(config)
    without_attention(model.model.vision_tower)
    return finished(model, words), processor


@cache
def got_ocr2_processor() -> Any:
    """Published without a chat template."""
    words = chat_words("<img>", "</img>", "<imgpad>")
    size = {"height": 96, "width": 96}
    processor = transformers.GotOcr2Processor(pillow("GotOcr2ImageProcessor")(size=size), words)
    processor.num_image_tokens = 9
    return processor


def got_ocr2() -> tuple[Any, Any]:
    """Grid 3 × 3 of 4 × 4 patches, joined by convolutions that look at their centre most."""
    torch.manual_seed(0)
    processor = got_ocr2_processor()
    words = processor.tokenizer
    config = transformers.GotOcr2Config(
        text_config={"model_type": "qwen2", **text_config(words)},
        vision_config={
            "hidden_size": 16,
            "output_channels": 16,
            "num_hidden_layers": 1,
            "num_attention_heads": 2,
            "image_size": 96,
            "patch_size": 8,
            "window_size": 3,
            "global_attn_indexes": (),
            "mlp_dim": 32,
            "initializer_range": 0.02,
        },
        image_token_index=token_id(words, "<imgpad>"),
    )
    model = transformers.GotOcr2ForConditionalGeneration(config)
    without_attention(model.model.vision_tower)
    bell = torch.tensor([1.0, 2.0, 1.0])
    for layer in model.model.modules():
        if isinstance(layer, torch.nn.Conv2d) and layer.kernel_size == (3, 3):
            across = torch.randn(*layer.weight.shape[:2], 1, 1)
            layer.weight.data = across * torch.outer(bell, bell) / 16
    return finished(model, words), processor


MODELS: dict[str, Callable[[], tuple[Any, Any]]] = {"got_ocr2": got_ocr2}
if hasattr(transformers, "HunYuanVLConfig"):
    MODELS["hunyuan_vl"] = hunyuan_vl
