"""Changes one thing of what a model was asked: a word of its answer, a picture, or the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from math import ceil, floor
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..errors import OptionError
from ..explanation.explanation import Explanation
from ..explanation.region import check_box
from ..models.medium import Medium
from .alternatives import answer_token, tokenised
from .forcing.fills import check_fill, fill
from .generation.answer_start import check_ids
from .loaded_model import LoadedModel
from .request import Request

Change = Callable[[Request], Request]
"""Changes one thing of a request."""

Box = tuple[int, int, int, int]
"""Left, top, right and bottom edge in whole pixels."""

_ONE = "give one change: token=… with word=…, region=…, crop=…, or answer=…"
_REGION = (
    "give a box (left, top, right, bottom) in pixels of the full-size picture, a list of boxes, or "
    "a bool array [height, width]"
)


def change(
    model: LoadedModel,
    explanation: Explanation,
    *,
    token: int | str | None,
    word: str | int | None,
    region: Any,
    crop: Sequence[float] | None,
    answer: str | None,
    fill_name: str,
    image: int,
) -> Change:
    """Checks a change, all of it before the model runs.

    Args:
        model: The model that is to be asked.
        explanation: What it was asked before.
        token: As for `Explainer.what_if`.
        word: As for `Explainer.what_if`.
        region: As for `Explainer.what_if`.
        crop: As for `Explainer.what_if`.
        answer: As for `Explainer.what_if`.
        fill_name: As `fill` for `Explainer.what_if`.
        image: As for `Explainer.what_if`.

    Raises:
        OptionError: If not exactly one thing is changed, a region or a box is empty or lies
            outside the picture, or the word is none, or the token itself.
        TokenIndexError: If there is no such answer token.
    """
    kinds = {"token": token, "region": region, "crop": crop, "answer": answer}
    given = [name for name, value in kinds.items() if value is not None]
    if word is not None and not given:
        raise OptionError(f"word={word!r:.80}: give token=…, which it is to replace, too")
    if len(given) != 1 or (token is None) != (word is None):
        named = [*given, *(["word"] if word is not None else [])]
        raise OptionError(f"{' and '.join(named) or 'nothing'} to change: {_ONE}")
    if token is not None:
        return partial(_with_start, ids=_start(model, explanation, token, word))
    if answer is not None:
        return partial(_with_answer, answer=answer)
    if crop is not None:
        return partial(_cropped, image=image, box=_whole_pixels(crop, explanation, image))
    check_fill(fill_name)
    return partial(_painted, image=image, mask=_mask(region, explanation, image), name=fill_name)


def _start(
    model: LoadedModel, explanation: Explanation, token: int | str, word: Any
) -> tuple[int, ...]:
    """Ids of the answer's tokens before one, and of the word in its place."""
    place = answer_token(explanation, token)
    if isinstance(word, int | np.integer) and not isinstance(word, bool):
        own: tuple[int, ...] = (int(word),)
    else:
        _, own = tokenised(explanation, place, word, model.tokenizer)
    if model.tokenizer.unk_token_id in own and model.tokenizer.unk_token != word:
        raise OptionError(f"word={word!r:.80}: the tokenizer of {model.name} does not know it")
    if own == (explanation.tokens[place].id,) and not explanation.given:
        raise OptionError(
            f"{word!r:.80} is the word that stands there, from which this answer was written: give "
            "another one"
        )
    before = explanation.token_ids[explanation.prompt_length : place]
    ids = (*before.tolist(), *own)
    check_ids(model, ids)
    return ids


def _mask(region: Any, explanation: Explanation, image: int) -> NDArray[np.bool_]:
    """The region's pixels, bool [height, width]."""
    try:
        values = np.asarray(region)
    except ValueError as error:  # rows of different lengths
        raise OptionError(f"region={region!r:.80}: {_REGION}") from error
    if values.dtype != np.bool_:
        return _boxes_mask(region, values, explanation, image)
    check_box((0, 0, 1, 1), explanation.images, image)
    size = explanation.images[image].height, explanation.images[image].width
    if values.shape != size:
        raise OptionError(
            f"region of shape {values.shape}: picture {image} has the shape {size}, height first"
        )
    if not values.any():
        raise OptionError("region contains no pixel: set those that are to be painted over")
    return values


def _boxes_mask(
    region: Any, values: NDArray[Any], explanation: Explanation, image: int
) -> NDArray[np.bool_]:
    numeric = values.dtype.kind in "iuf"
    if not numeric or values.ndim not in (1, 2) or values.shape[-1] != 4 or not values.size:
        raise OptionError(f"region={region!r:.80}: {_REGION}")
    boxes = [_whole_pixels(box, explanation, image) for box in values.reshape(-1, 4)]
    stored = explanation.images[image]
    mask = np.zeros((stored.height, stored.width), bool)
    for left, top, right, bottom in boxes:
        mask[top:bottom, left:right] = True
    return mask


def _whole_pixels(box: Any, explanation: Explanation, image: int) -> Box:
    """All pixels that a box touches; parts outside the picture are left out."""
    left, top, right, bottom = check_box(box, explanation.images, image)
    if right - left < 1 or bottom - top < 1:
        raise OptionError(
            f"box {box!r:.80} is smaller than a pixel: give left, top, right and bottom in pixels "
            "of the full-size picture"
        )
    stored = explanation.images[image]
    return (
        floor(max(left, 0)),
        floor(max(top, 0)),
        ceil(min(right, stored.width)),
        ceil(min(bottom, stored.height)),
    )


def _with_start(request: Request, ids: tuple[int, ...]) -> Request:
    return replace(request, answer=None, start=ids)


def _with_answer(request: Request, answer: str) -> Request:
    return replace(request, answer=answer, start=None, context=answer)


def _painted(request: Request, image: int, mask: NDArray[np.bool_], name: str) -> Request:
    """Asked with one picture, or one frame, painted over."""
    return _asked_again(request, image, lambda pictures, own: _replaced(pictures, own, mask, name))


def _replaced(
    pictures: tuple[Image.Image, ...], own: int, mask: NDArray[np.bool_], name: str
) -> tuple[Image.Image, ...]:
    picture = pictures[own]
    painted = Image.composite(fill(picture, name), picture, Image.fromarray(mask))
    return (*pictures[:own], painted, *pictures[own + 1 :])


def _cropped(request: Request, image: int, box: Box) -> Request:
    """Asked with one picture cropped, or with all frames of one video, which share their size."""
    return _asked_again(
        request, image, lambda pictures, _own: tuple(one.crop(box) for one in pictures)
    )


def _asked_again(
    request: Request,
    image: int,
    changed: Callable[[tuple[Image.Image, ...], int], tuple[Image.Image, ...]],
) -> Request:
    """Asked with a changed picture; an answer that was given is not given again."""

    def source(medium: Medium) -> Medium:
        own = image - medium.first
        if not 0 <= own < len(medium.pictures):
            return medium
        return replace(medium, pictures=changed(medium.pictures, own))

    context = None if request.answer is not None else request.context
    sources = [source(medium) for medium in request.sources]
    return replace(request, sources=sources, answer=None, context=context)
