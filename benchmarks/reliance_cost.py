"""What `reliance=True` adds to `explain`: one forward pass with a blank picture.

Both take turns; the ratio is the median of neighbouring ratios. The demo model answers a scene, the
others, of random weights, a picture of noise with a fixed number of tokens.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable
from functools import partial
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
    publish("reliance_cost", rows, options.json, dtype=options.dtype)


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
    works = {"explain": explain, "with reliance": partial(explain, reliance=True)}
    times = interleaved(works, rounds)
    one = explain()
    return {
        "model": explainer.name,
        "tokens": len(one.tokens),
        "visual tokens": one.visual_length,
        **{f"{name} s": statistics.median(values) for name, values in times.items()},
        "with / without": median_ratio(times["with reliance"], times["explain"]),
    }


if __name__ == "__main__":
    main()
