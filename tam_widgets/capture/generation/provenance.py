"""Where an answer comes from, as JSON values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
import transformers

from ... import __version__
from ..inputs.prompting import Prompt
from ..loading import checkpoint_name
from .generate import Answer


def provenance(
    name: str, model: Any, prompt: Prompt, answer: Answer, generation: Mapping[str, Any]
) -> dict[str, Any]:
    """Model, prompt, settings and versions for the record.

    Args:
        name: What the model is called in views.
        model: The transformers model.
        prompt: A text, or messages without their pictures.
        answer: The answer that the model wrote or was given.
        generation: Keywords of `generate`.
    """
    config = model.config
    return {
        "title": name,
        "model": checkpoint_name(config) or type(model).__name__,
        "family": config.model_type,
        "prompt": prompt,
        "finish_reason": answer.finish_reason,
        "generation": {key: _plain(value) for key, value in generation.items()},
        "dtype": str(model.dtype).removeprefix("torch."),
        "versions": {
            "tam_widgets": __version__,
            "transformers": transformers.__version__,
            "torch": torch.__version__,
            "numpy": np.__version__,
        },
    }


def _plain(value: Any) -> Any:
    plain = isinstance(value, str | int | bool | None)
    finite = isinstance(value, float) and math.isfinite(value)
    return value if plain or finite else repr(value)[:200]
