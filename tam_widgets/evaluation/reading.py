"""Reads files that may come from strangers: their kind, size and content are checked first."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

UNREADABLE = (OSError, ValueError)
"""What the functions here raise; the message says why."""

MAX_BYTES = 2**26
"""Largest file of a report: twice the record of 10,000 words under seven methods."""
MAX_VALUES = 2_000_000
"""Most values in such a file; each takes about 100 bytes of memory and 2 µs. The record above has
1.5 million, a listing 30 per sample."""

_ESCAPES = re.compile(
    r"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)


def resolved_within(path: Path, folder: Path) -> Path:
    """Resolves a path, following links.

    Raises:
        ValueError: It leads out of the folder, or nowhere.
        OSError: It cannot be followed.
    """
    try:
        found = path.resolve()
        inside = found.is_relative_to(folder.resolve())
    except RuntimeError as error:  # links in a circle
        raise ValueError(str(error)) from error
    if not inside:
        raise ValueError(f"it leads out of the folder {folder}")
    return found


def read_bytes(path: Path, most: int = MAX_BYTES) -> bytes:
    """Reads a regular file; a device, which might never end, is refused.

    Raises:
        OSError: It is missing or cannot be read.
        ValueError: It is not a regular file, or larger than `most` bytes.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise ValueError("it is not a regular file")
    with path.open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise ValueError(f"it is larger than {most / 2**20:.0f} MiB")
    return content


def read_json(path: Path, most: int = MAX_BYTES, values: int | None = MAX_VALUES) -> Any:
    """The value of a JSON file.

    Raises:
        OSError: It is missing or cannot be read.
        ValueError: It is not JSON, is nested deeper than Python reads, or is too large.
    """
    content = read_bytes(path, most)
    if values is not None and content.count(b",") > values:
        raise ValueError(f"it holds more than {values} values")
    return parsed(content)


def parsed(content: bytes, *, halves: bool = False) -> Any:
    r"""The value of JSON text.

    Args:
        content: The text, in UTF-8, UTF-16 or UTF-32.
        halves: Whether lone surrogates, such as ``"\ud83d"``, are left as they are. By default they
            become U+FFFD, since text with surrogates can be neither printed nor sent.

    Raises:
        ValueError: It is not JSON, or is nested deeper than Python reads.
    """
    try:
        text = content.decode(json.detect_encoding(content))
        if not halves and ("\\ud" in text or "\\uD" in text):
            text = _ESCAPES.sub(_whole, text)
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def checked(value: Any, kind: type[T]) -> T:
    """Checks a value against a type; unknown entries are left out.

    Raises:
        ValueError: An entry is missing or of another type; the message says which.
    """
    try:
        return msgspec.convert(value, kind)
    except (msgspec.ValidationError, RecursionError) as error:
        raise ValueError(f"{error!s:.200}") from error


def reason_of(error: Exception) -> str:
    """Why a file could not be read or written, for a message."""
    cause = error.__cause__ if isinstance(error.__cause__, OSError) else error
    said = cause.strerror if isinstance(cause, OSError) else None
    return said or f"{error!s:.200}" or type(error).__name__


def _whole(found: re.Match[str]) -> str:
    return r"\ufffd" if found["half"] else found[0]
