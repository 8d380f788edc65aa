"""How much of each word's probability the picture carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .question import Asked, Question, Reply

if TYPE_CHECKING:
    from ..explorer import Explorer
    from .job import Job


def _work(asked: Asked, job: Job) -> list[list[float]]:
    frozen = asked.model.frozen(asked.explanation)
    answer = range(len(asked.explanation))[asked.explanation.answer_slice]
    job.report(0, 2)
    both = frozen.log_probabilities(
        [frozen.pictures, frozen.blank()], answer, progress=lambda done: job.report(done, 2)
    )
    found: list[list[float]] = np.exp(both).round(4).tolist()
    return found


def _take(_view: Explorer, _asked: Asked, result: list[list[float]]) -> Reply:
    return Reply(result)


QUESTION = Question("reliance", _work, _take)
