"""Says in a few words what a step changed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict

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
    several = len(before.images) > 1
    what = f"{_name(before, change.get('image', 0))} " if several else ""
    return what + ("cropped" if kind == "crop" else "painted over")


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
