"""Names of temporary files, which say who writes them: only what nobody writes may be deleted."""

from __future__ import annotations

import os
import platform
import re
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

PREFIX = ".tam-"
MAX_AGE = 24 * 60 * 60.0
"""Age in seconds from which a file of another machine is left over: no write takes so long, and no
two clocks differ as much."""

_OWNER = re.compile(rf"{re.escape(PREFIX)}(?P<process>\d+)@(?P<place>[^@]+)@")


def prefix() -> str:
    """What the name of a temporary file of this process begins with."""
    return f"{PREFIX}{os.getpid()}@{_place()}@"


def is_left_over(path: Path) -> bool:
    """Whether a temporary file belongs to no process that might still write it.

    A process of this machine counts as long as it lives. Whether one of another machine does cannot
    be seen from here, so that its file counts until it is a day old. A file without an owner in its
    name is of an older version, or of nobody.
    """
    owner = _OWNER.match(path.name)
    if owner is None:
        return True
    if owner["place"] == _place() and os.name == "posix":
        return not _lives(int(owner["process"]))
    try:
        return time.time() - path.stat().st_mtime > MAX_AGE
    except OSError:
        return False


@cache
def _place() -> str:
    """This machine, and within it the container, where numbers of processes mean something."""
    inside = ""
    with suppress(OSError):  # not everywhere is there a /proc
        inside = "".join(filter(str.isdigit, os.readlink("/proc/self/ns/pid")))  # noqa: PTH115
    return re.sub(r"[^\w.-]", "-", platform.node()) + (f"-{inside}" if inside else "")


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):  # of another user; or a number that is none
        return True
    return True
