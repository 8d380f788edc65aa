"""What each step of the method brings: CAM, +ECI, +RGF and TAM of the demo models, held-out scenes.

Each answer is measured with all methods by `tw.evaluate`, the call that the README shows.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

from models import load
from report import RESULTS, arguments, machine, publish, save, table

import tam_widgets as tw
from tam_widgets.demo.training.evaluate import LanguageFigures
from tam_widgets.evaluation.datasets import DemoScenes

STEPS = {"CAM": "cam", "+ ECI": "tam-no-rgf", "+ RGF": "tam-no-eci", "TAM (both)": "tam"}
METHODS = [tw.METHODS[steps].variant(name) for name, steps in STEPS.items()]
REFLECTED = tw.METHODS["tam"].variant("TAM, border reflected", border="reflect")
MEASURES = {
    "Obj-IoU": "obj_iou",
    "Func-IoU": "func_iou",
    "F1-IoU": "f1_iou",
    "pixel precision": "precision",
    "pixel recall": "recall",
}


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        report = _evaluated(options, folder)
        said = [_said(report, model, options) for model in report.models]
        rows = [_row(found) for found in report.summary.to_dict("records")]
    facts: dict[str, Any] = {"scenes": options.scenes, "first seed": options.seed}
    facts["method"] = "compat='reference'" if options.reference else "default"
    facts["word kinds"] = report.settings["language"]
    publish("demo_table", rows, options.json, **facts, objects=said)
    print("\n" + table(said))
    if options.json:
        text = [
            f"Demo models on {options.scenes} held-out scenes (seeds from {options.seed} on), "
            f"{machine()['processor']}.\n",
            table(said) + "\n",
            table(rows) + "\n",
        ]
        save(RESULTS / "demo_table.md", "\n".join(text))


def _options() -> argparse.Namespace:
    parser = arguments(__doc__)
    parser.add_argument("--models", nargs="+", default=["qwen2-vl", "llava"])
    parser.add_argument("--scenes", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0, help="of the first scene")
    parser.add_argument("--reference", action="store_true", help="maps and metrics as published")
    return parser.parse_args()


def _evaluated(options: argparse.Namespace, folder: str) -> tw.Report:
    return tw.evaluate(
        [load(name) for name in options.models],
        DemoScenes(options.scenes, options.seed),
        METHODS if options.reference else [*METHODS, REFLECTED],
        folder=Path(folder) / "report",
        compat="reference" if options.reference else None,
        keep_explanations=False,
    )


def _said(report: tw.Report, model: str, options: argparse.Namespace) -> dict[str, Any]:
    language = LanguageFigures()
    for record in report.records[model]:
        language.add_caption(tw.demo.scene(options.seed + record["number"]), record["answer"])
    of_model = report.summary[report.summary["model"] == model].iloc[0]
    tam = report.samples.query("model == @model and method == 'TAM (both)'")
    return {
        "model": model,
        "nouns named: precision": language.precision.share,
        "recall": language.recall.share,
        "objects measured": int(of_model["objects"]),
        "function words measured": int(of_model["function_words"]),
        "answers without an object": int((tam["objects"] == 0).sum()),
        "answers that failed": int(of_model["failed"]),
    }


def _row(found: dict[str, Any]) -> dict[str, Any]:
    named = {title: found[measure] for title, measure in MEASURES.items()}
    ends = f"{found['f1_iou_low']:.3f} to {found['f1_iou_high']:.3f}"
    return {"model": found["model"], "method": found["method"]} | named | {"F1-IoU, 95 %": ends}


if __name__ == "__main__":
    main()
