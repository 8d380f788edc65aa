"""Families whose vision towers are timm's: Perception LM and Gemma 3n."""

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from typing import Any

import torch
import transformers
from tokenizers import AddedToken

from .gemma import NEWLINES
from .parts import finished, pillow, text_config, tokenizer, without_attention

PERCEPTION = (
    "{{ bos_token }}{% if messages[0]['role'] == 'system' %}"
    "{% set system = messages[0]['content'] | trim %}{% set messages = messages[1:] %}"
    "{% else %}{% set system = 'You are a helpful language and vision assistant.' %}{% endif %}"
    "<|start_header_id|>system<|end_header_id|>\n\n{{ system }}<|eot_id|>"
    "{% for m in messages %}<|start_header_id|>{{ m['role'] }}<|end_header_id|>\n\n"
    "{% for c in m['content'] if c['type'] == 'image' %}<|image|>{% endfor %}"
    "{% for c in m['content'] if c['type'] == 'video' %}<|video|>{% endfor %}"
    "{% for c in m['content'] if c['type'] == 'text' %}{{ c['text'] | trim }}{% endfor %}"
    "<|eot_id|>{% endfor %}"
    "{% if add_generation_prompt %}<|start_header_id|>assistant<|end_header_id|>\n\n{% endif %}"
)
GEMMA3N = (
    "{{ bos_token }}{% if messages[0]['role'] == 'system' %}"
    "{% set prefix = messages[0]['content'][0]['text'] + '\n\n' %}{% set turns = messages[1:] %}"
    "{% else %}{% set prefix = '' %}{% set turns = messages %}{% endif %}"
    "{% for m in turns %}<start_of_turn>{{ 'model' if m['role'] == 'assistant' else m['role'] }}\n"
    "{{ prefix if loop.first else '' }}"
    "{% for c in m['content'] %}{% if c['type'] == 'image' %}<image_soft_token>"
    "{% else %}{{ c['text'] | trim }}{% endif %}{% endfor %}<end_of_turn>\n{% endfor %}"
    "{% if add_generation_prompt %}<start_of_turn>model\n{% endif %}"
)
TILE = 96


@cache
def perception_lm_processor() -> Any:
    marks = {"image_token": "<|image|>", "video_token": "<|video|>"}
    turns = ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>", "<|end_of_text|>"]
    words = tokenizer(
        ["<|begin_of_text|>", *turns, *marks.values()],
        metaspace=False,
        bos_token="<|begin_of_text|>",
        eos_token="<|eot_id|>",
        pad_token="<|end_of_text|>",
        extra_special_tokens=marks,
    )
    return transformers.PerceptionLMProcessor(
        transformers.PerceptionLMVideoProcessor(size={"height": TILE, "width": TILE}),
        transformers.PerceptionLMImageProcessor(tile_size=TILE, max_num_tiles=6),
        words,
        patch_size=16,
        pooling_ratio=2,
        chat_template=PERCEPTION,
    )


