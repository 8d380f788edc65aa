"""Samples as a table, exactly as the front end makes it.

Both are tested with `tests/fixtures/gallery_table.json`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...contract import CONTRACT

Json = dict[str, Any]

NO_NOTE: Json = {"tags": [], "note": ""}


def rows(
    listed: Json,
    notes: Mapping[str, Json],
    ids: Iterable[str],
    answers: Mapping[str, Sequence[str | None]],
) -> list[Json]:
    """One row per sample and run that has it, in the order of the ids.

    Args:
        listed: Made by `listing.listing`.
        notes: By sample id.
        ids: Those of the samples.
        answers: Of the runs to each sample; None where a run has none.
    """
    samples = {one["id"]: one["runs"] for one in listed["samples"]}
    return [
        {
            "sample": sample,
            "run": CONTRACT.run_names[number],
            "model": run["model"],
            "method": run["method"],
            **_values(listed, measured),
            "answer": answers[sample][number],
            **(NO_NOTE | notes.get(sample, {})),
        }
        for sample in ids
        for number, (run, measured) in enumerate(zip(listed["runs"], samples[sample], strict=True))
        if measured is not None
    ]


def _values(listed: Json, measured: Json) -> Json:
    names, categories = listed["scores"], listed["categories"]
    scores = {one["name"]: value for one, value in zip(names, measured["s"], strict=True)}
    return scores | {
        "signatures": [listed["signatures"][i]["name"] for i in measured["g"]],
        "words": [
            [text, categories[category] if category >= 0 else None, iou]
            for text, category, iou in measured["w"]
        ],
        "missed": [categories[i] for i in measured["m"]],
        "error": measured.get("e"),
    }


def as_text(cell: Any) -> Any:
    """A cell of a spreadsheet: lists are joined with "; ", words have their IoU."""
    if not isinstance(cell, list):
        return cell
    return "; ".join(
        part if isinstance(part, str) else f"{part[0]} {'–' if part[2] is None else part[2]}"
        for part in cell
    )
