"""Says in a few words what a step changed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict

import numpy as np

from ..explanation.explanation import Explanation

KINDS = {"token": "write_on", "region": "paint", "crop": "crop", "answer": "answer"}
"""Names of changes by the keyword of `Explainer.what_if` that asks for them."""


class Change(TypedDict, total=False):
    """Keywords of `Explainer.what_if`, where they are described."""

    token: int | str
    word: str | int
    region: Any
    fill: Literal["mean", "blur", "black", "noise"]
    image: int
    crop: Sequence[float]
    answer: str
    progress: bool


def kind_of(change: Mapping[str, Any]) -> str:
    """The name of a change, given the keywords of `Explainer.what_if`."""
    return next(kind for name, kind in KINDS.items() if change.get(name) is not None)


def label_of(change: Mapping[str, Any], before: Explanation, made: Explanation) -> str:
    """A change in words.

    Args:
        change: Keywords of `Explainer.what_if`.
        before: The explanation that it was made from.
        made: What came of it.
    """
    kind = kind_of(change)
    if kind == "write_on":
        return _written_on(change["token"], change["word"], before, made)
    if kind == "answer":
        return "another answer"
    image = change.get("image", 0)
    name = _name(before, image) if len(before.images) > 1 else ""
    if kind == "crop":
        return f"{name} cropped".lstrip()
    of = f" of {name}" if name else ""
    return f"{_percent(_painted_share(change['region'], before, image))}{of} painted over"


def _painted_share(region: Any, before: Explanation, image: int) -> float:
    """Share of an image, 0..1, that a mask or boxes cover."""
    values = np.asarray(region)
    if values.dtype != np.bool_:
        stored = before.images[image]
        boxes, values = values.reshape(-1, 4), np.zeros((stored.height, stored.width), bool)
        for box in boxes.clip(0):
            left, top = np.floor(box[:2]).astype(int)
            right, bottom = np.ceil(box[2:]).astype(int)
            values[top:bottom, left:right] = True
    return float(values.mean())


def _percent(share: float) -> str:
    return "<1 %" if share < 0.005 else f"{100 * share:.0f} %"


def _written_on(token: int | str, word: Any, before: Explanation, made: Explanation) -> str:
    token = before.answer_tokens(token)[0]
    text = word if isinstance(word, str) else made.tokens[token].text
    replaced = before.tokens[token]
    if replaced.text.strip() == text.strip():
        return f"write on from {_quoted(text)}"
    old = "the end" if replaced.special else _quoted(replaced.text)
    return f"write on from {_quoted(text)} instead of {old}"


def _quoted(text: str) -> str:
    """In quotation marks; a token without letters as it is written in code."""
    return f"‘{text.strip()}’" if text.strip() else json.dumps(text)


def _name(explanation: Explanation, image: int) -> str:
    return f"{'picture' if explanation.images[image].video is None else 'frame'} {image + 1}"
