"""Makes other people's text harmless for a terminal."""

from __future__ import annotations

import re

LINES = "\n\t"
"""Control characters that a text of several lines may contain."""

_CONTROLS = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # these begin escape sequences
    "\u2028\u2029"  # more line ends
    "\u202a-\u202e\u2066-\u2069"  # change the reading direction
    "\ud800-\udfff]"  # surrogates, which cannot be encoded
)


def escaped(text: object, keep: str = "") -> str:
    r"""Escapes characters that would control a terminal, as in a Python literal.

    Args:
        text: The text to print.
        keep: Control characters that are kept, such as line ends in a text of several lines.

    Example:
        >>> escaped("cat\x1b[2J")
        'cat\\x1b[2J'
    """
    return _CONTROLS.sub(lambda found: _escape(found[0], keep), str(text))


def _escape(character: str, keep: str) -> str:
    return character if character in keep else character.encode("unicode_escape").decode()
