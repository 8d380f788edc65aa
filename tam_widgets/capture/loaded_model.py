"""A model with its processor and family, as each step from a prompt to a record needs it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import torch

from ..errors import UnsupportedModelError
from ..models import family_of
from ..models.layout_checks import naming
from .loading import check_processor, checkpoint_name
from .model_access import input_device, unwrapped


class LoadedModel:
    """A model of a supported family, with its processor.

    Args:
        model: A transformers image-text-to-text model, or a pipeline that contains one.
        processor: Its processor; that of a pipeline unless given.
        name: What to call the model; by default its checkpoint's name.

    Attributes:
        family: How the architecture lays out its tokens.
        final_norm: The module whose output the classifier reads.

    Raises:
        UnsupportedModelError: If the model's family is not supported, or its weights are not
            loaded.
        ProcessorError: If the processor is missing or does not fit the model.
    """

    def __init__(self, model: Any, processor: Any = None, *, name: str | None = None) -> None:
        model, processor = unwrapped(model, processor)
        self.family = family_of(model.config)
        self.model = model
        self.processor = processor
        self.name = name or checkpoint_name(model.config) or self.family.name
        input_device(model)
        check_processor(processor, model, self.family)
        self.final_norm = self._final_norm()
        self._texts: dict[int, str] = {}

    def _final_norm(self) -> torch.nn.Module:
        function = f"{self.family.name}.final_norm"
        with naming(function):
            norm: Any = self.family.final_norm(self.model)
        if not isinstance(norm, torch.nn.Module):
            raise UnsupportedModelError(
                f"{function} returned {norm!r:.80}: return the module itself, the last norm of the "
                "text decoder"
            )
        return norm

    def __repr__(self) -> str:
        dtype = str(self.model.dtype).removeprefix("torch.")
        return (
            f"<{type(self).__name__} of {self.name!r:.200}: {self.family.name}, {dtype} on "
            f"{input_device(self.model)}>"
        )

    @cached_property
    def decoder_layers(self) -> Sequence[torch.nn.Module]:
        """The text decoder's layers in order; raises `UnsupportedModelError` without them."""
        return self.family.decoder_layers(self.model)

    @property
    def tokenizer(self) -> Any:
        """The processor's tokenizer."""
        return self.processor.tokenizer

    def text_of(self, token_id: int) -> str:
        """The decoded text of one vocabulary id."""
        if token_id not in self._texts:
            self._texts[token_id] = self.tokenizer.decode([token_id])
        return self._texts[token_id]

    def logits(self, products: torch.Tensor) -> torch.Tensor:
        """The model's logits from hidden states · classifier rows."""
        return self.family.logits(products, self.model.config)
