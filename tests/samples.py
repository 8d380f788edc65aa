"""Golden data as traces, for tests of all that is built on them; and pictures of noise."""

from pathlib import Path

import numpy as np
from PIL import Image

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


def photo(width: int = 200, height: int = 120, seed: int = 0) -> Image.Image:
    """A picture of noise, of which no two cells are alike."""
    pixels = np.random.default_rng(seed).integers(0, 255, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(pixels)
