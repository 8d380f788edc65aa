"""Models with random weights in the sizes that overhead is measured for, and their processors.

The tokenizer's words are numbers: what the models write means nothing, but takes as long to decode.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
import transformers
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

import tam_widgets as tw
from tam_widgets.models.qwen2_vl import images_only

QWEN_SPECIAL = (
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|vision_start|>",
    "<|vision_end|>",
    "<|image_pad|>",
    "<|video_pad|>",
)
LLAVA_SPECIAL = ("<s>", "</s>", "<image>", "<pad>")
QWEN_IMAGE = "<|vision_start|><|image_pad|><|vision_end|>"
LLAVA_IMAGE = "<image>\n"
PLACEHOLDER = "IMAGE"
TEMPLATE = (
    "{% for m in messages %}USER: {% for c in m['content'] %}{% if c['type'] == 'image' %}"
    "IMAGE{% else %}{{ c['text'] }}{% endif %}{% endfor %}{% endfor %}"
    "{% if add_generation_prompt %} ASSISTANT:{% endif %}"
)
"""Of a chat; the word IMAGE stands for the model's own placeholder."""

SMALL_TEXT = {
    "vocab_size": 32_000,
    "hidden_size": 512,
    "intermediate_size": 1408,
    "num_hidden_layers": 8,
    "num_attention_heads": 8,
    "num_key_value_heads": 8,
    "rope_parameters": {"rope_type": "default", "mrope_section": [8, 12, 12], "rope_theta": 1e6},
}
SMALL_VISION = {"depth": 2, "embed_dim": 256, "hidden_size": 512, "num_heads": 4}
QWEN2_VL_2B_TEXT = {
    "vocab_size": 151_936,
    "hidden_size": 1536,
    "intermediate_size": 8960,
    "num_hidden_layers": 28,
    "num_attention_heads": 12,
    "num_key_value_heads": 2,
    "rope_parameters": {"rope_type": "default", "mrope_section": [16, 24, 24], "rope_theta": 1e6},
}
QWEN2_VL_2B_VISION = {"depth": 32, "embed_dim": 1280, "hidden_size": 1536, "num_heads": 16}
LLAVA_7B_TEXT = {
    "model_type": "llama",
    "vocab_size": 32_064,
    "hidden_size": 4096,
    "intermediate_size": 11_008,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "num_key_value_heads": 32,
}
LLAVA_7B_VISION = {
    "model_type": "clip_vision_model",
    "hidden_size": 1024,
    "intermediate_size": 4096,
    "num_hidden_layers": 24,
    "num_attention_heads": 16,
    "image_size": 336,
    "patch_size": 14,
}


def build(name: str, device: str, dtype: torch.dtype) -> tw.Explainer:
    """Makes one of `MODELS` with random weights.

    Args:
        name: ``"small"`` (a Qwen2-VL of text width 512), ``"qwen2-vl-2b"``, the same with
            ``", 4 layers"`` and a small vocabulary, or ``"llava-1.5-7b"``.
        device: Where the weights are made.
        dtype: Their type.
    """
    torch.manual_seed(0)
    config, processor = MODELS[name]()
    kind = transformers.MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING[type(config)]
    with torch.device(device):
        model = kind._from_config(config, dtype=dtype)
    model.generation_config.pad_token_id = processor.tokenizer.pad_token_id
    return tw.Explainer(model.eval(), processor, name=name)


def _qwen(text: dict[str, Any], vision: dict[str, Any]) -> tuple[Any, Any]:
    tokenizer = _tokenizer(text["vocab_size"], QWEN_SPECIAL, "<|im_end|>", "<|endoftext|>")
    images = transformers.Qwen2VLImageProcessorPil(patch_size=14, merge_size=2)
    processor = images_only()(
        images, tokenizer, chat_template=TEMPLATE.replace(PLACEHOLDER, QWEN_IMAGE)
    )
    ids = {
        f"{name}_token_id": tokenizer.convert_tokens_to_ids(f"<|{token}|>")
        for name, token in (
            ("image", "image_pad"),
            ("video", "video_pad"),
            ("vision_start", "vision_start"),
            ("vision_end", "vision_end"),
        )
    }
    text = {**text, **_ends(tokenizer)}
    config = transformers.Qwen2VLConfig(
        text_config=text, vision_config=vision, tie_word_embeddings=True, **ids
    )
    return config, processor


def _llava(text: dict[str, Any], vision: dict[str, Any]) -> tuple[Any, Any]:
    tokenizer = _tokenizer(text["vocab_size"], LLAVA_SPECIAL, "</s>", "<pad>")
    processor = transformers.LlavaProcessor(
        transformers.CLIPImageProcessorPil(
            size={"shortest_edge": 336}, crop_size={"height": 336, "width": 336}
        ),
        tokenizer,
        patch_size=14,
        vision_feature_select_strategy="default",
        num_additional_image_tokens=1,
        chat_template=TEMPLATE.replace(PLACEHOLDER, LLAVA_IMAGE),
    )
    config = transformers.LlavaConfig(
        text_config={**text, **_ends(tokenizer)},
        vision_config=vision,
        image_token_id=tokenizer.convert_tokens_to_ids("<image>"),
        vision_feature_layer=-2,
        vision_feature_select_strategy="default",
    )
    return config, processor


MODELS = {
    "small": lambda: _qwen(SMALL_TEXT, SMALL_VISION),
    "qwen2-vl-2b, 4 layers": lambda: _qwen(
        {**QWEN2_VL_2B_TEXT, "vocab_size": 32_000, "num_hidden_layers": 4},
        {**SMALL_VISION, "hidden_size": 1536},
    ),
    "qwen2-vl-2b": lambda: _qwen(QWEN2_VL_2B_TEXT, QWEN2_VL_2B_VISION),
    "llava-1.5-7b": lambda: _llava(LLAVA_7B_TEXT, LLAVA_7B_VISION),
}


def _tokenizer(size: int, special: Sequence[str], end: str, pad: str) -> Any:
    """Bytes, then numbered words up to the vocabulary's size, the special tokens last."""
    names = sorted(pre_tokenizers.ByteLevel.alphabet())
    names += [f"Ġ{number}" for number in range(size - len(names) - len(special))]
    vocabulary = {name: number for number, name in enumerate(names)}
    backend = Tokenizer(models.BPE(vocabulary, merges=[]))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    backend.add_special_tokens([AddedToken(name, special=True) for name in special])
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=backend, eos_token=end, pad_token=pad
    )


def _ends(tokenizer: Any) -> dict[str, int]:
    return {"eos_token_id": tokenizer.eos_token_id, "pad_token_id": tokenizer.pad_token_id}
