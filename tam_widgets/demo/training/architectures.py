"""The two tiny models: transformers' own classes with small configurations."""

from __future__ import annotations

import math

import torch
from torch import nn
from transformers import (
    CLIPVisionConfig,
    LlamaConfig,
    LlavaConfig,
    LlavaForConditionalGeneration,
    PreTrainedTokenizerFast,
    Qwen2VLConfig,
    Qwen2VLForConditionalGeneration,
)

_ROPE_THETA = 50.0


def qwen_model(tokenizer: PreTrainedTokenizerFast) -> Qwen2VLForConditionalGeneration:
    """Qwen2-VL with unmerged patches of 14 pixels, so that 224 x 224 pixels give 16 x 16 tokens."""
    number = tokenizer.convert_tokens_to_ids
    config = Qwen2VLConfig(
        vision_config={
            "depth": 4,
            "embed_dim": 144,
            "hidden_size": 160,
            "num_heads": 4,
            "mlp_ratio": 4,
            "patch_size": 14,
            "spatial_merge_size": 1,
            "temporal_patch_size": 2,
        },
        text_config={
            **_text(tokenizer),
            "rope_parameters": {
                "rope_type": "default",
                "mrope_section": [4, 6, 6],
                "rope_theta": _ROPE_THETA,
            },
            "use_sliding_window": False,
        },
        image_token_id=number("<|image_pad|>"),
        video_token_id=number("<|video_pad|>"),
        vision_start_token_id=number("<|vision_start|>"),
        vision_end_token_id=number("<|vision_end|>"),
        tie_word_embeddings=True,
    )
    return Qwen2VLForConditionalGeneration(config)


def llava_model(tokenizer: PreTrainedTokenizerFast) -> LlavaForConditionalGeneration:
    """LLaVA-1.5: a CLIP tower with patches of 14 pixels on the central 224 x 224 pixels."""
    config = LlavaConfig(
        vision_config=CLIPVisionConfig(
            hidden_size=144,
            intermediate_size=576,
            num_hidden_layers=5,
            num_attention_heads=4,
            image_size=224,
            patch_size=14,
            projection_dim=144,
        ),
        text_config=LlamaConfig(
            **_text(tokenizer),
            rope_parameters={"rope_type": "default", "rope_theta": _ROPE_THETA},
            tie_word_embeddings=True,
        ),
        image_token_index=tokenizer.convert_tokens_to_ids("<image>"),
        image_seq_length=256,
        vision_feature_layer=-2,
        vision_feature_select_strategy="default",
        tie_word_embeddings=True,
    )
    model = LlavaForConditionalGeneration(config)
    embedding = model.model.vision_tower.embeddings.position_embedding
    with torch.no_grad():
        embedding.weight[1:] = 0.3 * sine_positions(16, 16, 144)
    return model


def sine_positions(rows: int, columns: int, width: int) -> torch.Tensor:
    """Initial values of learned positions: sines and cosines of row and column."""
    rates = torch.exp(-math.log(100.0) * torch.arange(width // 4) / (width // 4))
    y = torch.arange(rows)[:, None] * rates
    x = torch.arange(columns)[:, None] * rates
    y, x = y[:, None].expand(-1, columns, -1), x[None].expand(rows, -1, -1)
    return torch.cat([y.sin(), y.cos(), x.sin(), x.cos()], dim=-1).flatten(0, 1)


def _text(tokenizer: PreTrainedTokenizerFast) -> dict[str, object]:
    return {
        "vocab_size": len(tokenizer),
        "hidden_size": 160,
        "intermediate_size": 384,
        "num_hidden_layers": 3,
        "num_attention_heads": 5,
        "num_key_value_heads": 5,
        "max_position_embeddings": 2048,
        "initializer_range": 0.04,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }


def parameters(model: nn.Module) -> int:
    """Counts the parameters of a model."""
    return sum(parameter.numel() for parameter in model.parameters())
