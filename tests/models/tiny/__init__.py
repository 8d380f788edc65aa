"""Real transformers classes on tiny random configurations, with processors built for the tests."""

from collections.abc import Callable
from typing import Any

from . import whole
from .whole import llava, llava_processor, qwen2_vl, qwen_processor

MODELS: dict[str, Callable[[], tuple[Any, Any]]] = {**whole.MODELS}
"""Makers of a model and its processor, by model type."""

__all__ = ["MODELS", "llava", "llava_processor", "qwen2_vl", "qwen_processor"]
