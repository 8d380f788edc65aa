"""How much of each word's probability the picture carries."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...explanation.reliance import log_probabilities, picture_share
from .question import Asked, Json, Question, Reply, answered_by

if TYPE_CHECKING:
    from ...explanation.explanation import Explanation
    from ..explorer import Explorer
    from .job import Job

DIGITS = 6
"""Decimals of probabilities that the browser gets."""


def _work(asked: Asked, _job: Job) -> Explanation:
    return asked.model.measure_reliance(asked.explanation)


def _take(view: Explorer, asked: Asked, result: Explanation) -> Reply:
    measured = result.blank_log_p
    view.update_explanations(asked.explanation, lambda one: replace(one, blank_log_p=measured))
    return Reply()


def _known(explanation: Explanation) -> Json | None:
    """For each token its probabilities and the picture's share, null where they are not known.

    A check brings them too: a view shows those only when a person presses *reliance*.
    """
    full, blank = log_probabilities(explanation)
    if not np.isfinite(full).any():
        return None
    return {
        "full": _numbers(np.exp(full)),
        "blank": _numbers(np.exp(blank)),
        "share": _numbers(picture_share(explanation)),
        "measured": explanation.blank_log_p.size > 0,
    }


def _numbers(values: NDArray[np.float64]) -> list[Any]:
    return [round(float(one), DIGITS) if np.isfinite(one) else None for one in values]


QUESTION = Question("reliance", _work, _take, _known, possible=answered_by("measure_reliance"))
