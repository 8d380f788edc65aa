"""What `layers="all"` adds to `explain`: time, and the size of the record and its file.

Both take turns; the ratio is the median of neighbouring ratios. The demo model answers a scene, the
others, of random weights, a picture of noise with a fixed number of tokens.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from random_models import MODELS, build
from report import arguments, interleaved, median_ratio, publish

import tam_widgets as tw

PROMPT = "Describe this image."
SIDE = 560
"""Of the picture in pixels: 20 × 20 visual tokens of Qwen2-VL."""


def main() -> None:
    options = _options()
    scene = tw.demo.scene(seed=7).image
    demo = tw.demo.explainer("qwen2-vl")
    rows = [_measure(demo, partial(demo.explain, scene, PROMPT, progress=False), options.rounds)]
    pixels = np.random.default_rng(0).integers(0, 256, (SIDE // 14, SIDE // 14, 3), dtype=np.uint8)
    noise = Image.fromarray(pixels).resize((SIDE, SIDE))
    length = {"min_new_tokens": options.new_tokens, "max_new_tokens": options.new_tokens}
    for name in options.models:
        explainer = build(name, "cpu", getattr(torch, options.dtype))
        explain = partial(explainer.explain, noise, PROMPT, progress=False, **length)
        rows.append(_measure(explainer, explain, options.rounds))
    publish("layers_cost", rows, options.json, dtype=options.dtype)


def _options() -> argparse.Namespace:
    parser = arguments(__doc__)
    parser.add_argument("--models", nargs="*", default=["qwen2-vl-2b"], choices=list(MODELS))
    parser.add_argument("--new-tokens", type=int, default=64)
    parser.add_argument("--dtype", default="bfloat16", help="name of a torch type")
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


def _measure(
    explainer: tw.Explainer, explain: Callable[..., tw.Explanation], rounds: int
) -> dict[str, Any]:
    works = {"last layer": explain, "all layers": partial(explain, layers="all")}
    times = interleaved(works, rounds)
    last, every = explain(), explain(layers="all")
    return {
        "model": explainer.name,
        "layers": every.layer_count,
        "tokens": len(every.tokens),
        "visual tokens": every.visual_length,
        **{f"{name} s": statistics.median(values) for name, values in times.items()},
        "all / last": median_ratio(times["all layers"], times["last layer"]),
        "layers MB": (every.layer_activations.nbytes + every.layer_relevance.nbytes) / 1e6,
        "last layer file MB": _file_size(last) / 1e6,
        "all layers file MB": _file_size(every) / 1e6,
    }


def _file_size(explanation: tw.Explanation) -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.safetensors"
        explanation.save(path)
        return path.stat().st_size


if __name__ == "__main__":
    main()
