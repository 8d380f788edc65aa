"""Damaged records: each counts as a failed sample and is reported."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tam_widgets.evaluation.reading import reason_of
from tam_widgets.evaluation.storage.schema import Json
from tam_widgets.terminal import escaped

DAMAGED = "damaged record"
"""Type of the error of such a sample."""


def damaged_record(path: Path, number: int, found: Any, error: Exception) -> Json:
    """The record that replaces a damaged one.

    Args:
        path: Its file.
        number: Of the sample.
        found: The part that could be read; the sample's id is taken from it.
        error: What is wrong with it.
    """
    sample = found.get("sample") if isinstance(found, dict) else None
    message = (
        f"the record {path} is damaged ({reason_of(error)}); call evaluate with the same folder to "
        "measure the sample again"
    )
    return {
        "sample": sample if isinstance(sample, str) else f"number {number}",
        "error": {"type": DAMAGED, "message": message},
    }


def warn_of_damage(records: Sequence[Json]) -> None:
    """Warns of damaged records: how many there are, and where the first is."""
    errors = [error for record in records if (error := record["error"])]
    damaged = [error["message"] for error in errors if error["type"] == DAMAGED]
    if damaged:
        warnings.warn(
            f"{len(damaged)} of {len(records)} records are damaged, and their samples count as "
            f"failed: see Report.skipped. The first: {escaped(damaged[0])}",
            stacklevel=3,
        )
