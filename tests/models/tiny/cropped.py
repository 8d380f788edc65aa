"""More families that cut a picture into tiles, each by a rule of its own."""

from collections.abc import Callable
from functools import cache
from typing import Any

import torch
import transformers

from .parts import finished, pillow, text_config, tokenizer, without_attention
from .tiled import TILE, chat_words, token_id

COHERE = (
    "{{ bos_token }}{% for m in messages %}<|START_OF_TURN_TOKEN|>"
    "{{ m['role'] | upper | replace('ASSISTANT', 'CHATBOT') }}"
    "{% for c in m['content'] if c['type'] == 'image' %}<image>{% endfor %}"
    "{% for c in m['content'] if c['type'] == 'text' %}{{ c['text'] }}{% endfor %}"
    "<|END_OF_TURN_TOKEN|>{% endfor %}"
    "{% if add_generation_prompt %}<|START_OF_TURN_TOKEN|>CHATBOT{% endif %}"
)
COHERE2 = COHERE.replace("<image>", "<|IMG_PATCH|>")
OVIS = (
    "{% for m in messages %}<|im_start|>{{ m['role'] + '\n' }}{% for c in m['content'] %}"
    "{% if c['type'] == 'image' %}{{ '<image>\n' }}{% else %}{{ c['text'] }}{% endif %}"
    "{% endfor %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
LFM = (
    "{{ bos_token }}{% for m in messages %}<|im_start|>{{ m['role'] + '\n' }}"
    "{% for c in m['content'] %}{% if c['type'] == 'image' %}<image>{% else %}{{ c['text'] }}"
    "{% endif %}{% endfor %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
SIGLIP = {
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "patch_size": 14,
    "vision_use_head": False,
}
SIZE = {"height": TILE, "width": TILE}


def _cohere_words(*extra: str, **options: Any) -> Any:
    marks = ["<|START_OF_IMG|>", "<|END_OF_IMG|>", "<|IMG_PATCH|>", "<|IMG_LINE_BREAK|>"]
    turns = ["<BOS_TOKEN>", "<|START_OF_TURN_TOKEN|>", "<|END_OF_TURN_TOKEN|>", "<PAD>"]
    return tokenizer(
        [*turns, *marks, *extra],
        metaspace=False,
        bos_token="<BOS_TOKEN>",
        eos_token="<|END_OF_TURN_TOKEN|>",
        pad_token="<PAD>",
        **options,
    )


def _gated(model: Any, words: Any) -> Any:
    """The model with a projector whose gate opens; as first drawn it lets hardly anything in."""
    without_attention(model.model.vision_tower)
    projector = model.model.multi_modal_projector
    for layer in (projector.linear_1, projector.linear_2):
        torch.nn.init.normal_(layer.weight, std=0.2)
    return finished(model, words)


@cache
def aya_vision_processor() -> Any:
    """`<image>` is no token of its own: the processor replaces it before tokenising."""
    tiles = [f"TILE_{number}" for number in range(1, 13)]
    words = _cohere_words("TILE_GLOBAL", *tiles)
    return transformers.AyaVisionProcessor(
        pillow("GotOcr2ImageProcessor")(size=SIZE),
        words,
        patch_size=14,
        img_size=TILE,
        downsample_factor=2,
        chat_template=COHERE,
    )


def aya_vision() -> tuple[Any, Any]:
    """A random Aya Vision: tiles of 3 × 3 tokens."""
    torch.manual_seed(0)
    processor = aya_vision_processor()
    words = processor.tokenizer
    config = transformers.AyaVisionConfig(
        text_config={"model_type": "cohere2", **text_config(words), "sliding_window": 4096},
        vision_config={"model_type": "siglip_vision_model", **SIGLIP, "image_size": TILE},
        image_token_id=token_id(words, "<|IMG_PATCH|>"),
        alignment_intermediate_size=64,
    )
    return _gated(transformers.AyaVisionForConditionalGeneration(config), words), processor


@cache
def cohere2_vision_processor() -> Any:
    names = {
        "boi_token": "<|START_OF_IMG|>",
        "eoi_token": "<|END_OF_IMG|>",
        "image_token": "<|IMG_PATCH|>",
        "img_line_break_token": "<|IMG_LINE_BREAK|>",
    }
    words = _cohere_words(extra_special_tokens=names)
    images = transformers.Cohere2VisionImageProcessor(size=SIZE, patch_size=3)
    return transformers.Cohere2VisionProcessor(images, words, chat_template=COHERE2)


def cohere2_vision() -> tuple[Any, Any]:
    """A random Command A Vision: tiles of 3 × 3 tokens."""
    torch.manual_seed(0)
    processor = cohere2_vision_processor()
    words = processor.tokenizer
    config = transformers.Cohere2VisionConfig(
        text_config={"model_type": "cohere2", **text_config(words), "sliding_window": 4096},
        vision_config={"model_type": "siglip_vision_model", **SIGLIP, "image_size": TILE},
        image_token_id=token_id(words, "<|IMG_PATCH|>"),
        alignment_intermediate_size=64,
    )
    return _gated(transformers.Cohere2VisionForConditionalGeneration(config), words), processor


INDICATORS = ["<IMG_START>", "<IMG_GRID>", "<IMG_COL>", "<IMG_ROW>", "<IMG_END>"]


@cache
def ovis2_processor() -> Any:
    words = chat_words("<image>", "<IMG_ATOM>", *INDICATORS)
    images = pillow("Ovis2ImageProcessor")(size=SIZE, crop_to_patches=True, max_patches=9)
    return transformers.Ovis2Processor(images, words, image_seq_length=9, chat_template=OVIS)


def ovis2() -> tuple[Any, Any]:
    """A random Ovis2: tiles of 3 × 3 tokens, each a mixture of 24 visual words."""
    torch.manual_seed(0)
    processor = ovis2_processor()
    words = processor.tokenizer
    vision = {
        **{name: value for name, value in SIGLIP.items() if name != "vision_use_head"},
        "image_size": TILE,
        "hidden_stride": 2,
        "vocab_size": 24,
    }
    text = text_config(words)
    config = transformers.Ovis2Config(
        text_config={"model_type": "qwen2", **text},
        vision_config=vision,
        image_token_id=token_id(words, "<IMG_ATOM>"),
        visual_indicator_token_ids=[token_id(words, name) for name in INDICATORS],
        vocab_size=text["vocab_size"],
        hidden_size=text["hidden_size"],
    )
    model = transformers.Ovis2ForConditionalGeneration(config)
    without_attention(model.model.vision_tower)
    return finished(model, words), processor


@cache
def lfm2_vl_processor() -> Any:
    grid = [f"<|img_row_{row}_col_{col}|>" for row in range(1, 11) for col in range(1, 11)]
    marks = ["<|image_start|>", "<|image_end|>", "<|img_thumbnail|>", "<image>"]
    words = chat_words("<|startoftext|>", *marks, *grid, bos_token="<|startoftext|>")
    images = transformers.Lfm2VlImageProcessor(
        encoder_patch_size=14,
        tile_size=TILE,
        min_image_tokens=4,
        max_image_tokens=9,
        max_tiles=6,
    )
    return transformers.Lfm2VlProcessor(images, words, chat_template=LFM)


def lfm2_vl() -> tuple[Any, Any]:
    """A random LFM2-VL: tiles of 3 × 3 tokens, and a thumbnail of at most 9."""
    torch.manual_seed(0)
    processor = lfm2_vl_processor()
    words = processor.tokenizer
    text = {**text_config(words), "layer_types": ["conv", "full_attention"]}
    vision = {**SIGLIP, "num_patches": 36}
    config = transformers.Lfm2VlConfig(
        text_config={"model_type": "lfm2", **text},
        vision_config={"model_type": "siglip2_vision_model", **vision},
        image_token_id=token_id(words, "<image>"),
        projector_hidden_size=32,
    )
    return finished(transformers.Lfm2VlForConditionalGeneration(config), words), processor


MODELS: dict[str, Callable[[], tuple[Any, Any]]] = {
    "aya_vision": aya_vision,
    "cohere2_vision": cohere2_vision,
    "ovis2": ovis2,
    "lfm2_vl": lfm2_vl,
}
