"""Names of temporary files, which identify their writer, so that only stale ones are deleted."""

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
"""Age in seconds above which another machine's file is stale: no write takes as long, and clocks
do not differ as much."""

_OWNER = re.compile(rf"{re.escape(PREFIX)}(?P<process>\d+)@(?P<place>[^@]+)@")


def prefix() -> str:
    """The beginning of the names of this process's temporary files."""
    return f"{PREFIX}{os.getpid()}@{_place()}@"


def is_left_over(path: Path) -> bool:
    """Whether a temporary file belongs to no process that may still write it.

    On this machine the process must have ended. On another machine that cannot be seen from here,
    so the file must be a day old. A file without an owner in its name is from an older version or
    from no process.
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
    """This machine and container, in which process numbers are valid."""
    inside = ""
    with suppress(OSError):  # there may be no /proc
        inside = "".join(filter(str.isdigit, os.readlink("/proc/self/ns/pid")))  # noqa: PTH115
    return re.sub(r"[^\w.-]", "-", platform.node()) + (f"-{inside}" if inside else "")


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):  # it belongs to another user, or the number is invalid
        return True
    return True
