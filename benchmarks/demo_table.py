"""What each step of the method brings: CAM, +ECI, +RGF and TAM of the demo models, held-out scenes.

All four methods read one explanation a scene. Obj-IoU and Func-IoU are means over all objects named
and over all function words of the captions.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models import load
from report import RESULTS, arguments, machine, publish, save, table

import tam_widgets as tw
from tam_widgets.demo.scenes import Scene
from tam_widgets.demo.training.evaluate import LanguageFigures
from tam_widgets.evaluation.explanations import evaluate_explanation
from tam_widgets.evaluation.metrics import Scores, Summary, aggregate

METHODS = {"cam": "CAM", "tam-no-rgf": "+ ECI", "tam-no-eci": "+ RGF", "tam": "TAM (both)"}
NOT_IN_THE_SCENE = 100
"""Labels from here on belong to nouns that a scene does not show."""


def main() -> None:
    options = _options()
    facts: dict[str, Any] = {"scenes": options.scenes, "first seed": options.seed}
    facts["method"] = "compat='reference'" if options.reference else "default"
    rows, said = [], []
    for name in options.models:
        language, summaries = _measure(load(name), options)
        said.append(_said(Path(name).name, language, summaries["tam"]))
        rows += [_row(Path(name).name, method, summaries[method]) for method in METHODS]
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


def _measure(
    explainer: tw.Explainer, options: argparse.Namespace
) -> tuple[LanguageFigures, dict[str, Summary]]:
    language = LanguageFigures()
    scores: dict[str, list[Scores]] = {method: [] for method in METHODS}
    for scene, explanation in _explained(explainer, options):
        language.add_caption(scene, explanation.text.strip())
        for method, found in scores.items():
            found.append(_score(explanation, scene, method, options.reference))
    return language, {method: aggregate(found) for method, found in scores.items()}


def _explained(
    explainer: tw.Explainer, options: argparse.Namespace
) -> Iterator[tuple[Scene, tw.Explanation]]:
    for seed in range(options.seed, options.seed + options.scenes):
        scene = tw.demo.scene(seed)
        yield scene, explainer.explain(scene.image, scene.prompt, progress=False)


def _score(explanation: tw.Explanation, scene: Scene, method: str, reference: bool) -> Scores:
    category = {noun: NOT_IN_THE_SCENE + k for k, noun in enumerate(tw.demo.NOUNS)}
    category |= {group.noun: 1 + k for k, group in enumerate(scene.groups)}
    compat = "reference" if reference else None
    return evaluate_explanation(explanation, scene.labels, category, method, compat=compat)


def _said(name: str, language: LanguageFigures, summary: Summary) -> dict[str, Any]:
    return {
        "model": name,
        "nouns named: precision": language.precision.share,
        "recall": language.recall.share,
        "objects measured": summary.objects,
        "named but absent": summary.absent,
        "function words measured": summary.function_words,
        "answers without an object": summary.without_objects,
    }


def _row(name: str, method: str, summary: Summary) -> dict[str, Any]:
    return {
        "model": name,
        "method": METHODS[method],
        "Obj-IoU": summary.obj_iou,
        "Func-IoU": summary.func_iou,
        "F1-IoU": summary.f1_iou,
        "pixel precision": summary.precision,
        "pixel recall": summary.recall,
    }


if __name__ == "__main__":
    main()
