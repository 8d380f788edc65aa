"""What is derived from all records, kept so that a large report opens at once.

It is read again only where there are as many records as then, and none is newer.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from tam_widgets.evaluation.store import Store

VERSION = 2
POOLED = "tables/summary.json"


def keep(store: Store, name: str, models: Sequence[str], content: Any) -> None:
    """Keeps what was derived from the records of models, as JSON.

    Raises:
        OutputError: It cannot be written.
    """
    counts = [store.age(model)[0] for model in models]
    kept = {"version": VERSION, "records": counts, "content": content}
    store.write_text(name, json.dumps(kept, separators=(",", ":")))


def kept(store: Store, name: str, models: Sequence[str]) -> Any:
    """What was kept; None where there is nothing that still holds."""
    ages = [store.age(model) for model in models]
    path = store.folder / name
    try:
        if path.stat().st_mtime_ns < max(newest for _, newest in ages):
            return None
        there = json.loads(path.read_bytes())
        holds = there["version"] == VERSION and there["records"] == [count for count, _ in ages]
        return there["content"] if holds else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
