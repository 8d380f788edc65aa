"""Families that pad a picture to a square: Janus and DeepSeek-VL."""

from functools import cache
from typing import Any

import torch
import transformers

from .parts import finished, pillow, text_config, tokenizer, without_attention

DEEPSEEK = (
    "{% for m in messages %}{% if m['role'] == 'system' %}{{ m['content'][0]['text'] }}\n\n"
    "{% else %}{{ '<|User|>' if m['role'] == 'user' else '<|Assistant|>' }}: "
    "{% for c in m['content'] %}{% if c['type'] == 'image' %}<image_placeholder>\n"
    "{% else %}{{ c['text'] }}{% endif %}{% endfor %}"
    "{{ '\n\n' if m['role'] == 'user' else eos_token }}{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}<|Assistant|>:{% endif %}"
)
_SIDE = {"height": 84, "width": 84}
_SMALL = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}


@cache
def _words() -> Any:
    marks = {
        "image_token": "<image_placeholder>",
        "boi_token": "<begin_of_image>",
        "eoi_token": "<end_of_image>",
    }
    return tokenizer(
        ["<bos>", "<eos>", "<pad>", "<|User|>", "<|Assistant|>", *marks.values()],
        metaspace=False,
        bos_token="<bos>",
        eos_token="<eos>",
        pad_token="<pad>",
        extra_special_tokens=marks,
    )


def janus() -> tuple[Any, Any]:
    """Grid 24 × 24, the only one that older processors know; a picture generator, not used."""
    torch.manual_seed(1)
    words = _words()
    processor = transformers.JanusProcessor(
        pillow("JanusImageProcessor")(size={"height": 96, "width": 96}),
        words,
        chat_template=DEEPSEEK,
    )
    vision = {**_SMALL, "image_size": 96, "patch_size": 4, "projection_dim": 32}
    generator = {
        "embed_dim": 4,
        "num_embeddings": 16,
        "latent_channels": 32,
        "base_channels": 32,
        "channel_multiplier": [1],
        "num_res_blocks": 1,
        "projection_dim": 32,
        "image_token_embed_dim": 32,
    }
    config = transformers.JanusConfig(
        text_config={"model_type": "llama", **text_config(words)},
        vision_config={**vision, "num_image_tokens": 576},
        vq_config=generator,
        image_token_id=words.image_token_id,
    )
    model = transformers.JanusForConditionalGeneration(config)
    for name, module in model.model.vision_model.named_modules():
        if name.endswith("projection_layer"):
            torch.nn.init.zeros_(module.weight)
    return finished(model, words), processor


def deepseek_vl() -> tuple[Any, Any]:
    """Grid 6 × 6."""
    torch.manual_seed(0)
    words = _words()
    processor = transformers.DeepseekVLProcessor(
        pillow("DeepseekVLImageProcessor")(size=_SIDE),
        words,
        chat_template=DEEPSEEK,
        num_image_tokens=36,
    )
    vision = {**_SMALL, "intermediate_size": 32, "image_size": 84, "patch_size": 14}
    config = transformers.DeepseekVLConfig(
        text_config={"model_type": "llama", **text_config(words)},
        vision_config={"model_type": "siglip_vision_model", **vision, "vision_use_head": False},
        image_token_id=words.image_token_id,
    )
    model = transformers.DeepseekVLForConditionalGeneration(config)
    without_attention(model.model.vision_model)
    return finished(model, words), processor


MODELS = {"janus": janus, "deepseek_vl": deepseek_vl}
