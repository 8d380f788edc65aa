"""All methods on the demo models, plausibility and faithfulness, and what our own choices bring.

Runs resume in their folder, so that one may be cut off: give the same command again. Each part and
model has a report of its own there, so that several processes may share the work:

    python benchmarks/methods_table.py --folder runs --parts cheap --models llava

Last, `--table --json` reads what is there, and writes what `tw.demo.methods_table()` returns.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from models import load
from numpy.typing import NDArray
from report import arguments, machine, save, table

import tam_widgets as tw
from tam_widgets.evaluation.datasets import DemoScenes

Row = dict[str, Any]

TAM = tw.METHODS["tam"]
CHEAP = (
    *("tam", "tam-no-rgf", "tam-no-eci", "cam", "arc", "msea"),
    *("attention", "rollout", "relevancy", "dex-ar", "gradient-x-input"),
    *("random", "centre", "edges"),
)
CHOICES = (
    "tam",
    TAM.variant("border reflected", border="reflect"),
    TAM.variant("left out by id", leave_out="id"),
    "arc",
    TAM.variant("window 1", kernel_size=1),
    TAM.variant("window 5", kernel_size=5),
    TAM.variant("window 7", kernel_size=7),
    TAM.variant("layer 1", layer=1),
    TAM.variant("layer 2", layer=2),
)
REGIONS = 32
SEARCHED = ("tam", "occlusion", tw.METHODS["eagle"].variant("eagle", regions=REGIONS))
"""EAGLE's search is asked once for each word: one word of a scene, by two protocols."""


@dataclass(frozen=True)
class Part:
    """One evaluation: methods on scenes of consecutive seeds from 0 on."""

    methods: Sequence[Any]
    scenes: int
    faithfulness: str | None = None


PARTS = {
    "cheap": Part(CHEAP, 200),
    "cheap-faithfulness": Part(CHEAP, 40, "cells"),
    "costly": Part(("tam", "integrated-gradients", "occlusion", "rise"), 20, "cells"),
    "choices": Part(CHOICES, 200),
    "choices-faithfulness": Part(CHOICES, 40, "cells"),
}
SEARCH = "search"
SEARCH_SCENES = 20
MODELS = ("qwen2-vl", "llava")
PLAUSIBILITY = ("obj_iou", "func_iou", "f1_iou")
CURVES = ("deletion", "insertion")


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="of the runs, kept")
    parser.add_argument("--parts", nargs="+", choices=[*PARTS, SEARCH], default=[])
    parser.add_argument("--models", nargs="+", choices=MODELS, default=MODELS)
    parser.add_argument("--table", action="store_true", help="write what the runs have found")
    options = parser.parse_args()
    for part in options.parts:
        for model in options.models:
            folder = options.folder / f"{part}-{model}"
            search(model, folder) if part == SEARCH else evaluate(model, PARTS[part], folder)
    if options.table:
        write(options.folder, options.json)


def evaluate(model: str, part: Part, folder: Path) -> None:
    """Runs or resumes one part."""
    without = ["msea"] if model == "llava" else []  # its grid is the same at every size
    tw.evaluate(
        load(model),
        DemoScenes(part.scenes),
        [method for method in part.methods if method not in without],
        folder=folder,
        faithfulness=part.faithfulness,
        keep_explanations=False,
    )


def search(model: str, folder: Path) -> None:
    """Runs or resumes EAGLE's search, a scene at a time."""
    folder.mkdir(parents=True, exist_ok=True)
    explainer = load(model)
    for seed in range(SEARCH_SCENES):
        kept = folder / f"{seed:03d}.json"
        if not kept.exists():
            save(kept, json.dumps(searched(explainer, tw.demo.scene(seed))))
            print(f"{model} {seed}", flush=True)


def searched(explainer: tw.Explainer, scene: tw.demo.Scene) -> list[dict[str, Any]]:
    """A row for each protocol and order, of the first noun of a scene that the answer names."""
    explained = explainer.explain(scene.image, scene.prompt, progress=False)
    named = {tw.demo.vocabulary.lemma(word.text): word for word in explained.words("answer")}
    nouns = [group.noun for group in scene.groups if group.noun in named]
    if not nouns:
        return []
    token, mask = named[nouns[0]].tokens[0], scene.masks[nouns[0]]
    explained = explainer.attribute(explained, SEARCHED[1:], token, progress=False)
    options = {"mask": mask, "random_orders": 1, "progress": False}
    checks = {
        protocol: explainer.check(
            explained, token, ("tam", "occlusion", "eagle"), protocol, **options
        )
        for protocol in ("cells", "eagle")
    }
    return [
        {"protocol": protocol, "noun": nouns[0], **row}
        for protocol, check in checks.items()
        for row in check.to_dataframe().to_dict("records")
    ]


