"""Llama 4, which lays a picture on a canvas of tiles."""

from functools import cache
from typing import Any

import torch
import transformers

from .parts import finished, text_config, tokenizer, without_attention

LLAMA4 = (
    "{{ bos_token }}{% for m in messages %}<|header_start|>{{ m['role'] }}<|header_end|>\n\n"
    "{% for c in m['content'] %}{% if c['type'] == 'image' %}<|image|>{% else %}{{ c['text'] }}"
    "{% endif %}{% endfor %}<|eot|>{% endfor %}"
    "{% if add_generation_prompt %}<|header_start|>assistant<|header_end|>\n\n{% endif %}"
)
_MARKS = ("image_start", "image_end", "image", "patch", "tile_x_separator", "tile_y_separator")
_TURNS = ("header_start", "header_end", "eot", "pad", "begin_of_text")


@cache
def llama4_processor() -> Any:
    words = tokenizer(
        [f"<|{name}|>" for name in (*_MARKS, *_TURNS)],
        metaspace=False,
        bos_token="<|begin_of_text|>",
        eos_token="<|eot|>",
        pad_token="<|pad|>",
    )
    images = getattr(transformers, "Llama4ImageProcessor", None)
    if images is None:
        images = transformers.Llama4ImageProcessorFast
    return transformers.Llama4Processor(
        images(size={"height": 112, "width": 112}, max_patches=6),
        words,
        patch_size=14,
        chat_template=LLAMA4,
    )


def llama4() -> tuple[Any, Any]:
    """Grids of 4 × 4 on up to six tiles; a mixture of two experts."""
    torch.manual_seed(0)
    processor = llama4_processor()
    words = processor.tokenizer
    vision = {
        "hidden_size": 16,
        "intermediate_size": 64,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "image_size": 112,
        "patch_size": 14,
        "vision_output_dim": 32,
        "projector_input_dim": 32,
        "projector_output_dim": 32,
    }
    text = {
        **text_config(words),
        "head_dim": 16,
        "intermediate_size_mlp": 48,
        "num_local_experts": 2,
        "attention_chunk_size": 512,
    }
    config = transformers.Llama4Config(
        text_config=text,
        vision_config=vision,
        image_token_index=words.convert_tokens_to_ids("<|patch|>"),
        boi_token_index=words.convert_tokens_to_ids("<|image_start|>"),
        eoi_token_index=words.convert_tokens_to_ids("<|image_end|>"),
    )
    model = transformers.Llama4ForConditionalGeneration(config)
    without_attention(model.vision_model)
    return finished(model, words), processor


MODELS = {"llama4": llama4}
