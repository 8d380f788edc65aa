"""Errors in words that can be published."""

from __future__ import annotations

import re
from pathlib import Path

from tam_widgets.errors import message_of

_PATH = re.compile(
    r"(?:[A-Za-z]:\\|\\\\|(?<![\w.<])~?/|file://)[^\s'\",:;)\]]*|\.{1,2}/[^\s'\",:;)\]]*"
)
_LENGTH = 400


def public_reason(error: Exception | str) -> str:
    """An error's class and message, without paths.

    Example:
        >>> public_reason(OSError("/home/ann/cat.png: is missing"))
        'OSError: …: is missing'
    """
    text = error if isinstance(error, str) else f"{type(error).__name__}: {message_of(error)}"
    home = str(Path.home())
    without_home = text.replace(home, "/home") if len(home) > 1 else text
    return f"{_PATH.sub('…', without_home):.{_LENGTH}}"
