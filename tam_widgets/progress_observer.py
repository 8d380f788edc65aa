"""Lets whoever started a long computation hear how far it is, and end it.

What computes tells the observer of its thread, if there is one, before it waits and after each
step; an exception that the observer raises there ends the computation.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol


class Observer(Protocol):
    """Hears of a computation's progress; whatever it raises ends the computation."""

    def report(self, done: int, total: int) -> Any:
        """Hears that some steps, of so many at most, are done."""

    def wait(self) -> Any:
        """Hears, several times a second, that another computation uses the model."""


_observer: ContextVar[Observer | None] = ContextVar("progress observer", default=None)


@contextmanager
def observed(observer: Observer) -> Iterator[None]:
    """Lets an observer hear of what is computed in this thread meanwhile."""
    token = _observer.set(observer)
    try:
        yield
    finally:
        _observer.reset(token)


def current_observer() -> Observer | None:
    """Who hears of what this thread computes; None for nobody."""
    return _observer.get()
