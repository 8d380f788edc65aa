"""Real transformers classes on tiny random configurations, with processors built for the tests."""

import json
from functools import cache
from typing import Any

import torch
import transformers
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

CORPUS = ["Describe this image. What is left of the red dog? A cat and two birds sit there."] * 3

CHATML = (
    "{% for m in messages %}{% if loop.first and m['role'] != 'system' %}<|im_start|>system\n"
    "You are a helpful assistant.<|im_end|>\n{% endif %}<|im_start|>{{ m['role'] }}\n"
    "{% for c in m['content'] %}{% if c['type'] == 'image' %}<|vision_start|><|image_pad|>"
    "<|vision_end|>{% else %}{{ c['text'] }}{% endif %}{% endfor %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
VICUNA = (
    "{% for m in messages %}{% if m['role'] != 'system' %}{{ m['role'].upper() + ': ' }}{% endif %}"
    "{% for c in m['content'] if c['type'] == 'image' %}<image>\n{% endfor %}"
    "{% for c in m['content'] if c['type'] == 'text' %}{{ c['text'] + ' ' }}{% endfor %}"
    "{% endfor %}"
    "{% if add_generation_prompt %}ASSISTANT:{% endif %}"
)


def _tokenizer(special: list[str], *, metaspace: bool, **options: Any) -> Any:
    backend = Tokenizer(models.BPE(byte_fallback=metaspace, unk_token="<unk>"))
    if metaspace:
        backend.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first")
        backend.decoder = decoders.Sequence(
            [
                decoders.Replace("▁", " "),
                decoders.ByteFallback(),
                decoders.Fuse(),
                decoders.Strip(" ", 1, 0),
            ]
        )
        bytes_ = [f"<0x{i:02X}>" for i in range(256)]
        alphabet: list[str] = []
    else:
        backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        backend.decoder = decoders.ByteLevel()
        bytes_, alphabet = [], pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=440, special_tokens=["<unk>"], initial_alphabet=alphabet, show_progress=False
    )
    backend.train_from_iterator(CORPUS, trainer)
    if bytes_:
        learnt = json.loads(backend.to_str())["model"]
        vocabulary = {
            **learnt["vocab"],
            **{b: len(learnt["vocab"]) + i for i, b in enumerate(bytes_)},
        }
        merges = [tuple(merge) for merge in learnt["merges"]]
        backend.model = models.BPE(vocabulary, merges, byte_fallback=True, unk_token="<unk>")
    backend.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in special])
    return transformers.PreTrainedTokenizerFast(tokenizer_object=backend, **options)


@cache
def qwen_processor() -> Any:
    from tam_widgets.models.qwen2_vl import images_only

    tokenizer = _tokenizer(
        [
            "<|endoftext|>",
            "<|im_start|>",
            "<|im_end|>",
            "<|vision_start|>",
            "<|vision_end|>",
            "<|image_pad|>",
            "<|video_pad|>",
        ],
        metaspace=False,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
    )
    images = transformers.Qwen2VLImageProcessorPil(
        patch_size=14, merge_size=2, min_pixels=56 * 56, max_pixels=28 * 28 * 64
    )
    return images_only()(images, tokenizer, chat_template=CHATML)


@cache
def llava_processor() -> Any:
    tokenizer = _tokenizer(
        ["<s>", "</s>", "<image>", "<pad>"],
        metaspace=True,
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<pad>",
    )
    images = transformers.CLIPImageProcessorPil(
        size={"shortest_edge": 84}, crop_size={"height": 84, "width": 84}
    )
    return transformers.LlavaProcessor(
        images,
        tokenizer,
        patch_size=14,
        vision_feature_select_strategy="default",
        num_additional_image_tokens=1,
        chat_template=VICUNA,
    )


def _text(tokenizer: Any) -> dict[str, Any]:
    return {
        "vocab_size": len(tokenizer),
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "pad_token_id": tokenizer.pad_token_id,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
    }


def _finished(model: Any, tokenizer: Any) -> Any:
    model.generation_config.eos_token_id = tokenizer.eos_token_id
    model.generation_config.pad_token_id = tokenizer.pad_token_id
    return model.eval()


def qwen2_vl(kind: str = "qwen2_vl") -> tuple[Any, Any]:
    """A random Qwen2-VL (or Qwen2.5-VL) and its processor; one vision layer."""
    torch.manual_seed(0)
    processor = qwen_processor()
    tokenizer = processor.tokenizer
    rope = {"rope_type": "default", "mrope_section": [2, 3, 3], "rope_theta": 100.0}
    text = {**_text(tokenizer), "rope_parameters": rope}
    ids = {
        f"{name}_token_id": tokenizer.convert_tokens_to_ids(f"<|{token}|>")
        for name, token in (
            ("image", "image_pad"),
            ("video", "video_pad"),
            ("vision_start", "vision_start"),
            ("vision_end", "vision_end"),
        )
    }
    if kind == "qwen2_vl":
        vision = {"depth": 1, "embed_dim": 16, "hidden_size": 32, "num_heads": 2, "mlp_ratio": 2}
        config: Any = transformers.Qwen2VLConfig(text_config=text, vision_config=vision, **ids)
        model = transformers.Qwen2VLForConditionalGeneration(config)
    else:
        vision = {
            "depth": 1,
            "hidden_size": 16,
            "out_hidden_size": 32,
            "num_heads": 2,
            "intermediate_size": 32,
            "fullatt_block_indexes": [0],
            "window_size": 56,
        }
        config = transformers.Qwen2_5_VLConfig(text_config=text, vision_config=vision, **ids)
        model = transformers.Qwen2_5_VLForConditionalGeneration(config)
    return _finished(model, tokenizer), processor


def llava() -> tuple[Any, Any]:
    """A random LLaVA with a CLIP tower, and its processor; grid 6 × 6."""
    torch.manual_seed(0)
    processor = llava_processor()
    tokenizer = processor.tokenizer
    vision = {
        "model_type": "clip_vision_model",
        "hidden_size": 16,
        "intermediate_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "image_size": 84,
        "patch_size": 14,
    }
    config = transformers.LlavaConfig(
        text_config={"model_type": "llama", **_text(tokenizer)},
        vision_config=vision,
        image_token_id=tokenizer.convert_tokens_to_ids("<image>"),
        vision_feature_layer=-1,
        vision_feature_select_strategy="default",
    )
    return _finished(transformers.LlavaForConditionalGeneration(config), tokenizer), processor


MODELS = {
    "qwen2_vl": qwen2_vl,
    "qwen2_5_vl": lambda: qwen2_vl("qwen2_5_vl"),
    "llava": llava,
}