def perception_lm() -> tuple[Any, Any]:
    """Tiles of 3 × 3 tokens, pooled from 6 × 6 patches beside a class token."""
    torch.manual_seed(0)
    processor = perception_lm_processor()
    words = processor.tokenizer
    tower = {
        "embed_dim": 16,
        "depth": 1,
        "num_heads": 2,
        "img_size": (TILE, TILE),
        "ref_feat_shape": (TILE // 16, TILE // 16),
        "global_pool": "",
    }
    vision = {"architecture": "vit_pe_core_tiny_patch16_384", "model_args": tower}
    config = transformers.PerceptionLMConfig(
        text_config={"model_type": "llama", **text_config(words)},
        vision_config={"model_type": "timm_wrapper", **vision},
        vision_use_cls_token=True,
        projector_pooling_ratio=2,
        image_token_id=words.image_token_id,
        video_token_id=words.video_token_id,
    )
    model = transformers.PerceptionLMForConditionalGeneration(config)
    without_attention(model.model.vision_tower)
    return finished(model, words), processor


@cache
def gemma3n_processor() -> Any:
    """Marks of pictures and of sounds come last in the vocabulary: each have their own table."""
    marks = {
        "boi_token": "<start_of_image>",
        "boa_token": "<start_of_audio>",
        "eoi_token": "<end_of_image>",
        "image_token": "<image_soft_token>",
        "eoa_token": "<end_of_audio>",
        "audio_token": "<audio_soft_token>",
    }
    turns = ["<pad>", "<eos>", "<bos>", "<start_of_turn>", "<end_of_turn>"]
    backend = tokenizer(turns, metaspace=True).backend_tokenizer
    backend.add_tokens(NEWLINES)
    backend.add_special_tokens([AddedToken(mark, normalized=False) for mark in marks.values()])
    words = transformers.PreTrainedTokenizerFast(
        tokenizer_object=backend,
        bos_token="<bos>",
        eos_token="<end_of_turn>",
        pad_token="<pad>",
        extra_special_tokens=marks,
    )
    return transformers.Gemma3nProcessor(
        transformers.Gemma3nAudioFeatureExtractor(),
        pillow("SiglipImageProcessor")(size={"height": 64, "width": 64}),
        words,
        chat_template=GEMMA3N,
        image_seq_length=16,
    )


def gemma3n() -> tuple[Any, Any]:
    """Grid 4 × 4; the published tower, made narrow."""
    torch.manual_seed(0)
    processor = gemma3n_processor()
    words = processor.tokenizer
    tower = {"channel_multiplier": 0.06, "msfa_output_resolution": 4}
    text = {
        **text_config(words),
        "head_dim": 16,
        "vocab_size_per_layer_input": words.eoi_token_id,
        "hidden_size_per_layer_input": 8,
        "layer_types": ["sliding_attention", "full_attention"],
        "sliding_window": 16,
        "num_kv_shared_layers": 0,
        "laurel_rank": 4,
        "activation_sparsity_pattern": [0.0, 0.0],
        "final_logit_softcapping": 0.5,
    }
    vision = {
        "vocab_size": 2,
        "vocab_offset": words.eoi_token_id,
        "model_args": tower,
    }
    audio = {
        "hidden_size": 16,
        "vocab_size": 2,
        "vocab_offset": words.eoa_token_id,
        "conf_num_attention_heads": 2,
        "conf_num_hidden_layers": 1,
        "sscp_conv_channel_size": [8, 4],
    }
    config = transformers.Gemma3nConfig(
        text_config=text,
        vision_config=vision,
        audio_config=audio,
        vision_soft_tokens_per_image=16,
        **{f"{name}_token_id": getattr(words, f"{name}_token_id") for name in MARKS},
    )
    model = transformers.Gemma3nForConditionalGeneration(config)
    _keep_apart(model.model.vision_tower)
    return finished(model, words), processor


def _keep_apart(tower: torch.nn.Module) -> None:
    """Leaves each kernel the pixels of its own block, so that cells depend on theirs only."""
    for conv in tower.modules():
        if isinstance(conv, torch.nn.Conv2d) and conv.kernel_size[0] > 1:
            side, stride = conv.kernel_size[0], conv.stride[0]
            own = torch.zeros(side, side)
            first = (side - stride) // 2  # the tower pads as TensorFlow does
            own[first : first + stride, first : first + stride] = 1
            conv.weight.data *= own


MARKS = ("image", "boi", "eoi", "audio", "boa", "eoa")
MODELS: dict[str, Callable[[], tuple[Any, Any]]] = {}
VIDEO_MODELS: dict[str, Callable[[], tuple[Any, Any]]] = {}
if find_spec("timm"):
    MODELS["gemma3n"] = gemma3n
    MODELS["perception_lm"] = VIDEO_MODELS["perception_lm"] = perception_lm
