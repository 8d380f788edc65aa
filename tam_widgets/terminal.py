"""Text that others wrote, made harmless for a terminal."""

from __future__ import annotations

import re

LINES = "\n\t"
"""What stays in a text of several lines."""

_CONTROLS = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # escape sequences begin with one of these
    "\u2028\u2029"  # further ends of a line
    "\u202a-\u202e\u2066-\u2069"  # turn the direction in which what follows is read
    "\ud800-\udfff]"  # halves of characters, which no terminal can be sent
)


def escaped(text: object, keep: str = "") -> str:
    r"""A text in which characters that would control a terminal stand as in a Python literal.

    Args:
        text: What is to be printed.
        keep: Control characters that stay, such as ends of lines where a text may have several.

    Example:
        >>> escaped("cat\x1b[2J")
        'cat\\x1b[2J'
    """
    return _CONTROLS.sub(lambda found: _escape(found[0], keep), str(text))


def _escape(character: str, keep: str) -> str:
    return character if character in keep else character.encode("unicode_escape").decode()
