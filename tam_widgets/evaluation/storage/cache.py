"""What is derived from all records, kept so that a large report opens at once.

It is read again only where there are as many records as then, and none is newer.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, TypeVar

from tam_widgets.evaluation.reading import UNREADABLE, checked, read_json
from tam_widgets.evaluation.storage.report_folder import ReportFolder

T = TypeVar("T")

VERSION = 3
POOLED = "tables/summary.json"


def write_cache(folder: ReportFolder, name: str, models: Sequence[str], content: Any) -> None:
    """Keeps what was derived from the records of models, as JSON.

    Raises:
        OutputError: It cannot be written.
    """
    counts = [folder.age(model)[0] for model in models]
    kept = {"version": VERSION, "records": counts, "content": content}
    folder.write_text(name, json.dumps(kept, separators=(",", ":")))


def read_cache(folder: ReportFolder, name: str, models: Sequence[str], kind: type[T]) -> T | None:
    """What was kept; None where there is nothing that still holds, or it is damaged.

    Args:
        folder: The report's folder.
        name: Name of the file.
        models: From whose records it was derived.
        kind: What it holds.
    """
    ages = [folder.age(model) for model in models]
    try:
        path = folder.within(folder.path / name)
        if path.stat().st_mtime_ns < max(newest for _, newest in ages):
            return None
        there: Any = read_json(path)
        holds = there["version"] == VERSION and there["records"] == [count for count, _ in ages]
        return checked(there["content"], kind) if holds else None
    except (*UNREADABLE, KeyError, TypeError):
        return None
