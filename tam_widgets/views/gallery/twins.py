"""The same noun in two answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


def nouns_in_focus(measured: Sequence[Mapping[str, Any] | None]) -> list[int]:
    """The first run's worst noun, and its twin in the other run, else that run's worst."""
    worst = [run["k"] if run else -1 for run in measured]
    if len(measured) == 2 and all(measured) and worst[0] >= 0:
        first, second = ([(w[0], w[1]) for w in run["w"]] for run in measured if run)
        found = twin(first[worst[0]], second)
        return [worst[0], worst[1] if found is None else found]
    return worst