def write(folder: Path, as_json: bool) -> None:
    """Prints the table of all methods and that of our choices; with JSON writes both."""
    tables = {
        "methods": [row for model in MODELS for row in method_rows(folder, model)],
        "choices": [row for model in MODELS for row in choice_rows(folder, model)],
        "search": [row for model in MODELS for row in search_rows(folder, model)],
        "truth": [truth_row(folder, model) for model in MODELS],
    }
    for name, rows in tables.items():
        print(f"\n{name}\n\n{table(rows)}")
    if as_json:
        tables = {name: [rounded(row) for row in rows] for name, rows in tables.items()}
        content = {"machine": machine(), "interval": "95 % bootstrap over scenes", **tables}
        stored = Path(tw.demo.__file__).parent / "methods_table.json"
        save(stored, json.dumps(content, indent=1) + "\n")


def method_rows(folder: Path, model: str) -> list[Row]:
    """A row for each method, of the most scenes that it was measured on, and for each control."""
    plain = opened(folder, "cheap", model)
    rows: list[Row] = []
    for part in ("cheap-faithfulness", "costly"):
        report = opened(folder, part, model)
        for name in report.methods:
            if name not in [row["method"] for row in rows]:
                shown = plain if name in plain.methods else report
                rows.append({"model": model, "method": name, **measured(shown, report, name)})
    orders = opened(folder, "cheap-faithfulness", model).faithfulness.query("reference")
    none = {name: None for measure in PLAUSIBILITY for name in ends(measure)} | {"scenes": None}
    rows += [
        {"model": model, "method": order["order"], **none, **curves(order)}
        for order in orders.to_dict("records")
    ]
    return rows


def choice_rows(folder: Path, model: str) -> list[Row]:
    """A row for each of our choices, with its difference from TAM as it is, paired by scene."""
    plain, checked = (opened(folder, part, model) for part in ("choices", "choices-faithfulness"))
    rows = []
    for name in plain.methods:
        row = {"model": model, "method": name, **measured(plain, checked, name)}
        for report, measure in ((plain, "f1_iou"), (checked, "deletion"), (checked, "insertion")):
            found = report.compare((model, "tam"), (model, name), measure)
            row |= {
                f"{measure} against tam": found.difference,
                f"{measure} against tam, low": found.low,
                f"{measure} against tam, high": found.high,
            }
        rows.append(row)
    return rows


def search_rows(folder: Path, model: str) -> list[Row]:
    """A row for each protocol and order of EAGLE's part: means over scenes, one word each."""
    files = sorted((folder / f"{SEARCH}-{model}").glob("*.json"))
    found = pd.DataFrame(
        [{"scene": file.stem, **row} for file in files for row in json.loads(file.read_text())]
    )
    found.loc[found.kind == "random", "method"] = "random orders"
    rows = []
    for (protocol, method), own in found.groupby(["protocol", "method"], sort=False):
        row: Row = {"model": model, "protocol": protocol, "method": method}
        words = own.groupby("scene")[[*CURVES]].mean()  # several random orders of one word
        for curve in CURVES:
            row |= dict(zip(ends(curve), interval(words[curve].to_numpy()), strict=True))
        rows.append({**row, "words": len(words)})
    return rows


def truth_row(folder: Path, model: str) -> Row:
    """How often a true mask beats its inverse.

    To remove the picture in the reverse of an order leaves at each step what inserting in the order
    itself uncovers, so that the inverse's area under deletion is the mask's under insertion.
    """
    words = opened(folder, "cheap-faithfulness", model).words.query("method == 'tam'")
    words = words[words["mask_deletion"].notna()]
    lost = words[words["mask_deletion"] >= words["mask_insertion"]]
    return {
        "model": model,
        "words": len(words),
        "true mask beats its inverse": 1 - len(lost) / len(words),
        "exceptions": ", ".join(f"{one.sample}: {one.text}" for one in lost.itertuples()),
    }


def measured(plain: tw.Report, checked: tw.Report, method: str) -> Row:
    """Plausibility from one report and faithfulness from another."""
    (summary,) = (row for row in plain.summary.to_dict("records") if row["method"] == method)
    (order,) = (row for row in checked.faithfulness.to_dict("records") if row["order"] == method)
    plausible = {name: summary[name] for measure in PLAUSIBILITY for name in ends(measure)}
    return {**plausible, "scenes": summary["samples"], **curves(order)}


def curves(order: Row) -> Row:
    """The areas of an order with their intervals, and the number of words."""
    return {name: order[name] for curve in CURVES for name in ends(curve)} | {
        "checked words": order["words"],
        "checked scenes": order["samples"],
    }


def rounded(row: Row) -> Row:
    """A row for JSON: numbers with four decimals, nothing for what has no value."""
    return {
        name: (None if np.isnan(value) else round(value, 4)) if isinstance(value, float) else value
        for name, value in row.items()
    }


def ends(measure: str) -> tuple[str, str, str]:
    """Names of a measure and the ends of its interval."""
    return measure, f"{measure}_low", f"{measure}_high"


def interval(values: NDArray[np.float64]) -> tuple[float, float, float]:
    """The mean with a 95 % percentile bootstrap interval."""
    drawn = np.random.default_rng(0).choice(values, (5000, len(values))).mean(axis=1)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(values.mean()), float(low), float(high)


def opened(folder: Path, part: str, model: str) -> tw.Report:
    """The report of a part."""
    return tw.Report(folder / f"{part}-{model}")


if __name__ == "__main__":
    main()
