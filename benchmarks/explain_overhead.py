"""What `explain` adds to the same `generate` call, in time and, on a GPU, in memory.

`generate` runs on inputs that were preprocessed beforehand; `explain` begins with the picture and
ends with the finished record. Both take turns; the ratio is the median of neighbouring ratios.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from models import chat_inputs
from PIL import Image
from random_models import MODELS, build
from report import accelerator, arguments, interleaved, median_ratio, publish

import tam_widgets as tw

PROMPT = "Describe this image."
SIDES = {"small": 560, "qwen2-vl-2b": 560, "llava-1.5-7b": 336}
"""Side of the picture in pixels: 20 × 20 visual tokens for Qwen2-VL, 24 × 24 for LLaVA."""


def main() -> None:
    options = _options()
    rows = []
    for name in options.models:
        explainer = build(name, options.device, getattr(torch, options.dtype))
        rows += [_measure(explainer, tokens, options) for tokens in options.new_tokens]
    suffix = "" if options.device == "cpu" else f"_{options.device.partition(':')[0]}"
    facts = {"dtype": options.dtype, "device": accelerator() if suffix else "cpu"}
    publish(f"explain_overhead{suffix}", rows, options.json, **facts)


def _options() -> argparse.Namespace:
    parser = arguments(__doc__)
    parser.add_argument("--models", nargs="+", default=["small"], choices=list(MODELS))
    parser.add_argument("--new-tokens", nargs="+", type=int, default=[64])
    parser.add_argument("--dtype", default="float32", help="name of a torch type")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--rounds", type=int, default=7)
    return parser.parse_args()


def _measure(explainer: tw.Explainer, tokens: int, options: argparse.Namespace) -> dict[str, Any]:
    side = SIDES[explainer.name]
    pixels = np.random.default_rng(0).integers(0, 256, (side // 14, side // 14, 3), dtype=np.uint8)
    image = Image.fromarray(pixels).resize((side, side))
    length = {"min_new_tokens": tokens, "max_new_tokens": tokens, "do_sample": False}
    inputs = chat_inputs(explainer, image, PROMPT)
    works: dict[str, Callable[[], Any]] = {
        "generate": lambda: explainer.model.generate(**inputs, **length),
        "explain": lambda: explainer.explain(image, PROMPT, progress=False, **length),
        "preprocess": lambda: chat_inputs(explainer, image, PROMPT),
    }
    works = {name: _synchronised(work, options.device) for name, work in works.items()}
    times = interleaved(works, options.rounds)
    visual = explainer.explain(image, PROMPT, progress=False, max_new_tokens=2).activations.shape[1]
    row = {"model": explainer.name, "visual tokens": visual, "new tokens": tokens}
    row |= {f"{name} s": statistics.median(values) for name, values in times.items()}
    row["explain / generate"] = median_ratio(times["explain"], times["generate"])
    return row | _gpu_memory(works, options.device)


def _synchronised(work: Callable[[], Any], device: str) -> Callable[[], Any]:
    def finished() -> None:
        work()
        if device != "cpu":
            torch.cuda.synchronize()

    return finished


def _gpu_memory(works: dict[str, Callable[[], Any]], device: str) -> dict[str, Any]:
    """Peak device memory of each call, in GB."""
    if device == "cpu":
        return {}
    peaks = {}
    for name in ("generate", "explain"):
        torch.cuda.reset_peak_memory_stats()
        works[name]()
        peaks[f"{name} GB"] = torch.cuda.max_memory_allocated() / 1e9
    return peaks


if __name__ == "__main__":
    main()
