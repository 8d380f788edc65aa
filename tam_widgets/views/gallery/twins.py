"""The same noun in two answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def twin(noun: tuple[str, Any], nouns: Sequence[tuple[str, Any]]) -> int | None:
    """Index of the noun of another answer with the same word, else with the same category.

    Args:
        noun: Text and category; the category is None or -1 if there is none.
        nouns: Those of the other answer.
    """
    text, category = noun[0].lower(), noun[1]
    same = (i for i, (other, _) in enumerate(nouns) if other.lower() == text)
    named = category not in (None, -1)
    akin = (i for i, (_, other) in enumerate(nouns) if named and other == category)
    return next(same, next(akin, None))
