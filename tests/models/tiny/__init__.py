"""Real transformers classes on tiny random configurations, with processors built for the tests."""

from collections.abc import Callable
from typing import Any

from . import (
    cropped,
    ernie,
    gemma,
    granite,
    llama,
    mistral,
    ocr,
    omni,
    padded,
    tiled,
    timm_towers,
    video,
    video_llama_3,
    video_llava,
    whole,
)
from .whole import llava, llava_processor, qwen2_vl, qwen_processor

MODELS: dict[str, Callable[[], tuple[Any, Any]]] = {
    **video.MODELS,
    **gemma.MODELS,
    **mistral.MODELS,
    **omni.MODELS,
    **llama.MODELS,
    **padded.MODELS,
    **video_llama_3.MODELS,
    **tiled.MODELS,
    **timm_towers.MODELS,
    **cropped.MODELS,
    **whole.MODELS,
    **ernie.MODELS,
    **ocr.MODELS,
    **granite.MODELS,
    **video_llava.MODELS,
}
"""Makers of a model and its processor, by model type."""

VIDEO_MODELS: dict[str, Callable[[], tuple[Any, Any]]] = {
    **video.MODELS,
    **gemma.VIDEO_MODELS,
    **omni.MODELS,
    **video_llama_3.MODELS,
    **tiled.VIDEO_MODELS,
    **ernie.VIDEO_MODELS,
    **video_llava.MODELS,
    **timm_towers.VIDEO_MODELS,
}
"""Those whose processor takes videos too."""

__all__ = ["MODELS", "VIDEO_MODELS", "llava", "llava_processor", "qwen2_vl", "qwen_processor"]
