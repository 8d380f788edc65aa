"""Peak memory that a piece of work adds to a Linux process, in bytes."""

from __future__ import annotations

import ctypes
import gc
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")


def added_peak(work: Callable[[], Any]) -> int:
    """Resets the process's high-water mark, works, and returns how far it rose above the start.

    What the work returns counts as well. Memory that the C library kept from earlier work is given
    back first, or it would be used without being seen.
    """
    gc.collect()
    ctypes.CDLL("libc.so.6").malloc_trim(0)
    _CLEAR.write_text("5")
    before = _status("VmRSS")
    work()
    return _status("VmHWM") - before


def _status(name: str) -> int:
    match = re.search(rf"^{name}:\s+(\d+) kB", _STATUS.read_text(), re.MULTILINE)
    if match is None:
        raise RuntimeError(f"{_STATUS} has no {name}: this measurement needs Linux")
    return int(match[1]) * 1024
