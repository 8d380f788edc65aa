"""The still picture of a gallery, for readers without a kernel or widgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...contract import CONTRACT
from ..stills.contact_sheet import Print, contact_sheet
from .run import WHOLE, Run
from .twins import nouns_in_focus
from .wire import pictures

COLUMNS = 5
PRINTS = 10

Json = dict[str, Any]


def still(
    runs: Sequence[Run],
    listed: Json,
    shown: Sequence[str],
    score: str,
    filters: Mapping[str, Any],
) -> bytes:
    """The first samples in view as JPEG; with two runs, two pictures of each.

    Args:
        runs: One or two.
        listed: Made by `listing.listing`.
        shown: Ids of the samples in view, in order.
        score: Name of the score below the pictures.
        filters: As the trait of `Gallery`.
    """
    measured = {one["id"]: one["runs"] for one in listed["samples"]}
    drawn = shown[: PRINTS // len(runs)]
    labels = {one["name"]: one["label"] for one in listed["scores"]}
    index = [*labels].index(score)
    wanted = [nouns_in_focus(measured[one], filters, listed["categories"]) for one in drawn]
    entries, buffers = pictures(
        runs, [[one, *nouns] for one, nouns in zip(drawn, wanted, strict=True)]
    )
    prints = [
        _print(one, entry, noun, buffers, index)
        for each, nouns in zip(entries, wanted, strict=True)
        for one, entry, noun in zip(measured[each["id"]], each["runs"], nouns, strict=True)
    ]
    columns = COLUMNS - COLUMNS % len(runs)
    rows = [prints[start : start + columns] for start in range(0, len(prints), columns)]
    return contact_sheet(
        _title(listed, labels[score]), rows, _note(len(drawn), len(shown), len(measured))
    )


def _print(
    measured: Json | None, entry: Json | None, noun: int, buffers: list[bytes], score: int
) -> Print:
    """A sample as a card of the gallery shows it, which may have no picture."""
    if measured is None:
        return Print(None, None, WHOLE, CONTRACT.texts.no_sample, "")
    said, value = _said(measured, noun), _decimals(measured["s"][score])
    if entry is None:
        return Print(None, None, WHOLE, said, value)
    picture, overlay = entry["picture"], entry["map"]
    return Print(
        buffers[picture] if picture >= 0 else None,
        buffers[overlay] if overlay >= 0 else None,
        entry["rect"],
        said,
        value,
    )


def _said(measured: Json, noun: int) -> str:
    """The noun in focus with its IoU, or why there is none."""
    if noun < 0:
        return CONTRACT.texts.not_measured if measured.get("e") else CONTRACT.texts.no_noun
    text, _, iou = measured["w"][noun]
    return f"{text} {_decimals(iou)}"


def _decimals(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _title(listed: Json, label: str) -> str:
    titles = "   |   ".join(run["title"] for run in listed["runs"])
    return f"{titles}:  worst word with its IoU, {label} of the sample"


def _note(drawn: int, shown: int, listed: int) -> str:
    return f"{drawn} of {shown} samples in view, {listed} in all. Run the cell for the gallery."
