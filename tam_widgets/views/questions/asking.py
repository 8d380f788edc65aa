"""Takes a view's questions from the browser, and answers each in a thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from ...contract import CONTRACT
from ...errors import OptionError, TamError
from . import check, layers, products, reliance, what_if
from .job import Job, Send
from .outbox import Outbox
from .question import Asked, Json, Question

if TYPE_CHECKING:
    from ...capture.explainer import Explainer
    from ...explanation.explanation import Explanation
    from .asker import Asker

QUESTIONS = {
    question.name: question
    for question in (
        check.QUESTION,
        layers.QUESTION,
        products.QUESTION,
        reliance.QUESTION,
        what_if.QUESTION,
    )
}
"""All questions, by name."""


ENVELOPE = ("kind", "id", "name", "panel")
"""What every question has; the rest are its arguments."""


class Asking:
    """The questions that one view asks.

    Args:
        view: The view.
        send: Sends a message to its browser.

    Attributes:
        lock: Held while a result is added to the view, and to be held while the browser's state
            is: traits may be set by any thread, but messages of them can be lost if several do.
    """

    def __init__(self, view: Asker, send: Send) -> None:
        self._view, self._send = view, send
        self._jobs: dict[Any, Job] = {}
        self._outbox = Outbox()
        self.lock = threading.RLock()

    def hear(self, content: Json) -> None:
        """Takes a message of the browser: a question, that one is to be stopped, or a poll.

        Raises:
            OptionError: If the message has no number.
        """
        number = content.get("id")
        if not isinstance(number, int | str):
            raise OptionError(f"id={number!r:.80}: a question has a number")
        if content.get("kind") == "question":
            self._ask(number, content)
        elif job := self._jobs.get(number):
            job.stop() if content.get("kind") == "stop" else job.show_life()
        self._outbox.empty()

    def _ask(self, number: Any, content: Json) -> None:
        job = self._jobs[number] = Job(number, self._later)
        job.heard()
        try:
            question, asked = self._question(content), self._asked(content)
        except TamError as error:
            self._jobs.pop(number)
            job.fail(error)
            return
        work = partial(question.work, asked, job)

        def finish(result: Any) -> None:
            self._outbox.put(partial(self._finish, job, question, asked, result))

        run = partial(self._run, number, job, work, finish)
        threading.Thread(target=run, name=f"tam_widgets {question.name}", daemon=True).start()

    def _run(
        self, number: Any, job: Job, work: Callable[[], Any], finish: Callable[[Any], None]
    ) -> None:
        self._outbox.try_out(job.show_life)
        job.run(work, finish)
        self._jobs.pop(number)

    def _later(self, content: Json, buffers: Sequence[bytes]) -> None:
        self._outbox.put(lambda: self._send(content, buffers))

    def _finish(self, job: Job, question: Question, asked: Asked, result: Any) -> None:
        try:
            with self.lock:
                reply = question.take(self._view, asked, result)
        except Exception as error:
            job.fail(error)
        else:
            job.done(reply.data, reply.buffers)

    def _question(self, content: Json) -> Question:
        name = content.get("name")
        if not isinstance(name, str) or name not in QUESTIONS:
            raise OptionError(f"a question {name!r:.80} is not known: {', '.join(QUESTIONS)}")
        return QUESTIONS[name]

    def _asked(self, content: Json) -> Asked:
        view, panel = self._view, content.get("panel")
        panels = len(view.explanations)
        if not isinstance(panel, int) or not 0 <= panel < panels:
            raise OptionError(f"panel={panel!r:.80}: give 0 to {panels - 1}")
        arguments = {name: value for name, value in content.items() if name not in ENVELOPE}
        settings = {
            name: getattr(view, name, setting.default)
            for name, setting in CONTRACT.settings.items()
        }
        explanation, explainer = view.explanations[panel], view.explainers[panel]
        return Asked(panel, explanation, explainer, settings, arguments)


def known(explanations: Sequence[Explanation]) -> list[Json]:
    """What views show of each explanation without asking its model, by the question's name."""
    found = []
    for explanation in explanations:
        own = {name: question.known(explanation) for name, question in QUESTIONS.items()}
        found.append({name: value for name, value in own.items() if value is not None})
    return found


def possible(
    explanations: Sequence[Explanation], explainers: Sequence[Explainer | None]
) -> list[list[str]]:
    """Names of the questions that a person may ask about each explanation."""
    return [
        [name for name, question in QUESTIONS.items() if question.possible(explanation, explainer)]
        for explanation, explainer in zip(explanations, explainers, strict=True)
    ]
