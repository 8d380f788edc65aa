"""Names of sources in messages: shortened, and without control characters."""

from __future__ import annotations

import os
from typing import Any

_MAX_CHARACTERS = 200


def excerpt(text: object) -> str:
    """A stranger's text for a message: at most about 200 characters, escaped if necessary."""
    known = str(text)
    cut = known if len(known) <= _MAX_CHARACTERS else known[:_MAX_CHARACTERS] + "…"
    return cut if cut.isprintable() else f"{cut!r:.{_MAX_CHARACTERS}}"


def source_name(source: Any) -> str:
    """The name of a picture's or video's source: its path or address, else its type."""
    if is_data_url(source):
        return f"data URL of {len(source)} characters"
    if isinstance(source, str | os.PathLike):
        return excerpt(source)
    return type(source).__name__


def is_data_url(source: Any) -> bool:
    """Whether a source is a URL that contains the data itself."""
    return isinstance(source, str) and source[:5].lower() == "data:"
