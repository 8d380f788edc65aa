"""PaliGemma: the picture squeezed to a square, then one text, with full attention on both."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import torch

from ..errors import PromptError
from ..explanation.geometry import Grid
from .family import Family, Messages, soft_capped
from .medium import Medium


class PaliGemma(Family):
    """There is no chat template: the images come first, then each text on its own line."""

    name = "paligemma"
    model_types: tuple[str, ...] = ("paligemma",)
    answer_inputs: Mapping[str, int] = {"attention_mask": 1, "token_type_ids": 1}

    def image_grids(
        self, inputs: Mapping[str, Any], number: int, medium: Medium, config: Any, processor: Any
    ) -> Sequence[Grid]:
        """One square grid over the whole picture."""
        side = config.vision_config.image_size // config.vision_config.patch_size
        return [Grid(side, side, medium.rect, medium.first)]

    def write(self, messages: Messages, processor: Any) -> str:
        """Placeholders and texts; the processor itself adds begin and end tokens."""
        if any(message["role"] == "assistant" for message in messages):
            raise PromptError("PaliGemma answers one prompt: leave out the assistant's messages")
        parts = [part for message in messages for part in message["content"]]
        pictures = sum(part["type"] == "image" for part in parts)
        texts = "\n".join(part["text"].strip() for part in parts if part["type"] == "text")
        return f"{processor.image_token * pictures}{texts}"

    def process(
        self, processor: Any, text: str, media: Sequence[Medium], **options: Any
    ) -> Mapping[str, Any]:
        """The inputs of a forward pass, without the labels, which are only for training."""
        made = super().process(processor, text, media, **options)
        return {name: value for name, value in made.items() if name != "labels"}

    def logits(self, products: torch.Tensor, config: Any) -> torch.Tensor:
        """Capped if the decoder is a Gemma 2 and the installed transformers does so."""
        return soft_capped(products, config) if _caps() else products


@cache
def _caps() -> bool:
    from transformers import PaliGemmaForConditionalGeneration

    forward = inspect.unwrap(PaliGemmaForConditionalGeneration.forward)
    return "final_logit_softcapping" in inspect.getsource(forward)
