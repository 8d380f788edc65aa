"""Google's families: PaliGemma, Gemma 3, Gemma 4."""

from functools import cache, partial
from typing import Any

import torch
import transformers

from .parts import finished, pillow, text_config, tokenizer, without_attention

GEMMA3 = (
    "{{ bos_token }}{% if messages[0]['role'] == 'system' %}"
    "{% set prefix = messages[0]['content'][0]['text'] + '\n\n' %}{% set turns = messages[1:] %}"
    "{% else %}{% set prefix = '' %}{% set turns = messages %}{% endif %}"
    "{% for m in turns %}<start_of_turn>{{ 'model' if m['role'] == 'assistant' else m['role'] }}\n"
    "{{ prefix if loop.first else '' }}"
    "{% for c in m['content'] %}{% if c['type'] == 'image' %}<start_of_image>"
    "{% else %}{{ c['text'] | trim }}{% endif %}{% endfor %}<end_of_turn>\n{% endfor %}"
    "{% if add_generation_prompt %}<start_of_turn>model\n{% endif %}"
)
GEMMA4 = (
    "{{ bos_token }}{% for m in messages %}<|turn>{{ 'model' if m['role'] == 'assistant' else "
    "m['role'] }}\n{% for c in m['content'] %}{% if c['type'] == 'image' %}\n\n<|image|>\n\n"
    "{% elif c['type'] == 'video' %}\n\n<|video|>\n\n{% else %}{{ c['text'] | trim }}{% endif %}"
    "{% endfor %}<turn|>\n{% endfor %}{% if add_generation_prompt %}<|turn>model\n{% endif %}"
)
NEWLINES = ["\n", "\n\n", "\n\n\n", "\n\n\n\n"]
_SIGLIP = {
    "model_type": "siglip_vision_model",
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "vision_use_head": False,
}
_GEMMA4_TOWER = {
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "num_key_value_heads": 2,
    "head_dim": 8,
    "patch_size": 4,
    "position_embedding_size": 256,
}


def _words(end: str, **marks: str) -> Any:
    """A tokenizer with named marks; like Gemma's it has tokens of several line ends."""
    turns = ["<start_of_turn>", "<end_of_turn>", "<|turn>", "<turn|>"]
    words = tokenizer(
        ["<pad>", "<eos>", "<bos>", *turns, *marks.values()],
        metaspace=True,
        bos_token="<bos>",
        eos_token=end,
        pad_token="<pad>",
        extra_special_tokens=marks,
    )
    words.add_tokens(NEWLINES)
    return words


@cache
def gemma3_processor() -> Any:
    images = pillow("Gemma3ImageProcessor")(size={"height": 112, "width": 112})
    words = _words(
        "<end_of_turn>",
        boi_token="<start_of_image>",
        eoi_token="<end_of_image>",
        image_token="<image_soft_token>",
    )
    return transformers.Gemma3Processor(images, words, chat_template=GEMMA3, image_seq_length=16)


@cache
def paligemma_processor() -> Any:
    images = pillow("SiglipImageProcessor")(size={"height": 84, "width": 84})
    images.image_seq_length = 36
    return transformers.PaliGemmaProcessor(images, _words("<eos>", image_token="<image>"))


@cache
def gemma4_processor(name: str = "Gemma4") -> Any:
    words = _words(
        "<turn|>",
        boi_token="<|image>",
        eoi_token="<image|>",
        image_token="<|image|>",
        boa_token="<|audio>",
        eoa_token="<audio|>",
        audio_token="<|audio|>",
    )
    return getattr(transformers, f"{name}Processor")(
        getattr(transformers, f"{name}AudioFeatureExtractor")(),
        pillow(f"{name}ImageProcessor")(patch_size=4, max_soft_tokens=70),
        words,
        getattr(transformers, f"{name}VideoProcessor")(patch_size=4, max_soft_tokens=70),
        chat_template=GEMMA4,
    )


def gemma3() -> tuple[Any, Any]:
    """Grid 4 × 4, pooled from 8 × 8 patches; a sliding window in the first layer."""
    torch.manual_seed(0)
    processor = gemma3_processor()
    words = processor.tokenizer
    layers = ["sliding_attention", "full_attention"]
    config = transformers.Gemma3Config(
        text_config={
            **text_config(words),
            "head_dim": 16,
            "layer_types": layers,
            "sliding_window": 16,
        },
        vision_config={**_SIGLIP, "image_size": 112, "patch_size": 14},
        mm_tokens_per_image=16,
        image_token_index=words.image_token_id,
        boi_token_index=words.boi_token_id,
        eoi_token_index=words.eoi_token_id,
    )
    model = transformers.Gemma3ForConditionalGeneration(config)
    without_attention(model.model.vision_tower)
    torch.nn.init.normal_(model.model.multi_modal_projector.mm_input_projection_weight)
    return finished(model, words), processor


def paligemma() -> tuple[Any, Any]:
    """As PaliGemma 2, with Gemma 2 as decoder; grid 6 × 6."""
    torch.manual_seed(0)
    processor = paligemma_processor()
    words = processor.tokenizer
    config = transformers.PaliGemmaConfig(
        text_config={
            "model_type": "gemma2",
            **text_config(words),
            "head_dim": 16,
            "final_logit_softcapping": 0.5,
        },
        vision_config={**_SIGLIP, "image_size": 84, "patch_size": 14},
        image_token_index=processor.image_token_id,
        projection_dim=32,
        hidden_size=32,
    )
    return finished(transformers.PaliGemmaForConditionalGeneration(config), words), processor


def gemma4(name: str = "Gemma4") -> tuple[Any, Any]:
    """Without its audio part; pictures keep their shape, in 3 × 3 patches a token.

    The last two layers of Gemma 4 take keys and values from those before.
    """
    torch.manual_seed(0)
    processor = gemma4_processor(name)
    words = processor.tokenizer
    text = {
        **text_config(words),
        "head_dim": 16,
        "global_head_dim": 16,
        "layer_types": ["sliding_attention", "full_attention"],
        "sliding_window": 16,
        "final_logit_softcapping": 0.5,
        "use_bidirectional_attention": "vision",
    }
    if name == "Gemma4":
        text |= {
            "vocab_size_per_layer_input": len(words),
            "hidden_size_per_layer_input": 8,
            "num_hidden_layers": 4,
            "num_kv_shared_layers": 2,
            "layer_types": ["sliding_attention", "full_attention"] * 2,
        }
        vision = _GEMMA4_TOWER
    else:
        vision = {
            "patch_size": 4,
            "mm_posemb_size": 256,
            "mm_embed_dim": 16,
            "output_proj_dims": 16,
        }
    config = getattr(transformers, f"{name}Config")(
        text_config=text,
        vision_config=vision,
        audio_config=None,
        image_token_id=words.image_token_id,
        video_token_id=processor.video_token_id,
        boi_token_id=words.boi_token_id,
        eoi_token_id=words.eoi_token_id,
    )
    model = getattr(transformers, f"{name}ForConditionalGeneration")(config)
    return finished(model, words), processor


MODELS = {"gemma3": gemma3, "paligemma": paligemma}
VIDEO_MODELS = {
    kind: partial(gemma4, name)
    for kind, name in {"gemma4": "Gemma4", "gemma4_unified": "Gemma4Unified"}.items()
    if hasattr(transformers, f"{name}Config")
}
MODELS |= VIDEO_MODELS
