"""One question while it is answered in a thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Any

from ...errors import TamError
from ...progress_observer import observed

ALIVE_EVERY = 1.0
"""Seconds between signs of life, without which a browser takes the kernel for gone."""

Send = Callable[[dict[str, Any], Sequence[bytes]], Any]
"""Sends a message and its buffers to the browser, from any thread."""


# no error, and no handler of errors should catch it
class Stopped(BaseException):
    """The person no longer wants the answer."""


class Job:
    """Progress of a question's answer, told to the browser.

    A question's `work` observes what it calls: every progress bar of this package, shown or not,
    calls `report` when it opens and at each step, which is a token that is written or some passes
    of the model, and every wait for a model that another thread uses calls `wait`. So

        def work(asked: Asked, job: Job) -> Explanation:
            return asked.model.attribute(asked.explanation, ["occlusion"])

    shows its progress and can be stopped between two steps. Only what has no bar, such as
    `FrozenAnswer.log_probabilities`, calls `report` itself (`progress=`), and so does who has
    something to show meanwhile. A bar within another's step counts no steps of its own.

    Args:
        number: The browser's number for it.
        send: Sends a message to the browser.
    """

    def __init__(self, number: Any, send: Send) -> None:
        self._number, self._send = number, send
        self._stop, self._over = threading.Event(), threading.Event()
        self._started, self._waits, self._last = False, False, (-1, -1)

    def heard(self) -> None:
        """Tells that the question has come; before, a kernel may still run a cell."""
        self._tell("heard")

    def show_life(self) -> None:
        """Tells that the question is being answered."""
        self._tell("alive")

    def report(
        self, done: int, total: int, data: Any = None, buffers: Sequence[bytes] = ()
    ) -> None:
        """Tells how far the answer is; the same number again, without data, is told once.

        Args:
            done: Number of steps that are done.
            total: Number of all steps, at most.
            data: What is known so far, JSON values.
            buffers: Its binary data.

        Raises:
            Stopped: If the person does not want the answer any more.
        """
        self._started, self._waits = True, False
        self._check_wanted()
        if data is not None or (done, total) != self._last:
            self._last = done, total
            self._tell("running", buffers, done=done, total=total, data=data)

    def wait(self) -> None:
        """Tells that another computation uses the model; until the next step it is told once.

        Raises:
            Stopped: If the person does not want the answer any more.
        """
        self._check_wanted()
        if not self._waits:
            self._waits = True
            self._tell("waiting")

    def stop(self) -> None:
        """Lets the next `report` raise; a job that still waits for the model is over at once."""
        self._stop.set()
        if not self._started:
            self._end("stopped")

    def run(self, work: Callable[[], Any], finish: Callable[[Any], None]) -> None:
        """Runs the work, and says how it ended.

        Args:
            work: Returns the result.
            finish: Gets the result, and calls `done`; not called if the work failed or stopped.
        """
        threading.Thread(target=self._live, daemon=True).start()
        try:
            with observed(self):
                result = work()
            self._check_wanted()
        except Stopped:
            self._end("stopped")
        except Exception as error:  # whatever a model raises, the person is told
            self.fail(error)
        else:
            finish(result)

    def _check_wanted(self) -> None:
        if self._stop.is_set():
            raise Stopped

    def done(self, data: Any, buffers: Sequence[bytes] = ()) -> None:
        """Sends the answer."""
        self._end("done", buffers, data=data)

    def fail(self, error: Exception) -> None:
        """Sends why there is no answer."""
        if not isinstance(error, TamError):
            logging.getLogger(__name__).error("a view's question failed", exc_info=error)
        named = str(error) if isinstance(error, TamError) else f"{type(error).__name__}: {error}"
        self._end("failed", message=named[:1000])

    def _end(self, state: str, buffers: Sequence[bytes] = (), **more: Any) -> None:
        if not self._over.is_set():
            self._over.set()
            self._tell(state, buffers, **more)

    def _tell(self, state: str, buffers: Sequence[bytes] = (), **more: Any) -> None:
        self._send({"kind": "answer", "id": self._number, "state": state, **more}, buffers)

    def _live(self) -> None:
        while not self._over.wait(ALIVE_EVERY):
            self.show_life()
