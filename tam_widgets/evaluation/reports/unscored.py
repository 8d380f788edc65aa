"""Why a report has no score, in a line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tam_widgets.evaluation.storage.schema import Json
from tam_widgets.terminal import escaped

NAMED = 3
"""Nouns that the line names: the most frequent ones."""


def reason_of_no_score(records: Sequence[Json]) -> str:
    """Why the answers of a model give no Obj-IoU; empty if they do, or there is none yet.

    Args:
        records: Of its samples so far.
    """
    measured = [record for record in records if record.get("methods")]
    failed = [record["error"]["message"] for record in records if record.get("error")]
    if measured:
        return _no_category(measured)
    if not failed:
        return ""
    ((message, count),) = Counter(failed).most_common(1)
    others = "" if count == len(failed) else f" ({count} of them)"
    return f"0 measured, {len(failed)} failed: {escaped(message):.200}{others}"


def _no_category(measured: Sequence[Json]) -> str:
    rows = [row for record in measured for row in next(iter(record["methods"].values()))]
    if any(row["iou"] is not None for row in rows):
        return ""
    answers = f"{len(measured)} answer{'s' if len(measured) > 1 else ''}"
    nouns = Counter(row["text"].strip().lower() for row in rows if row["part_of_speech"] == "noun")
    if not nouns:
        return f"no noun in {answers}: no Obj-IoU"
    named = [f"{escaped(text):.40}" for text, _ in nouns.most_common(NAMED)]
    shown = ", ".join(named + (["…"] if len(nouns) > NAMED else []))
    some = f"{nouns.total()} noun{'s' if nouns.total() > 1 else ''}"
    what = "a category"
    if any(row["category"] for row in rows):
        what += " that its picture shows"
    return f"no word of {answers} names {what} ({some}: {shown}): no Obj-IoU"
