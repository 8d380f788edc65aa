"""What large explanations cost: a page, a picture, the view, saving and opening.

They are made up, with the values of a random model: half of all activations are 0. One other word
a token is kept, as `explain` keeps it. Peak memory is what each work adds to the explanation's own.
"""

from __future__ import annotations

import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from peak_memory import added_peak
from report import arguments, publish
from samples import explanation

import tam_widgets as tw
from tam_widgets.explanation.record import ARRAYS

SIZES = ((2000, 24, 24), (256, 320, 320), (1000, 320, 320))
"""Tokens, rows and columns."""


def main() -> None:
    options = arguments(__doc__).parse_args()
    warnings.simplefilter("ignore", UserWarning)  # each is large, and said to be
    with tempfile.TemporaryDirectory() as folder:
        _works(_made(20, 8, 8), Path(folder))["page"]()  # imports
        rows = [_measured(size, Path(folder)) for size in SIZES]
    publish("large_records", rows, options.json)


def _measured(size: tuple[int, int, int], folder: Path) -> dict[str, Any]:
    one = _made(*size)
    own = sum(getattr(one, name).nbytes for name in ARRAYS)
    row: dict[str, Any] = {"tokens": size[0], "visual tokens": size[1] * size[2], "MB": own / 1e6}
    for name, work in _works(one, folder).items():
        start = time.perf_counter()
        row[f"{name} MB"] = added_peak(work) / 1e6
        row[f"{name} s"] = time.perf_counter() - start
    row["page MB on disk"] = (folder / "page.html").stat().st_size / 1e6
    return row


def _works(one: tw.Explanation, folder: Path) -> dict[str, Callable[[], Any]]:
    return {
        "page": lambda: one.to_html(folder / "page.html"),
        "picture": lambda: one.to_png(folder / "picture.png"),
        "view": lambda: tw.Explorer(one),
        "save": lambda: one.save(folder / "one.safetensors"),
        "load": lambda: tw.load(folder / "one.safetensors"),
    }


def _made(tokens: int, rows: int, cols: int) -> tw.Explanation:
    rng = np.random.default_rng(0)
    made = explanation(tokens, rows, cols)
    answer = range(made.prompt_length, tokens)
    other = [tw.Alternative(i, " other", (7,), 0.1) for i in answer]
    return replace(
        made,
        activations=rng.normal(size=(tokens, rows * cols)).astype(np.float32).clip(0),
        alternatives=tuple(other),
        alternative_activations=rng.normal(size=(len(other), rows * cols)).astype("f4").clip(0),
        alternative_relevance=made.relevance[answer.start :],
    )


if __name__ == "__main__":
    main()
