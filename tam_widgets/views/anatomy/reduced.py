"""The part of an explanation that the steps of one word show."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ...attribution.interference import Floats
from ...errors import ImageError
from ...explanation.explanation import Explanation
from ...explanation.function_word import strongest_function_word
from ...explanation.types import StoredImage

LARGEST_PICTURE = 48_000
"""Bytes from which a picture is sent as a smaller copy."""
COPIES = ((896, 75), (896, 50), (768, 45), (640, 40))
"""Longest side in pixels and quality of WebP of the copies that are tried, largest first."""


def reduced(explanation: Explanation, token: int) -> Explanation:
    """The same explanation of one token, with nothing that its steps do not show.

    The other rows of its matrices are 0, so that they take no room in a file. The numbers of the
    steps stay what they are; large pictures lose some sharpness.

    Args:
        explanation: The explanation.
        token: Index of the token.
    """
    own = np.zeros(len(explanation.tokens), bool)
    own[token] = True
    nothing = np.zeros_like
    return replace(
        explanation,
        images=tuple(map(_lighter, explanation.images)),
        tokens=tuple(replace(one, candidates=()) for one in explanation.tokens),
        activations=_rows(explanation.activations, shown_tokens(explanation, token)),
        relevance=_rows(explanation.relevance, own),
        reference_activation=nothing(explanation.reference_activation),
        reference_relevance=nothing(explanation.reference_relevance),
        alternatives=(),
        alternative_activations=explanation.alternative_activations[:0],
        alternative_relevance=explanation.alternative_relevance[:0],
        extra_maps={},
        extra_methods={},
        extra_tokens={},
        checks=(),
    )


def shown_tokens(explanation: Explanation, token: int) -> NDArray[np.bool_]:
    """Tokens whose activations the steps show: those with a weight, repeats, a function word."""
    classes = explanation.classes
    found = np.zeros(len(explanation.tokens), bool)
    earlier = slice(0, token)
    found[earlier] = explanation.relevance[token, earlier] > 0
    found[earlier] |= classes[earlier] == classes[token]
    other = strongest_function_word(explanation, token)
    found[[token] if other is None else [token, other]] = True
    return found


def _rows(values: Floats, kept: NDArray[np.bool_]) -> Floats:
    result: Floats = np.where(kept[:, None], values, np.float32(0))
    return result


def _lighter(image: StoredImage) -> StoredImage:
    """The picture, or a copy that is small enough; the width and height it stands for stay."""
    if image.video is not None or len(image.data) <= LARGEST_PICTURE:
        return image
    try:
        picture = image.opened()
    except ImageError:  # the view says so
        return image
    copies = (_copy(picture, side, quality) for side, quality in COPIES)
    data = b""
    for data in copies:
        if len(data) <= LARGEST_PICTURE:
            break
    return replace(image, data=data, mime="image/webp")


def _copy(picture: Image.Image, side: int, quality: int) -> bytes:
    copy, file = picture.copy(), io.BytesIO()
    copy.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    copy.save(file, "WEBP", quality=quality, method=4)
    return file.getvalue()
