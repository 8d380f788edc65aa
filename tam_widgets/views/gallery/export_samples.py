"""Writes selected samples into a folder: a table, and their explanations."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ...contract import CONTRACT
from ...errors import TamError
from ...explanation.extras import pandas
from ...explanation.spreadsheet import csv_text
from ...explanation.storage import make_folder, write_bytes
from .run import Run
from .table import as_text

_UNSAFE = re.compile(r"[^\w.-]+")
_LONGEST = 80


def export(runs: Sequence[Run], rows: Sequence[Mapping[str, Any]], folder: Path) -> list[Path]:
    """Writes the explanations, then the table that names them.

    Args:
        runs: One or two.
        rows: Of the samples, as `table.rows` makes them.
        folder: Where to write.

    Raises:
        OutputError: A file cannot be written.
    """
    make_folder(make_folder(folder) / "explanations")
    by_name = dict(zip(CONTRACT.run_names, runs, strict=False))
    kept: dict[tuple[Path, str, str], str] = {}
    table = []
    for row in rows:
        run, sample = by_name[row["run"]], row["sample"]
        answer = (run.folder, run.model, sample)  # two methods share an explanation
        if answer not in kept:
            kept[answer] = _save(run, sample, folder, f"{len(kept):04d}")
        table.append({**row, "explanation": kept[answer]})
    texts = pandas().DataFrame([{n: as_text(cell) for n, cell in row.items()} for row in table])
    files = [folder / "samples.csv", folder / "samples.json"]
    write_bytes(files[0], csv_text(texts).encode())
    write_bytes(files[1], (json.dumps(table, indent=1, ensure_ascii=False) + "\n").encode())
    return [*files, *(folder / name for name in kept.values() if name)]


def _save(run: Run, sample: str, folder: Path, number: str) -> str:
    """Name of the file within the folder; empty if the report does not have the explanation."""
    try:
        explanation = run.explanation(sample)
    except TamError:
        return ""
    words = _UNSAFE.sub("-", f"{number}-{run.model}-{sample}")[:_LONGEST]
    name = f"explanations/{words}.safetensors"
    explanation.save(folder / name)
    return name
