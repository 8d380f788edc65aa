"""An answer read again with its pictures at another size, where they give other visual tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from .. import projection
from ..classifier import classifier_rows
from ..distributions import log_probabilities
from ..generation.generate import recording
from ..inputs.encoding import encode_chat
from .frozen_answer import FrozenAnswer


@dataclass(frozen=True, eq=False)
class Reading:
    """What one forward pass over input and answer gives.

    Attributes:
        activations: `relu(H[visual] · W[y_i])`, float32 [tokens, visual].
        log_probabilities: Of the tokens, float64 [tokens].
    """

    activations: NDArray[np.float32]
    log_probabilities: NDArray[np.float64]


def rescaled(frozen: FrozenAnswer, scale: float) -> FrozenAnswer:
    """The same answer with its pictures enlarged or reduced, and its input encoded anew.

    Args:
        frozen: The answer.
        scale: Factor of width and height; sizes are rounded to whole pixels, at least 1.

    Raises:
        ImageError: If the processor refuses pictures of this size.
    """
    if scale == 1:
        return frozen
    encoded, model = frozen.encoded, frozen.model
    media = tuple(
        replace(medium, pictures=tuple(_resized(picture, scale) for picture in medium.pictures))
        for medium in encoded.media
    )
    again = encode_chat(
        model.family, model.model, model.processor, encoded.prompt, encoded.chat, media
    )
    return FrozenAnswer(model, again, frozen.ids)


@torch.no_grad()
def read(frozen: FrozenAnswer, tokens: Sequence[int]) -> Reading:
    """Reads an answer with the pictures that were given, in one forward pass.

    Args:
        frozen: The answer.
        tokens: Indices of explained tokens of the answer.

    Raises:
        TokenIndexError: If a token is not part of the answer.
    """
    model, positions = frozen.model, [frozen.position(token) for token in tokens]
    states: list[torch.Tensor] = []
    with recording(model.final_norm, states.append):
        model.model(**frozen.inputs())
    own, rows = states[0][0], classifier_rows(model.model)
    ids = frozen.ids[[token - frozen.prompt_length for token in tokens]]
    probable = log_probabilities(own[positions], rows, model.logits, ids)
    return Reading(
        projection.activations(own, frozen.visual, rows, ids.cpu().numpy()),
        probable.double().cpu().numpy(),
    )


def _resized(picture: Image.Image, scale: float) -> Image.Image:
    width, height = (max(1, round(length * scale)) for length in picture.size)
    return picture.resize((width, height), Image.Resampling.BICUBIC)
