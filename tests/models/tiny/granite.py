"""Granite 4 Vision."""

from collections.abc import Callable
from functools import cache
from typing import Any

import torch
import transformers

from .parts import finished, pillow, text_config, tokenizer, without_attention
from .tiled import token_id

GRANITE = (
    "{% for m in messages %}<|start_of_role|>{{ m['role'] }}<|end_of_role|>"
    "{% for c in m['content'] %}{% if c['type'] == 'image' %}<image>{% else %}{{ c['text'] }}"
    "{% endif %}{% endfor %}{{ '<|end_of_text|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}<|start_of_role|>assistant<|end_of_role|>{% endif %}"
)
_TILE, _PATCH = 112, 14
_PINPOINTS = [
    [_TILE * rows, _TILE * cols] for rows in range(1, 4) for cols in range(1, 4) if rows * cols < 4
]


@cache
def granite4_vision_processor() -> Any:
    words = tokenizer(
        ["<|end_of_text|>", "<|start_of_role|>", "<|end_of_role|>", "<|pad|>", "<image>"],
        metaspace=False,
        eos_token="<|end_of_text|>",
        bos_token="<|end_of_text|>",
        pad_token="<|pad|>",
    )
    size = {"height": _TILE, "width": _TILE}
    images = pillow("LlavaNextImageProcessor")(
        size=size, crop_size=size, image_grid_pinpoints=_PINPOINTS
    )
    return transformers.Granite4VisionProcessor(
        images,
        words,
        patch_size=_PATCH,
        vision_feature_select_strategy="full",
        downsample_rate="2/4",
        chat_template=GRANITE,
    )


def granite4_vision() -> tuple[Any, Any]:
    """Tiles of 2 × 2 windows with 2 × 2 tokens each, added in five layers."""
    torch.manual_seed(0)
    processor = granite4_vision_processor()
    words = processor.tokenizer
    vision = {
        "model_type": "siglip_vision_model",
        "hidden_size": 64,
        "intermediate_size": 64,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "image_size": _TILE,
        "patch_size": _PATCH,
        "vision_use_head": False,
    }
    config = transformers.Granite4VisionConfig(
        text_config={**text_config(words), "num_hidden_layers": 5, "logits_scaling": 4.0},
        vision_config=vision,
        image_token_index=token_id(words, "<image>"),
        vision_feature_select_strategy="full",
        image_grid_pinpoints=_PINPOINTS,
        downsample_rate="2/4",
        deepstack_layer_map=[[-1, 0]],
        spatial_target_layers=[1, 2, 3, 4],
    )
    model = transformers.Granite4VisionForConditionalGeneration(config)
    without_attention(model.model.vision_tower)
    return finished(model, words), processor


MODELS: dict[str, Callable[[], tuple[Any, Any]]] = {}
if hasattr(transformers, "Granite4VisionConfig"):
    MODELS["granite4_vision"] = granite4_vision
