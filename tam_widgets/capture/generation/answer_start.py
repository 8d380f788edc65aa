"""The beginning of an answer that the model is to write on from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...errors import OptionError
from ..classifier import classifier_rows
from ..loaded_model import LoadedModel

Start = str | tuple[int, ...]
"""With what an answer begins: a text, or ids of its tokens."""

_EXPECTED = "give the text with which the answer begins, or the ids of its tokens"


@dataclass(frozen=True)
class AnswerStart:
    """The beginning of an answer.

    Attributes:
        given: The text, or the ids, as they were given.
        ids: Of its tokens, never empty.
        text: Its text.
    """

    given: Start
    ids: tuple[int, ...]
    text: str


def asked_start(start: Any, answer: str | None) -> Start | None:
    """The beginning of an answer that the model is to write; None for a free or a given one.

    Args:
        start: What was given as the beginning, or None.
        answer: What was given as the whole answer, or None.

    Raises:
        OptionError: If both were given, or the beginning is none.
    """
    if answer is not None and start is not None:
        raise OptionError("answer and answer_start: give one of them")
    return None if start is None else checked_start(start)


def checked_start(start: Any) -> Start:
    """A beginning as a text or as a tuple of ids, before the conversation is known.

    Args:
        start: What was given.

    Raises:
        OptionError: If it is something else, or empty.
    """
    if isinstance(start, str):
        given: Start | None = start
    else:
        listed = list(start) if isinstance(start, Iterable) and not isinstance(start, bytes) else []
        whole = all(isinstance(i, int | np.integer) and not isinstance(i, bool) for i in listed)
        given = tuple(int(i) for i in listed) if listed and whole else None
    if given is None or (isinstance(given, str) and not given.strip()):
        raise OptionError(f"answer_start={start!r:.80}: {_EXPECTED}, at least one")
    return given


def check_ids(model: LoadedModel, ids: Sequence[int]) -> None:
    """Refuses tokens after which a model cannot write on.

    Args:
        model: The model.
        ids: Of the tokens with which the answer begins.

    Raises:
        OptionError: If the model does not know one, one stands for a picture, or the last one ends
            the answer.
    """
    count = classifier_rows(model.model).shape[0]
    visual = model.family.visual_ids(model.model.config)
    for token_id in ids:
        if not 0 <= token_id < count:
            raise OptionError(
                f"answer_start contains the id {token_id}: {model.name} knows 0 to {count - 1}"
            )
        if token_id in visual:
            raise OptionError(
                f"answer_start contains {model.text_of(token_id)!r}, id {token_id}, which stands "
                "for a picture: leave it out"
            )
    ends = model.model.generation_config.eos_token_id
    if ids[-1] in (ends if isinstance(ends, list) else [ends]):
        raise OptionError(
            f"answer_start ends with {model.text_of(ids[-1])!r}, id {ids[-1]}, which ends the "
            "answer: leave it out, or give the whole text as answer=…"
        )
