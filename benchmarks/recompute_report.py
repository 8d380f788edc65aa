"""The figures of a report's summary, computed anew from its records without tam_widgets."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

SAME = 1e-12


def main() -> None:
    for folder in sys.argv[1:]:
        difference = largest_difference(Path(folder))
        print(f"{folder}: largest difference {difference:.3g}")
        if not difference <= SAME:
            raise SystemExit(1)


def largest_difference(folder: Path) -> float:
    """Largest difference between the summary's figures and those of the records."""
    with (folder / "tables" / "summary.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    records = [json.loads(p.read_text()) for p in sorted(folder.glob("records/*/*.json"))]
    return max(
        abs(value - float(row[name]))
        for row in rows
        for name, value in _figures(records, row["model"], row["method"]).items()
    )


def _figures(records: list[Any], model: str, method: str) -> dict[str, float]:
    own = [r for r in records if r["model"] == model and r["error"] is None]
    words = [word for record in own for word in record["methods"][method]]
    objects = [word for word in words if word["iou"] is not None]
    below_threshold = [
        word["below_threshold"] for word in words if word["below_threshold"] is not None
    ]
    obj, func = _mean([word["iou"] for word in objects]), _mean(below_threshold)
    return {
        "obj_iou": obj,
        "func_iou": func,
        "f1_iou": 2 * obj * func / (obj + func),
        "precision": _mean([word["precision"] for word in objects]),
        "recall": _mean([word["recall"] for word in objects]),
        "rouge_l": _mean([record["text"]["rouge_l"] for record in own]),
        "meteor": _mean([record["text"]["meteor"] for record in own]),
        "objects": len(objects),
        "function_words": len(below_threshold),
        "samples": len(own),
    }


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


if __name__ == "__main__":
    main()
