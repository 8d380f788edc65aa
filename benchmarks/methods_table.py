"""All methods on the demo models: plausibility and faithfulness, with intervals, and our own choices.

Runs resume in their folder, so that a run may be cut off: give the same command again. Each part and
model has a report of its own there, so that several processes may share the work:

    python benchmarks/methods_table.py --folder runs --parts cheap --models llava

Last, `--table --json` reads what is there, and writes the table and its figures.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from models import load
from report import RESULTS, arguments, machine, save, table

import tam_widgets as tw
from tam_widgets.evaluation.datasets import DemoScenes
from tam_widgets.evaluation.measures.explanations import score_explanation
from tam_widgets.evaluation.reports.statistics import bootstrap_interval

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
SEARCHED = ("tam", "occlusion", "eagle")
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
    "occlusion": Part(("tam", "occlusion"), 40, "cells"),
    "costly": Part(("tam", "integrated-gradients", "rise"), 20, "cells"),
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
    layers = {"layers": "all"} if part.methods is CHOICES else {}
    tw.evaluate(
        load(model),
        DemoScenes(part.scenes),
        part.methods,
        folder=folder,
        faithfulness=part.faithfulness,
        keep_explanations=False,
        **layers,
    )


def search(model: str, folder: Path) -> None:
    """Runs or resumes EAGLE's search, a scene at a time."""
    folder.mkdir(parents=True, exist_ok=True)
    explainer, data = load(model), DemoScenes(SEARCH_SCENES)
    for seed in range(SEARCH_SCENES):
        kept = folder / f"{seed:03d}.json"
        if not kept.exists():
            save(kept, json.dumps(searched(explainer, tw.demo.scene(seed), data[seed])))
            print(f"{model} {seed}", flush=True)


def searched(explainer: tw.Explainer, scene: tw.demo.Scene, sample: Any) -> list[dict[str, Any]]:
    """A row for each protocol and method, of the first noun that the answer names."""
    explained = explainer.explain(scene.image, scene.prompt, progress=False)
    named = {group.noun: explained.words("answer") for group in scene.groups}
    for group in scene.groups:
        tokens = [
            word.tokens[0]
            for word in named[group.noun]
            if tw.demo.vocabulary.lemma(word.text) == group.noun
        ]
        if tokens:
            break
    else:
        return []
    token, mask = tokens[0], scene.masks[group.noun]
    computed = [name for name in SEARCHED if tw.METHODS[name].maps is None]
    explained = explainer.attribute(explained, computed, token, progress=False)
    rows = []
    for protocol in ("cells", "eagle"):
        check = explainer.check(
            explained, token, SEARCHED, protocol, mask=np.asarray(mask), progress=False
        )
        for row in check.to_dataframe().to_dict("records"):
            rows.append({"protocol": protocol, "noun": group.noun, **row})
    return rows
