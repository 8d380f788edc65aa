"""What benchmarks of `explain` explain: a scene by a demo model, noise by random weights."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import torch
from PIL import Image
from random_models import MODELS, build
from report import arguments

import tam_widgets as tw

PROMPT = "Describe this image."
SIDE = 560
"""Of the picture of noise in pixels: 20 × 20 visual tokens of Qwen2-VL."""


def explained(
    options: argparse.Namespace,
) -> Iterator[tuple[tw.Explainer, Callable[..., tw.Explanation]]]:
    """The models that the options name, the demo model first, each with a call that explains."""
    scene = tw.demo.scene(seed=7).image
    demo = tw.demo.explainer("qwen2-vl")
    yield demo, partial(demo.explain, scene, PROMPT, progress=False)
    pixels = np.random.default_rng(0).integers(0, 256, (SIDE // 14, SIDE // 14, 3), dtype=np.uint8)
    noise = Image.fromarray(pixels).resize((SIDE, SIDE))
    length = {"min_new_tokens": options.new_tokens, "max_new_tokens": options.new_tokens}
    for name in options.models:
        explainer = build(name, "cpu", getattr(torch, options.dtype))
        yield explainer, partial(explainer.explain, noise, PROMPT, progress=False, **length)


def options_of(description: str | None) -> argparse.Namespace:
    """The command line of such a benchmark."""
    parser = arguments(description)
    parser.add_argument("--models", nargs="*", default=["qwen2-vl-2b"], choices=list(MODELS))
    parser.add_argument("--new-tokens", type=int, default=64)
    parser.add_argument("--dtype", default="bfloat16", help="name of a torch type")
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()
