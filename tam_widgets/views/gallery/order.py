"""Filters and sorts a gallery's samples, exactly as the front end does.

Both are tested with `tests/fixtures/gallery_order.json`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Json = dict[str, Any]
Test = Callable[[Json], bool]


def in_view(listed: Json, notes: Mapping[str, Json], settings: Mapping[str, Any]) -> list[str]:
    """Ids of the samples that pass the filters, in order.

    Args:
        listed: Made by `listing.listing`.
        notes: By sample id, with their ``tags``.
        settings: ``filters``, ``score``, ``sort`` and ``descending``, as the traits of `Gallery`.
    """
    names = [score["name"] for score in listed["scores"]]
    score = names.index(settings["score"])
    tests = list(_tests(listed, notes, settings["filters"], score))
    found = [sample for sample in listed["samples"] if all(test(sample) for test in tests)]
    return [sample["id"] for sample in _ordered(found, settings, score)]


def _tests(
    listed: Json, notes: Mapping[str, Json], filters: Mapping[str, Any], score: int
) -> Iterator[Test]:
    first = _Run(0)
    names = [signature["name"] for signature in listed["signatures"]]
    if filters["signatures"]:
        signatures = {names.index(name) for name in filters["signatures"]}
        yield lambda sample: not signatures.isdisjoint(first.of(sample, "g"))
    if filters["categories"]:
        wanted = {i for i, name in enumerate(listed["categories"]) if name in filters["categories"]}
        yield lambda sample: not wanted.isdisjoint(first.categories(sample))
    if filters["tags"]:
        tags = set(filters["tags"])
        yield lambda sample: not tags.isdisjoint(notes.get(sample["id"], {}).get("tags", ()))
    if word := filters["word"].strip().lower():
        yield lambda sample: any(w[0].lower().startswith(word) for w in first.of(sample, "w"))
    for number, ends in enumerate(filters["ranges"]):
        if ends is not None:
            yield _within(_Run(number), score, ends)


def _within(run: _Run, score: int, ends: Sequence[float]) -> Test:
    def test(sample: Json) -> bool:
        value = run.score(sample, score)
        return value is not None and ends[0] <= value <= ends[1]

    return test


def _ordered(found: list[Json], settings: Mapping[str, Any], score: int) -> list[Json]:
    """Ties keep the data set's order; samples without a value come last."""
    if settings["sort"] == "sample":
        return found[::-1] if settings["descending"] else found
    value = _difference if settings["sort"] == "difference" else _Run(0).score
    valued = [(value(sample, score), sample) for sample in found]
    known = [(number, sample) for number, sample in valued if number is not None]
    sign = -1 if settings["descending"] else 1
    known.sort(key=lambda pair: sign * pair[0])
    return [sample for _, sample in known] + [sample for number, sample in valued if number is None]


def _difference(sample: Json, score: int) -> float | None:
    first, second = _Run(0).score(sample, score), _Run(1).score(sample, score)
    return None if first is None or second is None else second - first


class _Run:
    """Reads one run of a sample; empty if its report has no such sample."""

    def __init__(self, number: int) -> None:
        self._number = number

    def of(self, sample: Json, key: str) -> list[Any]:
        runs = sample["runs"]
        measured = runs[self._number] if self._number < len(runs) else None
        return measured[key] if measured else []

    def score(self, sample: Json, score: int) -> float | None:
        scores = self.of(sample, "s")
        return scores[score] if scores else None

    def categories(self, sample: Json) -> set[int]:
        """Named or missed."""
        return {word[1] for word in self.of(sample, "w")} | set(self.of(sample, "m"))
