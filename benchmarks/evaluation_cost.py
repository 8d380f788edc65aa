"""What an evaluation costs: the metrics of one caption, and a whole run against its answers alone.

A caption has 20 tokens on a 12 × 16 grid and a mask of 640 × 480 with the 80 categories of COCO. A
run measures the demo models on held-out scenes with one and with four methods, and keeps all that
it keeps by default; the scenes are drawn beforehand. It takes turns with `explain` and with
transformers' own `generate` on the same scenes: once with the processor making its inputs, as for
anyone who asks a model, and once with inputs made beforehand. Ratios are medians of neighbouring
runs, in the process's CPU seconds, on one thread, since other work on the machine would drown the
difference in wall time.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from models import chat_inputs
from report import arguments, median_ratio, publish, seconds

import tam_widgets as tw
from tam_widgets.evaluation.datasets import DemoScenes
from tam_widgets.evaluation.measures.metrics import score_maps
from tam_widgets.evaluation.words.language import Library

FOUR = ["cam", "tam-no-rgf", "tam-no-eci", "tam"]
CAPTION = "A man in a red shirt rides a brown horse next to a large white dog and a car today"
COCO = Path(__file__).parent.parent / "tests/evaluation/coco/annotations/instances_minival2014.json"


def main() -> None:
    torch.set_num_threads(1)
    parser = arguments(__doc__)
    parser.add_argument("--scenes", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    caption = _caption()
    rows = [_run(name, options.scenes, options.rounds) for name in tw.demo.MODELS]
    publish("evaluation_cost", rows, options.json, **{"metrics of one caption, ms": caption})


def _caption() -> float:
    words = CAPTION.split()
    rng = np.random.default_rng(0)
    maps = rng.integers(0, 256, (len(words), 12, 16), dtype=np.uint8)
    mask = np.zeros((480, 640), np.uint8)
    mask[100:300, 100:300], mask[300:400, 300:500] = 1, 18
    category = {c["name"]: c["id"] for c in json.loads(COCO.read_text())["categories"]}
    english, groups = Library(), [[i] for i in range(len(words))]

    def work() -> None:
        parts_of_speech = english.parts_of_speech(words)
        score_maps(maps, words, groups, mask, category, parts_of_speech, lemma=english.lemma)

    work()
    return round(1000 * statistics.median(seconds(work) for _ in range(100)), 2)


def _run(name: str, scenes: int, rounds: int) -> dict[str, Any]:
    explainer, dataset = tw.demo.explainer(name), list(DemoScenes(scenes))
    prepared = [chat_inputs(explainer, sample.image, sample.prompt) for sample in dataset]

    def measured(methods: list[str]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            tw.evaluate(explainer, dataset, methods, folder=folder, progress=False)

    def explained() -> None:
        for sample in dataset:
            explainer.explain(sample.image, sample.prompt, progress=False)

    def generate(inputs: Any) -> None:
        with torch.no_grad():
            explainer.model.generate(**inputs, max_new_tokens=256, do_sample=False)

    def generated() -> None:
        for sample in dataset:
            generate(chat_inputs(explainer, sample.image, sample.prompt))

    def generated_alone() -> None:
        for inputs in prepared:
            generate(inputs)

    works = {
        "alone": generated_alone,
        "generate": generated,
        "explain": explained,
        "one": lambda: measured(["tam"]),
        "four": lambda: measured(FOUR),
    }
    times = _cpu_seconds(works, rounds)
    return {
        "model": name,
        "answers": scenes,
        "generate, CPU s": statistics.median(times["generate"]),
        "explain / generate": median_ratio(times["explain"], times["generate"]),
        "1 method / generate": median_ratio(times["one"], times["generate"]),
        "4 methods / generate": median_ratio(times["four"], times["generate"]),
        "1 method / generate, inputs ready": median_ratio(times["one"], times["alone"]),
        "4 methods / generate, inputs ready": median_ratio(times["four"], times["alone"]),
    }


def _cpu_seconds(works: dict[str, Callable[[], None]], rounds: int) -> dict[str, list[float]]:
    """CPU seconds of each round, by name; the works take turns, after one untimed round."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for number in range(rounds + 1):
        for name, work in works.items():
            start = time.process_time()
            work()
            if number:
                times[name].append(time.process_time() - start)
    return times


if __name__ == "__main__":
    main()
