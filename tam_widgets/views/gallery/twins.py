"""Which noun of an answer is in focus, and the same noun in two answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_UNSCORED = 2.0  # after every IoU


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


def nouns_in_focus(
    measured: Sequence[Mapping[str, Any] | None],
    filters: Mapping[str, Any],
    categories: Sequence[str],
) -> list[int]:
    """Index of the noun that a card shows of each run, -1 for none, as the front end finds it.

    The noun that is filtered for, with the lowest IoU if there are several; otherwise the first
    run's worst, and in the second run its twin, else that run's worst.

    Args:
        measured: What is listed of a sample in each run.
        filters: As the trait of `Gallery`.
        categories: All names, to which what is listed refers by number.
    """
    worst = [run["k"] if run else -1 for run in measured]
    if len(measured) == 2 and all(measured) and worst[0] >= 0:
        first, second = ([(w[0], w[1]) for w in run["w"]] for run in measured if run)
        found = twin(first[worst[0]], second)
        worst[1] = worst[1] if found is None else found
    asked = [_filtered_for(run["w"], filters, categories) if run else None for run in measured]
    return [own if one is None else one for one, own in zip(asked, worst, strict=True)]


def _filtered_for(
    nouns: Sequence[Any], filters: Mapping[str, Any], categories: Sequence[str]
) -> int | None:
    word, wanted = filters["word"].strip().lower(), filters["categories"]
    if not word and not wanted:
        return None
    found = [
        i
        for i, (text, category, _) in enumerate(nouns)
        if text.lower().startswith(word)
        and (not wanted or (category >= 0 and categories[category] in wanted))
    ]
    return min(found, key=lambda i: _UNSCORED if nouns[i][2] is None else nouns[i][2], default=None)
