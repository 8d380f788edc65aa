"""LightOnOCR, which the documentation adds as its example."""

from typing import Any

import torch
import transformers

from .parts import finished, pillow, text_config, tokenizer
from .video import QWEN3

TEMPLATE = QWEN3.replace("<|vision_start|>", "").replace("<|vision_end|>", "")
_MARKS = {
    "image_token": "<|image_pad|>",
    "image_break_token": "<|vision_pad|>",
    "image_end_token": "<|vision_end|>",
}


def lighton_ocr() -> tuple[Any, Any]:
    """Tokens of 28 pixels a side on pictures that are resized to steps of 14."""
    torch.manual_seed(0)
    words = tokenizer(
        ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|video_pad|>", *_MARKS.values()],
        metaspace=False,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        extra_special_tokens=_MARKS,
    )
    images = pillow("PixtralImageProcessor")(
        size={"longest_edge": 224}, patch_size={"height": 14, "width": 14}
    )
    processor = transformers.LightOnOcrProcessor(images, words, chat_template=TEMPLATE)
    config = transformers.LightOnOcrConfig(
        text_config={"model_type": "qwen3", **text_config(words), "head_dim": 16},
        vision_config={
            "model_type": "pixtral",
            "hidden_size": 16,
            "head_dim": 8,
            "intermediate_size": 32,
            "num_hidden_layers": 1,
            "num_attention_heads": 2,
            "image_size": 224,
            "patch_size": 14,
        },
        image_token_id=words.image_token_id,
    )
    return finished(transformers.LightOnOcrForConditionalGeneration(config), words), processor
