"""Checks the gallery's filters."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy
from typing import Any

from traitlets import TraitError

from ...contract import CONTRACT

Json = dict[str, Any]


def no_filters(runs: int) -> Json:
    """Filters that show every sample."""
    empty: Json = deepcopy(CONTRACT.gallery_settings["filters"].default)
    return empty | {"ranges": [None] * runs}


def checked_filters(
    filters: Mapping[str, Any], runs: int, signatures: Collection[str], categories: Collection[str]
) -> Json:
    """Adds the entries that are missing, and checks all.

    Args:
        filters: Some of the entries.
        runs: Number of runs.
        signatures: Names of the failure signatures.
        categories: Names of the categories that samples have.

    Raises:
        TraitError: An entry is unknown or of another kind.
    """
    checked = no_filters(runs)
    unknown = [name for name in filters if name not in checked]
    if unknown:
        raise TraitError(f"filters has no {unknown[0]!r}: give some of {', '.join(checked)}")
    checked |= filters
    for name in ("signatures", "categories", "tags"):
        checked[name] = _texts(name, checked[name])
    _all_of("signatures", checked["signatures"], signatures)
    _all_of("categories", checked["categories"], categories)
    if not isinstance(checked["word"], str):
        raise TraitError(f"filters: word={checked['word']!r}, give a text")
    checked["ranges"] = _ranges(checked["ranges"], runs)
    return checked


def _texts(name: str, value: Any) -> list[str]:
    is_list = isinstance(value, Sequence) and not isinstance(value, str)
    if not is_list or not all(isinstance(text, str) for text in value):
        raise TraitError(f"filters: {name}={value!r}, give a list of texts")
    return list(value)


def _all_of(name: str, chosen: Sequence[str], known: Collection[str]) -> None:
    for value in chosen:
        if value not in known:
            raise TraitError(f"filters: {name} holds {value!r}, give some of {', '.join(known)}")


def _ranges(value: Any, runs: int) -> list[list[float] | None]:
    expected = f"give {runs} of [low, high] within 0 and 1, or None"
    try:
        ranges = [None if one is None else [float(end) for end in one] for one in value]
    except (TypeError, ValueError) as error:
        raise TraitError(f"filters: ranges={value!r}, {expected}") from error
    ordered = all(one is None or (len(one) == 2 and 0 <= one[0] <= one[1] <= 1) for one in ranges)
    if len(ranges) != runs or not ordered:
        raise TraitError(f"filters: ranges={value!r}, {expected}")
    return ranges
