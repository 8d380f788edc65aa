"""Names that a caller gives: one, or several."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..errors import OptionError


def given_names(option: str, given: Any) -> list[str]:
    """One name or several as a list.

    Args:
        option: Name of the argument.
        given: A text, or an iterable of texts.

    Raises:
        OptionError: If it is neither.

    Example:
        >>> given_names("samples", "0001"), given_names("samples", ("0001", "0002"))
        (['0001'], ['0001', '0002'])
    """
    names = [given] if isinstance(given, str) or not isinstance(given, Iterable) else list(given)
    for name in names:
        if not isinstance(name, str):
            raise OptionError(f"{option}: {name!r:.80} is no name; give a name, or a list of names")
    return names
