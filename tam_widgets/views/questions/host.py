"""Lets a thread reach the browser, in hosts that only allow it where they called the view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def in_host(call: Callable[..., Any]) -> Callable[..., None]:
    """A function for any thread, which calls another one where the host allows it."""

    def called(*arguments: Any) -> None:
        call(*arguments)

    return called
