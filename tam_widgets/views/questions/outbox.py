"""Brings what a thread has to tell to the browser, in hosts that let threads send and in others."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from typing import Any

Call = Callable[[], Any]
"""Sends a message, or adds a result to the view."""


class Outbox:
    """What threads have to tell of one view.

    Most hosts let any thread send messages and set traits (ipykernel, also while a cell runs;
    marimo, Solara, Panel). Others, such as Shiny, only do while they handle a message of the
    browser: there it is kept until the browser, which hears nothing, asks for it.
    """

    def __init__(self) -> None:
        self._kept: deque[Call] = deque()
        self._keeps = False

    def try_out(self, call: Call) -> None:
        """Makes the first call of a thread, which shows whether the host allows such calls."""
        try:
            call()
        except Exception as error:
            logging.getLogger(__name__).debug("threads cannot send here", exc_info=error)
            self._keeps = True

    def put(self, call: Call) -> None:
        """Makes a call now, or keeps it for `empty`; calls keep their order."""
        if self._keeps:
            self._kept.append(call)
        else:
            call()

    def empty(self) -> None:
        """Makes the calls that were kept; runs where the host handles a message."""
        while self._kept:
            self._kept.popleft()()
