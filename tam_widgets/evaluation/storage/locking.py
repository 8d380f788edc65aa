"""Locks a report's folder: one thread of all processes and machines changes it at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from errno import ENOENT
from pathlib import Path

from filelock import FileLock, Timeout

from tam_widgets.errors import OutputError
from tam_widgets.evaluation.reading import reason_of

LOCK = ".lock"
PATIENCE = 4.0
"""Seconds after which waiting for a lock is given up. A lock is held for milliseconds, and the
system releases those of a process that ends."""
_INTERVAL = 0.01


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Holds the lock of an existing folder.

    Raises:
        OutputError: Another process holds it for too long, or the folder cannot be written.
    """
    lock = FileLock(folder / LOCK)
    try:
        if not folder.is_dir():  # the library would make it
            raise FileNotFoundError(ENOENT, "the folder is gone")
        lock.acquire(timeout=PATIENCE, poll_interval=_INTERVAL)
    except Timeout as error:
        raise OutputError(
            f"{folder / LOCK}: another process has held this lock for {PATIENCE:.0f} seconds; end "
            "that process, or try again"
        ) from error
    except (OSError, NotImplementedError) as error:
        raise OutputError(
            f"{folder / LOCK}: cannot be locked ({reason_of(error)}); make the folder writable"
        ) from error
    try:
        yield
    finally:
        lock.release()
