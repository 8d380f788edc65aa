"""VideoLLaMA 3."""

from functools import cache
from typing import Any

import torch
import transformers

from .parts import finished, pillow, text_config, tokenizer, without_attention

# written after what the published template makes of pictures and videos
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] + '\n' }}{% for c in m['content'] %}"
    "{% if c['type'] == 'image' %}{{ '<|image_pad|>\n' }}{% elif c['type'] == 'video' %}"
    "{{ '<|video_pad|>\n' }}{% else %}{{ c['text'] }}{% endif %}{% endfor %}"
    "{{ '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


@cache
def video_llama_3_processor() -> Any:
    words = tokenizer(
        ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|image_pad|>", "<|video_pad|>"],
        metaspace=False,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
    )
    size = {"shortest_edge": 56 * 56, "longest_edge": 28 * 28 * 16}
    return transformers.VideoLlama3Processor(
        pillow("VideoLlama3ImageProcessor")(size=size),
        words,
        transformers.VideoLlama3VideoProcessor(size={**size, "longest_edge": 28 * 28 * 90}),
        chat_template=TEMPLATE,
    )


def video_llama_3() -> tuple[Any, Any]:
    """Pictures of single patches; frames of patches merged 2 × 2."""
    torch.manual_seed(0)
    processor = video_llama_3_processor()
    words = processor.tokenizer
    vision = {
        "hidden_size": 16,
        "intermediate_size": 32,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "patch_size": 14,
    }
    config = transformers.VideoLlama3Config(
        text_config={"model_type": "qwen2", **text_config(words)},
        vision_config=vision,
        image_token_id=processor.image_token_id,
        video_token_id=processor.video_token_id,
    )
    model = transformers.VideoLlama3ForConditionalGeneration(config)
    without_attention(model.model.vision_model)
    return finished(model, words), processor


MODELS = {"video_llama_3": video_llama_3}
