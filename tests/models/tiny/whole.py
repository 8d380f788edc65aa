"""Families that see a picture as one grid."""

from functools import cache
from typing import Any

import torch
import transformers

from .parts import finished, pillow, text_config, tokenizer

CHATML = (
    "{% for m in messages %}{% if loop.first and m['role'] != 'system' %}<|im_start|>system\n"
    "You are a helpful assistant.<|im_end|>\n{% endif %}<|im_start|>{{ m['role'] }}\n"
    "{% for c in m['content'] %}{% if c['type'] == 'image' %}<|vision_start|><|image_pad|>"
    "<|vision_end|>{% else %}{{ c['text'] }}{% endif %}{% endfor %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
VICUNA = (
    "{% for m in messages %}{% if m['role'] != 'system' %}{{ m['role'].upper() + ': ' }}{% endif %}"
    "{% for c in m['content'] if c['type'] == 'image' %}<image>\n{% endfor %}"
    "{% for c in m['content'] if c['type'] == 'text' %}{{ c['text'] + ' ' }}{% endfor %}"
    "{% endfor %}"
    "{% if add_generation_prompt %}ASSISTANT:{% endif %}"
)


@cache
def qwen_processor() -> Any:
    from tam_widgets.models.qwen2_vl import images_only

    words = tokenizer(
        [
            "<|endoftext|>",
            "<|im_start|>",
            "<|im_end|>",
            "<|vision_start|>",
            "<|vision_end|>",
            "<|image_pad|>",
            "<|video_pad|>",
        ],
        metaspace=False,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
    )
    images = pillow("Qwen2VLImageProcessor")(
        patch_size=14, merge_size=2, min_pixels=56 * 56, max_pixels=28 * 28 * 64
    )
    return images_only()(images, words, chat_template=CHATML)


@cache
def llava_processor() -> Any:
    words = tokenizer(
        ["<s>", "</s>", "<image>", "<pad>"],
        metaspace=True,
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<pad>",
    )
    images = pillow("CLIPImageProcessor")(
        size={"shortest_edge": 84}, crop_size={"height": 84, "width": 84}
    )
    return transformers.LlavaProcessor(
        images,
        words,
        patch_size=14,
        vision_feature_select_strategy="default",
        num_additional_image_tokens=1,
        chat_template=VICUNA,
    )


def qwen2_vl(kind: str = "qwen2_vl") -> tuple[Any, Any]:
    """A random Qwen2-VL (or Qwen2.5-VL) and its processor; one vision layer."""
    torch.manual_seed(0)
    processor = qwen_processor()
    words = processor.tokenizer
    rope = {"rope_type": "default", "mrope_section": [2, 3, 3], "rope_theta": 100.0}
    text = {**text_config(words), "rope_parameters": rope}
    ids = {
        f"{name}_token_id": words.convert_tokens_to_ids(f"<|{token}|>")
        for name, token in (
            ("image", "image_pad"),
            ("video", "video_pad"),
            ("vision_start", "vision_start"),
            ("vision_end", "vision_end"),
        )
    }
    if kind == "qwen2_vl":
        vision = {"depth": 1, "embed_dim": 16, "hidden_size": 32, "num_heads": 2, "mlp_ratio": 2}
        config: Any = transformers.Qwen2VLConfig(text_config=text, vision_config=vision, **ids)
        model = transformers.Qwen2VLForConditionalGeneration(config)
    else:
        vision = {
            "depth": 1,
            "hidden_size": 16,
            "out_hidden_size": 32,
            "num_heads": 2,
            "intermediate_size": 32,
            "fullatt_block_indexes": [0],
            "window_size": 56,
        }
        config = transformers.Qwen2_5_VLConfig(text_config=text, vision_config=vision, **ids)
        model = transformers.Qwen2_5_VLForConditionalGeneration(config)
    return finished(model, words), processor


def llava() -> tuple[Any, Any]:
    """A random LLaVA with a CLIP tower, and its processor; grid 6 × 6."""
    torch.manual_seed(0)
    processor = llava_processor()
    words = processor.tokenizer
    vision = {
        "model_type": "clip_vision_model",
        "hidden_size": 16,
        "intermediate_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "image_size": 84,
        "patch_size": 14,
    }
    config = transformers.LlavaConfig(
        text_config={"model_type": "llama", **text_config(words)},
        vision_config=vision,
        image_token_id=words.convert_tokens_to_ids("<image>"),
        vision_feature_layer=-1,
        vision_feature_select_strategy="default",
    )
    return finished(transformers.LlavaForConditionalGeneration(config), words), processor


MODELS = {
    "qwen2_vl": qwen2_vl,
    "qwen2_5_vl": lambda: qwen2_vl("qwen2_5_vl"),
    "llava": llava,
}
