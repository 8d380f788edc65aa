"""A report's figures, computed anew without tam_widgets.

Its summary and its table of faithfulness from the records, and the areas in these from the
probabilities of every step that the saved explanations hold.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import safe_open

SAME = 1e-12
CURVES = ("deletion", "insertion")
REFERENCES = {"random orders": "random_", "centre first": "centre_", "true mask first": "mask_"}
"""Beginnings of the names of what the controls reach."""


def main() -> None:
    for folder in sys.argv[1:]:
        found = {"summary": largest_difference(Path(folder))}
        if (Path(folder) / "tables" / "faithfulness.csv").exists():
            found["table of faithfulness"] = largest_of_table(Path(folder))
        if (Path(folder) / "explanations").exists():
            found["areas"] = largest_of_areas(Path(folder))
        for name, difference in found.items():
            print(f"{folder}, {name}: largest difference {difference:.3g}")
        if not all(difference <= SAME for difference in found.values()):
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


def largest_of_table(folder: Path) -> float:
    """Largest difference between the areas of the table and the means of the records' words."""
    with (folder / "tables" / "faithfulness.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    records = [json.loads(p.read_text()) for p in sorted(folder.glob("records/*/*.json"))]
    differences = []
    for row in rows:
        own = [r["methods"] for r in records if r["model"] == row["model"] and r["error"] is None]
        for curve in CURVES:
            name = REFERENCES.get(row["order"], "") + curve
            words = [
                word[name]
                for methods in own
                for word in methods.get(row["order"], next(iter(methods.values())))
                if word.get(name) is not None
            ]
            differences.append(abs(_mean(words) - float(row[curve])))
    return max(differences)


def largest_of_areas(folder: Path) -> float:
    """Largest difference between the records' areas and those of the saved probabilities."""
    differences = [0.0]
    for path in sorted(folder.glob("explanations/*/*.safetensors")):
        kept = folder / "records" / path.parent.name / f"{path.stem}.json"
        methods = json.loads(kept.read_text())["methods"]
        with safe_open(path, "np") as file:
            checks = json.loads(file.metadata()["tam_widgets"])["checks"]
            for number, check in enumerate(checks):
                shares = file.get_tensor(f"checks/{number}/shares")
                for curve in CURVES:
                    log_p = file.get_tensor(f"checks/{number}/{curve}_log_p").astype(np.float64)
                    areas = np.trapezoid(np.exp(log_p), shares, axis=1)  # [orders, answer]
                    differences += _of_words(check, methods, areas, curve)
    return max(differences)


def _of_words(check: Any, methods: Any, areas: Any, curve: str) -> list[float]:
    """Differences of one curve's areas, of every method and word."""
    rows = {order["name"]: order["rows"] for order in check["orders"]}
    found = []
    for method, words in methods.items():
        for word in words:
            if word.get(curve) is None:
                continue
            places = [check["tokens"].index(token) for token in word["tokens"]]
            columns = [token - check["answer_start"] for token in word["tokens"]]
            own = [areas[rows[method][p], c] for p, c in zip(places, columns, strict=True)]
            found.append(abs(float(np.mean(own)) - word[curve]))
    return found


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


if __name__ == "__main__":
    main()
