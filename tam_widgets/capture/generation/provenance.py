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

LISTED = 1000
"""Most values of a list that is kept as it is."""


def provenance(
    name: str, model: Any, prompt: Prompt, answer: Answer, generation: Mapping[str, Any]
) -> dict[str, Any]:
    """Model, prompt, settings and versions for the record.

    Args:
        name: What the model is called in views.
        model: The transformers model.
        prompt: A text, or messages without their pictures.
        answer: The answer that the model wrote or was given.
        generation: Keywords of `generate`, which a given answer does not need.
    """
    config, given = model.config, answer.finish_reason == "given"
    return {
        "title": name,
        "model": checkpoint_name(config) or type(model).__name__,
        "family": config.model_type,
        "prompt": prompt,
        "finish_reason": answer.finish_reason,
        **_beginning(answer),
        "generation": {} if given else {key: _plain(one) for key, one in generation.items()},
        "dtype": str(model.dtype).removeprefix("torch."),
        "versions": {
            "tam_widgets": __version__,
            "transformers": transformers.__version__,
            "torch": torch.__version__,
            "numpy": np.__version__,
        },
    }


def _beginning(answer: Answer) -> dict[str, Any]:
    """With what the answer had to begin: the text, and ids if they were given."""
    if answer.start is None:
        return {}
    ids = answer.start.given
    by_ids = {} if isinstance(ids, str) else {"answer_start_ids": list(ids)}
    return {"answer_start": answer.start.text, **by_ids}


def _plain(value: Any) -> Any:
    listed = type(value) in (list, tuple) and len(value) <= LISTED  # others are more than a list
    if listed and all(map(_is_plain, value)):
        return list(value)
    return value if _is_plain(value) else repr(value)[:200]


def _is_plain(value: Any) -> bool:
    finite = isinstance(value, float) and math.isfinite(value)
    return finite or isinstance(value, str | int | bool | None)
