"""Video-LLaVA."""

from collections.abc import Callable
from inspect import signature
from typing import Any

import torch
import transformers

from .parts import finished, text_config, tokenizer, without_attention
from .whole import VICUNA

TEMPLATE = VICUNA.replace(
    "{% for c in m['content'] if c['type'] == 'text' %}",
    "{% for c in m['content'] if c['type'] == 'video' %}<video>\n{% endfor %}"
    "{% for c in m['content'] if c['type'] == 'text' %}",
)


def video_llava() -> tuple[Any, Any]:
    """Grids of 6 × 6 over the centre square."""
    torch.manual_seed(0)
    words = tokenizer(
        ["<s>", "</s>", "<image>", "<video>", "<pad>"],
        metaspace=True,
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<pad>",
    )
    size = {"size": {"shortest_edge": 84}, "crop_size": {"height": 84, "width": 84}}
    processor = transformers.VideoLlavaProcessor(
        transformers.VideoLlavaImageProcessor(**size),
        transformers.VideoLlavaVideoProcessor(**size),
        words,
        patch_size=14,
        chat_template=TEMPLATE,
    )
    vision = {
        "model_type": "clip_vision_model",
        "hidden_size": 16,
        "intermediate_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "image_size": 84,
        "patch_size": 14,
    }
    config = transformers.VideoLlavaConfig(
        text_config={"model_type": "llama", **text_config(words)},
        vision_config=vision,
        image_token_index=processor.image_token_id,
        video_token_index=processor.video_token_id,
        vision_feature_layer=-1,
    )
    model = transformers.VideoLlavaForConditionalGeneration(config)
    without_attention(model)
    return finished(model, words), processor


MODELS: dict[str, Callable[[], tuple[Any, Any]]] = {}
TOO_OLD = "kwargs" not in signature(transformers.VideoLlavaProcessor.__call__).parameters
"""Whether transformers' processor takes no options, which the family needs."""
if not TOO_OLD:
    MODELS["video_llava"] = video_llava
