"""Which samples a gallery shows, and in which order: the Python twin of its front end's.

Both are tested on `tests/fixtures/gallery_order.json`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Json = dict[str, Any]
Test = Callable[[Json], bool]


def in_view(cases: Json, notes: Mapping[str, Json], settings: Mapping[str, Any]) -> list[str]:
    """Ids of the samples that the filters leave, in order.

    Args:
        cases: Made by `listing.listing`.
        notes: By sample id, with their ``tags``.
        settings: ``filters``, ``score``, ``sort`` and ``descending``, as the traits of `Gallery`.
    """
    names = [score["name"] for score in cases["scores"]]
    score = names.index(settings["score"])
    tests = list(_tests(cases, notes, settings["filters"], score))
    found = [case for case in cases["cases"] if all(test(case) for test in tests)]
    return [case["id"] for case in _ordered(found, settings, score)]


def _tests(
    cases: Json, notes: Mapping[str, Json], filters: Mapping[str, Any], score: int
) -> Iterator[Test]:
    first = _Side(0)
    names = [signature["name"] for signature in cases["signatures"]]
    if filters["signatures"]:
        signatures = {names.index(name) for name in filters["signatures"]}
        yield lambda case: not signatures.isdisjoint(first.of(case, "g"))
    if filters["categories"]:
        wanted = {i for i, name in enumerate(cases["categories"]) if name in filters["categories"]}
        yield lambda case: not wanted.isdisjoint(first.categories(case))
    if filters["tags"]:
        tags = set(filters["tags"])
        yield lambda case: not tags.isdisjoint(notes.get(case["id"], {}).get("tags", ()))
    if word := filters["word"].strip().lower():
        yield lambda case: any(w[0].lower().startswith(word) for w in first.of(case, "w"))
    for number, ends in enumerate(filters["ranges"]):
        if ends is not None:
            yield _within(_Side(number), score, ends)


def _within(side: _Side, score: int, ends: Sequence[float]) -> Test:
    def test(case: Json) -> bool:
        value = side.score(case, score)
        return value is not None and ends[0] <= value <= ends[1]

    return test


def _ordered(found: list[Json], settings: Mapping[str, Any], score: int) -> list[Json]:
    """Ties keep the data set's order; samples without a value come last."""
    if settings["sort"] == "sample":
        return found[::-1] if settings["descending"] else found
    value = _difference if settings["sort"] == "difference" else _Side(0).score
    valued = [(value(case, score), case) for case in found]
    known = [(number, case) for number, case in valued if number is not None]
    sign = -1 if settings["descending"] else 1
    known.sort(key=lambda pair: sign * pair[0])
    return [case for _, case in known] + [case for number, case in valued if number is None]


def _difference(case: Json, score: int) -> float | None:
    first, second = _Side(0).score(case, score), _Side(1).score(case, score)
    return None if first is None or second is None else second - first


class _Side:
    """Reads one side of a case; empty where its report has no such sample."""

    def __init__(self, number: int) -> None:
        self._number = number

    def of(self, case: Json, key: str) -> list[Any]:
        sides = case["sides"]
        measured = sides[self._number] if self._number < len(sides) else None
        return measured[key] if measured else []

    def score(self, case: Json, score: int) -> float | None:
        scores = self.of(case, "s")
        return scores[score] if scores else None

    def categories(self, case: Json) -> set[int]:
        """Named or missed."""
        return {word[1] for word in self.of(case, "w")} | set(self.of(case, "m"))
