"""What is derived from all records, kept so that a large report opens at once.

It is read again only where there are as many records as then, and none is newer.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, TypeVar

from tam_widgets.evaluation.reading import UNREADABLE, checked, read_json
from tam_widgets.evaluation.storage.folder import Store

T = TypeVar("T")

VERSION = 3
POOLED = "tables/summary.json"


def keep(store: Store, name: str, models: Sequence[str], content: Any) -> None:
    """Keeps what was derived from the records of models, as JSON.

    Raises:
        OutputError: It cannot be written.
    """
    counts = [store.age(model)[0] for model in models]
    kept = {"version": VERSION, "records": counts, "content": content}
    store.write_text(name, json.dumps(kept, separators=(",", ":")))


def kept(store: Store, name: str, models: Sequence[str], kind: type[T]) -> T | None:
    """What was kept; None where there is nothing that still holds, or it is damaged.

    Args:
        store: The report's folder.
        name: Name of the file.
        models: From whose records it was derived.
        kind: What it holds.
    """
    ages = [store.age(model) for model in models]
    try:
        path = store.within(store.folder / name)
        if path.stat().st_mtime_ns < max(newest for _, newest in ages):
            return None
        there: Any = read_json(path)
        holds = there["version"] == VERSION and there["records"] == [count for count, _ in ages]
        return checked(there["content"], kind) if holds else None
    except (*UNREADABLE, KeyError, TypeError):
        return None
