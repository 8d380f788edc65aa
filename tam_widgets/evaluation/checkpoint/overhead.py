"""What `explain` adds to the same `generate` call, in time and, on a GPU, in memory.

`generate` runs on inputs that were preprocessed before; `explain` begins with the picture and ends
with the finished record. Both take turns, and the ratio is the median of neighbouring ratios.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

from tam_widgets.evaluation.datasets.sample import Sample

ROUNDS = 3
_GB = 1e9


def overhead(explainer: Any, sample: Sample, max_new_tokens: int) -> dict[str, float | int]:
    """Measures one picture.

    Args:
        explainer: An `Explainer`.
        sample: Its picture and prompt.
        max_new_tokens: Longest answer, in tokens.

    Returns:
        Numbers of visual and answer tokens; median seconds of `generate` and `explain`; their
        ratio; on a GPU the peak memory of each, in GB.
    """
    options = {"max_new_tokens": max_new_tokens, "do_sample": False, "num_beams": 1}

    def explained() -> Any:
        return explainer.explain(sample.image, sample.prompt, progress=False, **options)

    first = explained()  # the first call also warms up
    inputs = explainer.frozen(first).encoded.inputs

    def generated() -> Any:
        return explainer.model.generate(**inputs, **options)

    generated()
    times = [(_timed(generated), _timed(explained)) for _ in range(ROUNDS)]
    found = {
        "visual tokens": first.visual_length,
        "answer tokens": len(first.tokens) - first.prompt_length,
        "generate, s": median(plain for plain, _ in times),
        "explain, s": median(ours for _, ours in times),
        "explain / generate": median(ours / plain for plain, ours in times),
    }
    return found | _memory({"generate, GB": generated, "explain, GB": explained})


def _timed(work: Callable[[], Any]) -> float:
    """Seconds until the work is done, on a GPU too."""
    start = time.perf_counter()
    work()
    _finish()
    return time.perf_counter() - start


def _finish() -> None:
    import torch

    if torch.accelerator.is_available():
        torch.accelerator.synchronize()


def _memory(works: dict[str, Callable[[], Any]]) -> dict[str, float]:
    import torch

    peaks = {}
    for name, work in works.items() if torch.cuda.is_available() else ():
        torch.cuda.reset_peak_memory_stats()
        work()
        peaks[name] = torch.cuda.max_memory_allocated() / _GB
    return peaks
