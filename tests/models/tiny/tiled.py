"""Families that cut a picture into tiles."""

from collections.abc import Callable
from functools import cache, partial
from importlib.util import find_spec
from typing import Any

import torch
import transformers

from .parts import finished, pillow, text_config, tokenizer, without_attention

MISTRAL = (
    "{% for m in messages %}{% if m['role'] == 'system' %}<<SYS>>\n{{ m['content'][0]['text'] }}"
    "\n<</SYS>>\n\n{% elif m['role'] == 'user' %}[INST] {% for c in m['content'] if c['type'] == "
    "'image' %}<image>\n{% endfor %}{% for c in m['content'] if c['type'] == 'video' %}<video>\n"
    "{% endfor %}{% for c in m['content'] if c['type'] == 'text' %}{{ c['text'] }}{% endfor %}"
    " [/INST]{% else %} {{ m['content'][0]['text'] }}</s>{% endif %}{% endfor %}"
)
ONEVISION = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }} {% for c in m['content'] if c['type'] == "
    "'image' %}<image>{% endfor %}{% for c in m['content'] if c['type'] == 'video' %}<video>"
    "{% endfor %}{% for c in m['content'] if c['type'] == 'text' %}{{ '\n' + c['text'] }}"
    "{% endfor %}<|im_end|>{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
INTERN = (
    "{% for m in messages %}<|im_start|>{{ m['role'] + '\n' }}{% for c in m['content'] %}"
    "{% if c['type'] == 'image' %}{{ '<IMG_CONTEXT>\n' }}{% elif c['type'] == 'video' %}"
    "{{ '<video>\n' }}{% else %}{{ c['text'] }}{% endif %}{% endfor %}{{ '<|im_end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
IDEFICS = (
    "{{ bos_token }}{% for m in messages %}{{ m['role'].capitalize() }}:"
    "{% if m['content'][0]['type'] != 'image' %}{{ ' ' }}{% endif %}"
    "{% for c in m['content'] %}{% if c['type'] == 'text' %}"
    "{{ c['text'] }}{% elif c['type'] == 'image' %}<image>{% elif c['type'] == 'video' %}<video>"
    "{% endif %}{% endfor %}<end_of_utterance>\n{% endfor %}"
    "{% if add_generation_prompt %}Assistant:{% endif %}"
)
TILE = 84
"""Side of a tile in pixels: three visual tokens of 2 × 2 patches."""

CLIP = {
    "model_type": "clip_vision_model",
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "patch_size": 14,
}


def _llama_words(*extra: str) -> Any:
    return tokenizer(
        ["<s>", "</s>", "<pad>", "<image>", *extra],
        metaspace=True,
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<pad>",
    )


def chat_words(*extra: str, **options: Any) -> Any:
    return tokenizer(
        ["<|endoftext|>", "<|im_start|>", "<|im_end|>", *extra],
        metaspace=False,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        **options,
    )


def token_id(words: Any, name: str) -> int:
    return int(words.convert_tokens_to_ids(name))


def _pinpoints(side: int, most: int) -> list[list[int]]:
    sides = range(1, most + 1)
    return [[side * rows, side * cols] for rows in sides for cols in sides if rows * cols > 1]


@cache
def llava_next_processor(video: bool = False) -> Any:
    words = _llama_words("<video>")
    side = 56 if video else 42
    crop = {"size": {"shortest_edge": side}, "crop_size": {"height": side, "width": side}}
    images = pillow("LlavaNextImageProcessor")(**crop, image_grid_pinpoints=_pinpoints(side, 3))
    options: dict[str, Any] = {
        "patch_size": 14,
        "vision_feature_select_strategy": "default",
        "num_additional_image_tokens": 1,
        "chat_template": MISTRAL,
    }
    if not video:
        return transformers.LlavaNextProcessor(images, words, **options)
    videos = transformers.LlavaNextVideoVideoProcessor(**crop)
    return transformers.LlavaNextVideoProcessor(videos, images, words, **options)


def llava_next() -> tuple[Any, Any]:
    """A random LLaVA-NeXT: tiles of 3 × 3 patches."""
    torch.manual_seed(0)
    processor = llava_next_processor()
    words = processor.tokenizer
    config = transformers.LlavaNextConfig(
        text_config={"model_type": "llama", **text_config(words)},
        vision_config={**CLIP, "image_size": 42},
        image_token_id=token_id(words, "<image>"),
        vision_feature_layer=-2,
        image_grid_pinpoints=processor.image_processor.image_grid_pinpoints,
    )
    return finished(transformers.LlavaNextForConditionalGeneration(config), words), processor


def llava_next_video() -> tuple[Any, Any]:
    """A random LLaVA-NeXT-Video: frames of 4 × 4 patches, pooled to 2 × 2."""
    torch.manual_seed(0)
    processor = llava_next_processor(video=True)
    words = processor.tokenizer
    config = transformers.LlavaNextVideoConfig(
        text_config={"model_type": "llama", **text_config(words)},
        vision_config={**CLIP, "image_size": 56},
        image_token_id=token_id(words, "<image>"),
        video_token_id=token_id(words, "<video>"),
        vision_feature_layer=-2,
        image_grid_pinpoints=processor.image_processor.image_grid_pinpoints,
    )
    return finished(transformers.LlavaNextVideoForConditionalGeneration(config), words), processor


def vipllava() -> tuple[Any, Any]:
    """A random ViP-LLaVA, which reads several layers of its tower."""
    from .whole import llava_processor

    torch.manual_seed(0)
    processor = llava_processor()
    words = processor.tokenizer
    config = transformers.VipLlavaConfig(
        text_config={"model_type": "llama", **text_config(words)},
        vision_config={**CLIP, "image_size": 84},
        image_token_id=token_id(words, "<image>"),
        vision_feature_layers=[-2, 1],
    )
    return finished(transformers.VipLlavaForConditionalGeneration(config), words), processor


@cache
def llava_onevision_processor() -> Any:
    words = chat_words("<image>", "<video>")
    size = {"height": 49, "width": 49}
    return transformers.LlavaOnevisionProcessor(
        pillow("LlavaOnevisionImageProcessor")(
            size=size,
            image_grid_pinpoints=[[49, 49], *_pinpoints(49, 6)],
        ),
        words,
        transformers.LlavaOnevisionVideoProcessor(size=size),
        num_image_tokens=9,
        vision_feature_select_strategy="full",
        vision_aspect_ratio="anyres_max_9",
        chat_template=ONEVISION,
    )


def llava_onevision() -> tuple[Any, Any]:
    """A random LLaVA-OneVision: tiles of 49 pixels, of which 3 × 3 patches cover 48."""
    torch.manual_seed(0)
    processor = llava_onevision_processor()
    words = processor.tokenizer
    config = transformers.LlavaOnevisionConfig(
        text_config={"model_type": "qwen2", **text_config(words)},
        vision_config={
            **CLIP,
            "model_type": "siglip_vision_model",
            "image_size": 49,
            "patch_size": 16,
            "num_hidden_layers": 1,
            "vision_use_head": False,
        },
        image_token_id=token_id(words, "<image>"),
        video_token_id=token_id(words, "<video>"),
        image_grid_pinpoints=processor.image_processor.image_grid_pinpoints,
    )
    model = transformers.LlavaOnevisionForConditionalGeneration(config)
    without_attention(model.model.vision_tower)  # pooling halves what a cell's own pixels change
    return finished(model, words), processor


@cache
def internvl_processor() -> Any:
    names = {
        "start_image_token": "<img>",
        "end_image_token": "</img>",
        "context_image_token": "<IMG_CONTEXT>",
        "video_token": "<video>",
    }
    words = chat_words(*names.values(), extra_special_tokens=names)
    size = {"height": TILE, "width": TILE}
    return transformers.InternVLProcessor(
        pillow("GotOcr2ImageProcessor")(size=size),
        words,
        transformers.InternVLVideoProcessor(size=size),
        image_seq_length=9,
        chat_template=INTERN,
    )


def internvl() -> tuple[Any, Any]:
    """A random InternVL3: tiles of 3 × 3 tokens."""
    torch.manual_seed(0)
    processor = internvl_processor()
    words = processor.tokenizer
    vision = {
        "hidden_size": 16,
        "intermediate_size": 32,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "image_size": (TILE, TILE),
        "patch_size": (14, 14),
        "use_mean_pooling": False,
    }
    config = transformers.InternVLConfig(
        text_config={"model_type": "qwen2", **text_config(words)},
        vision_config=transformers.InternVLVisionConfig(**vision),
        image_token_id=token_id(words, "<IMG_CONTEXT>"),
        image_seq_length=9,
    )
    return finished(transformers.InternVLForConditionalGeneration(config), words), processor


@cache
def qianfan_ocr_processor() -> Any:
    names = {
        "start_image_token": "<img>",
        "end_image_token": "</img>",
        "context_image_token": "<IMG_CONTEXT>",
    }
    words = chat_words(*names.values(), extra_special_tokens=names)
    size = {"height": TILE, "width": TILE}
    return transformers.QianfanOCRProcessor(
        pillow("GotOcr2ImageProcessor")(size=size),
        words,
        image_seq_length=9,
        chat_template=INTERN.replace("<IMG_CONTEXT>", "<image>"),
    )


def qianfan_ocr() -> tuple[Any, Any]:
    """A random Qianfan-OCR: tiles of 3 × 3 tokens."""
    torch.manual_seed(0)
    processor = qianfan_ocr_processor()
    words = processor.tokenizer
    vision = {
        "hidden_size": 16,
        "intermediate_size": 32,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "image_size": TILE,
        "patch_size": 14,
    }
    config = transformers.QianfanOCRConfig(
        text_config={"model_type": "qwen3", **text_config(words), "head_dim": 16},
        vision_config=vision,
        image_token_id=token_id(words, "<IMG_CONTEXT>"),
        image_seq_length=9,
    )
    model = transformers.QianfanOCRForConditionalGeneration(config)
    without_attention(model.model.vision_tower)
    return finished(model, words), processor


@cache
def idefics3_processor(kind: str = "Idefics3") -> Any:
    grid = [f"<row_{row}_col_{col}>" for row in range(1, 7) for col in range(1, 7)]
    special = ["<fake_token_around_image>", "<end_of_utterance>", "<global-img>", *grid]
    words = tokenizer(
        ["<|begin_of_text|>", "<|end_of_text|>", "<image>", "<video>", *special],
        metaspace=False,
        bos_token="<|begin_of_text|>",
        eos_token="<end_of_utterance>",
        pad_token="<|end_of_text|>",
    )
    sizes = {"size": {"longest_edge": 3 * TILE}, "max_image_size": {"longest_edge": TILE}}
    images = pillow(f"{kind}ImageProcessor")(**sizes)
    parts = [images, words]
    if kind == "SmolVLM":
        parts.append(transformers.SmolVLMVideoProcessor(**sizes))
    make = getattr(transformers, f"{kind}Processor")
    return make(*parts, image_seq_len=9, chat_template=IDEFICS)


def idefics3(kind: str = "Idefics3") -> tuple[Any, Any]:
    """A random Idefics3 (or SmolVLM): tiles of 3 × 3 tokens."""
    torch.manual_seed(0)
    processor = idefics3_processor(kind)
    words = processor.tokenizer
    vision = {
        "hidden_size": 16,
        "intermediate_size": 32,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "image_size": TILE,
        "patch_size": 14,
    }
    config = getattr(transformers, f"{kind}Config")(
        text_config={"model_type": "llama", **text_config(words)},
        vision_config=vision,
        image_token_id=token_id(words, "<image>"),
        scale_factor=2,
    )
    model = getattr(transformers, f"{kind}ForConditionalGeneration")(config)
    return finished(model, words), processor


MODELS: dict[str, Callable[[], tuple[Any, Any]]] = {
    "llava_next": llava_next,
    "llava_next_video": llava_next_video,
    "vipllava": vipllava,
    "llava_onevision": llava_onevision,
    "internvl": internvl,
    "qianfan_ocr": qianfan_ocr,
    "idefics3": idefics3,
}
VIDEO_MODELS = {name: MODELS[name] for name in ("llava_next_video", "llava_onevision", "internvl")}
if find_spec("num2words"):  # which SmolVLM's processor asks for, whether or not there is a video
    MODELS["smolvlm"] = VIDEO_MODELS["smolvlm"] = partial(idefics3, "SmolVLM")
