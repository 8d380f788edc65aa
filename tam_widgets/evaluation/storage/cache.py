"""Caches what is derived from all records of a report, so that a large report opens at once.

A cache is valid while the code that made it, the number of records and their times are unchanged.
Otherwise it is made again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from tam_widgets.evaluation.reading import UNREADABLE, checked, read_json
from tam_widgets.evaluation.storage.report_folder import ReportFolder

T = TypeVar("T")

POOLED = "tables/summary.json"
_EVALUATION = Path(__file__).parents[1]
_MAKERS = ("measures", "reports", "storage")


def write_cache(folder: ReportFolder, name: str, models: Sequence[str], content: Any) -> None:
    """Writes what was derived from the records of models, as JSON.

    Args:
        folder: The report's folder.
        name: Name of the file.
        models: From whose records the content was derived.
        content: JSON values.

    Raises:
        OutputError: It cannot be written.
    """
    counts = [folder.age(model)[0] for model in models]
    cached = {"code": code_fingerprint(), "records": counts, "content": content}
    folder.write_text(name, json.dumps(cached, separators=(",", ":")))


def read_cache(folder: ReportFolder, name: str, models: Sequence[str], kind: type[T]) -> T | None:
    """Reads a cache; None if there is none, or if it is outdated or damaged.

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
        cached: Any = read_json(path)
        counts = [count for count, _ in ages]
        holds = cached["code"] == code_fingerprint() and cached["records"] == counts
        return checked(cached["content"], kind) if holds else None
    except (*UNREADABLE, KeyError, TypeError):
        return None


@cache
def code_fingerprint() -> str:
    """Digest of the source files by which caches are made from records."""
    digest = sha256()
    for path in (path for maker in _MAKERS for path in sorted((_EVALUATION / maker).glob("*.py"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
