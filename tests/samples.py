"""Golden data as traces, for tests of all that is built on them."""

from pathlib import Path

import numpy as np

import tam_widgets as tw

GOLDEN = Path(__file__).parent / "golden"


def golden(case: str) -> dict[str, np.ndarray]:
    return dict(np.load(GOLDEN / f"{case}.npz"))


def golden_trace(case: str) -> tw.Trace:
    data = golden(case)
    shape = data["vision_shape"]
    return tw.Trace.from_arrays(
        input_ids=data["input_ids"],
        answer_ids=data["answer_ids"],
        hidden=data["hidden"],
        classifier=data["lm_head"],
        visual=range(*data["image_span"]),
        prompt=range(*data["prompt_span"]),
        grids=shape if shape.ndim == 2 else [shape],
    )
