"""Makes a frozen answer from an explanation alone, such as one loaded from a file."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

import numpy as np
import torch

from ...errors import TamError, TraceError
from ...explanation.explanation import Explanation
from ...explanation.geometry import Grid
from ..generation.answer_start import checked_start
from ..inputs.encoding import encode
from ..inputs.media import Video
from ..loaded_model import LoadedModel
from ..model_access import input_device
from ..request import Request
from .frozen_answer import FrozenAnswer

MAX_DIFFERENCE = 0.05
"""Largest difference of a token's probability from the recorded one: large pictures are stored as
JPEG, and smaller than they were."""


_TEXTS = ("stop_strings", "cache_implementation")
"""Keywords of `generate` that are texts; of others with a text only a description was recorded."""


def refrozen(model: LoadedModel, explanation: Explanation) -> FrozenAnswer:
    """Encodes the pictures and the prompt of an explanation again.

    Raises:
        TraceError: If the model does not read the same tokens there, or does not find the answer
            as probable as recorded.
    """
    try:
        request = recorded_request(explanation)
        encoded = encode(
            model.family,
            model.model,
            model.processor,
            request.prompt,
            request.sources,
            request.context,
        )
    except TamError as error:
        raise _differs(model, explanation, f"its prompt cannot be read again ({error})") from error
    recorded = explanation.token_ids
    prompt = encoded.input_ids[encoded.prompt_tokens.positions]
    if not np.array_equal(prompt, recorded[: explanation.prompt_length]):
        raise _differs(model, explanation, "it reads other prompt tokens")
    if _places(encoded.grids) != _places(explanation.grids):
        raise _differs(model, explanation, "its pictures give other visual tokens")
    ids = torch.as_tensor(recorded[explanation.answer_slice], device=input_device(model.model))
    frozen = FrozenAnswer(model, encoded, ids)
    _check_probabilities(frozen, explanation)
    return frozen


def recorded_request(explanation: Explanation) -> Request:
    """What the model was asked, as far as a record holds it.

    The pictures are the stored ones; of the keywords of `generate` only plain values are known.

    Raises:
        OptionError: If it holds something that cannot begin an answer.
    """
    known = explanation.provenance
    given = explanation.text if explanation.given else None
    recorded = known.get("answer_start_ids", known.get("answer_start"))
    start = None if recorded is None else checked_start(recorded)
    return Request(
        prompt=known.get("prompt", ""),
        sources=_sources(explanation),
        answer=given,
        start=start,
        context=start if isinstance(start, str) else given,
        layers=explanation.layers,
        generation={
            name: value
            for name, value in recorded_keywords(explanation).items()
            if not isinstance(value, str) or name in _TEXTS
        },
    )


def recorded_keywords(explanation: Explanation) -> Mapping[str, Any]:
    """The keywords of `generate` in a record; some values are only descriptions."""
    found = explanation.provenance.get("generation")
    return found if isinstance(found, Mapping) else {}


def _sources(explanation: Explanation) -> list[Any]:
    """The record's pictures, and its videos as frames."""
    sources: list[Any] = []
    for number, group in groupby(explanation.images, lambda image: image.video):
        images = list(group)
        pictures = [image.at_full_size() for image in images]
        if number is None:
            sources += pictures
            continue
        steps = np.diff([image.time or 0.0 for image in images])
        sources.append(Video(pictures, fps=float(1 / np.median(steps)) if len(steps) else None))
    return sources


def _places(grids: tuple[Grid, ...]) -> list[Any]:
    return [(g.rows, g.cols, g.rect, g.image, g.frames, g.thumbnail) for g in grids]


def _check_probabilities(frozen: FrozenAnswer, explanation: Explanation) -> None:
    tokens = range(explanation.prompt_length, len(explanation.tokens))
    found = np.exp(frozen.log_probabilities([frozen.pictures], tokens)[0])
    for token, now in zip(tokens, found, strict=True):
        recorded = explanation.tokens[token].probability
        if recorded is not None and not abs(recorded - now) <= MAX_DIFFERENCE:
            raise _differs(
                frozen.model,
                explanation,
                f"token {token}, {explanation.tokens[token].text!r:.40}, had the probability "
                f"{recorded:.3f} and has {now:.3f} now",
            )


def _differs(model: LoadedModel, explanation: Explanation, how: str) -> TraceError:
    return TraceError(
        f"{model.name} does not read this explanation by {explanation.title} as it was recorded: "
        f"{how}. Use the model that wrote it, or explain it again, with answer=explanation.text"
    )
