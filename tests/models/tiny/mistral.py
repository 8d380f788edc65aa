"""Families with Pixtral's vision tower: rows of tokens with a break behind each."""

from functools import cache
from typing import Any

import torch
import transformers

from .parts import finished, pillow, text_config, tokenizer

MISTRAL = (
    "{{ bos_token }}{% for m in messages %}{% if m['role'] == 'system' %}[SYSTEM_PROMPT]"
    "{{ m['content'][0]['text'] }}[/SYSTEM_PROMPT]{% elif m['role'] == 'user' %}[INST]"
    "{% for c in m['content'] %}{% if c['type'] == 'image' %}[IMG]{% else %}{{ c['text'] }}"
    "{% endif %}{% endfor %}[/INST]{% else %}{{ m['content'][0]['text'] }}{{ eos_token }}"
    "{% endif %}{% endfor %}"
)
_MARKS = ["[IMG]", "[IMG_BREAK]", "[IMG_END]", "[INST]", "[/INST]"]
_TURNS = ["[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]"]
_TOWER = {
    "model_type": "pixtral",
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "image_size": 224,
    "patch_size": 14,
}


@cache
def pixtral_processor(merge: int) -> Any:
    words = tokenizer(
        ["<s>", "</s>", "<pad>", *_MARKS, *_TURNS],
        metaspace=False,
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<pad>",
    )
    images = pillow("PixtralImageProcessor")(
        size={"longest_edge": 224}, patch_size={"height": 14, "width": 14}
    )
    return transformers.PixtralProcessor(
        images, words, patch_size=14, spatial_merge_size=merge, chat_template=MISTRAL
    )


def mistral3() -> tuple[Any, Any]:
    """Merges 2 × 2 patches."""
    torch.manual_seed(0)
    processor = pixtral_processor(2)
    words = processor.tokenizer
    config = transformers.Mistral3Config(
        text_config={"model_type": "mistral", **text_config(words), "head_dim": 16},
        vision_config=_TOWER,
        image_token_index=processor.image_token_id,
        spatial_merge_size=2,
    )
    return finished(transformers.Mistral3ForConditionalGeneration(config), words), processor


def pixtral() -> tuple[Any, Any]:
    """A LLaVA with Pixtral's tower, which does not merge."""
    torch.manual_seed(0)
    processor = pixtral_processor(1)
    words = processor.tokenizer
    config = transformers.LlavaConfig(
        text_config={"model_type": "mistral", **text_config(words), "head_dim": 16},
        vision_config=_TOWER,
        image_token_id=processor.image_token_id,
        vision_feature_layer=-1,
        vision_feature_select_strategy="full",
    )
    return finished(transformers.LlavaForConditionalGeneration(config), words), processor


MODELS = {"mistral3": mistral3, "pixtral": pixtral}
