"""The thinkers of Qwen2.5-Omni and Qwen3-Omni."""

from functools import cache, partial
from typing import Any

import torch
import transformers

from .parts import finished, pillow, text_config, tokenizer, without_attention
from .video import QWEN2, QWEN3

MARKS = {
    "Qwen2_5Omni": {
        "image_token": "<|IMAGE|>",
        "audio_token": "<|AUDIO|>",
        "video_token": "<|VIDEO|>",
        "vision_bos_token": "<|vision_bos|>",
        "vision_eos_token": "<|vision_eos|>",
        "audio_bos_token": "<|audio_bos|>",
        "audio_eos_token": "<|audio_eos|>",
    },
    "Qwen3OmniMoe": {
        "image_token": "<|image_pad|>",
        "audio_token": "<|audio_pad|>",
        "video_token": "<|video_pad|>",
        "vision_bos_token": "<|vision_start|>",
        "vision_eos_token": "<|vision_end|>",
        "audio_bos_token": "<|audio_start|>",
        "audio_eos_token": "<|audio_end|>",
    },
}
_AUDIO = {
    "num_mel_bins": 16,
    "encoder_layers": 1,
    "encoder_attention_heads": 2,
    "encoder_ffn_dim": 16,
    "d_model": 16,
    "output_dim": 32,
}
_VISION = {
    "depth": 1,
    "hidden_size": 16,
    "out_hidden_size": 32,
    "num_heads": 2,
    "intermediate_size": 32,
}


@cache
def omni_processor(name: str) -> Any:
    marks = MARKS[name]
    words = tokenizer(
        ["<|endoftext|>", "<|im_start|>", "<|im_end|>", *marks.values()],
        metaspace=False,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        extra_special_tokens=marks,
    )
    template = QWEN2 if name == "Qwen2_5Omni" else QWEN3
    for old, new in zip(MARKS["Qwen3OmniMoe"].values(), marks.values(), strict=True):
        template = template.replace(old, new)
    shape = {"patch_size": _patch(name), "temporal_patch_size": 2, "merge_size": 2}
    size = {"shortest_edge": 56 * 56, "longest_edge": 28 * 28 * 64}
    return getattr(transformers, f"{name}Processor")(
        pillow("Qwen2VLImageProcessor")(size=size, **shape),
        transformers.Qwen2VLVideoProcessor(size={**size, "longest_edge": 28 * 28 * 200}, **shape),
        transformers.WhisperFeatureExtractor(feature_size=16),
        words,
        chat_template=template,
    )


def _patch(name: str) -> int:
    return 14 if name == "Qwen2_5Omni" else 16


def omni_config(name: str) -> Any:
    """Of the thinker alone."""
    words = omni_processor(name).tokenizer
    vision = {**_VISION, "patch_size": _patch(name)}
    rope = {"rope_type": "default", "mrope_section": [2, 3, 3], "rope_theta": 100.0}
    text = {**text_config(words), "rope_parameters": rope, "head_dim": 16}
    if name == "Qwen2_5Omni":
        vision |= {"fullatt_block_indexes": [0], "window_size": 56}
    else:
        vision |= {"deepstack_visual_indexes": [0], "num_position_embeddings": 64}
        text |= {"moe_intermediate_size": 16, "num_experts_per_tok": 2, "num_experts": 4}
        rope["mrope_interleaved"] = True
    own = {"Qwen2_5Omni": "index", "Qwen3OmniMoe": "id"}[name]
    return getattr(transformers, f"{name}ThinkerConfig")(
        text_config=text,
        vision_config=vision,
        audio_config=_AUDIO,
        **{f"{kind}_token_{own}": getattr(words, f"{kind}_token_id") for kind in _KINDS},
        vision_start_token_id=words.vision_bos_token_id,
        vision_end_token_id=words.vision_eos_token_id,
        audio_start_token_id=words.audio_bos_token_id,
        audio_end_token_id=words.audio_eos_token_id,
    )


_KINDS = ("image", "video", "audio")


def thinker(name: str) -> tuple[Any, Any]:
    torch.manual_seed(0)
    processor = omni_processor(name)
    kind = getattr(transformers, f"{name}ThinkerForConditionalGeneration")
    model = kind(omni_config(name))
    without_attention(next(part for name, part in model.named_modules() if name.endswith("visual")))
    return finished(model, processor.tokenizer), processor


MODELS = {
    "qwen2_5_omni_thinker": partial(thinker, "Qwen2_5Omni"),
    "qwen3_omni_moe_thinker": partial(thinker, "Qwen3OmniMoe"),
}
