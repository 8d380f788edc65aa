"""A made-up explainer and data set: what it answers, and where its maps lie, is known exactly."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

import tam_widgets as tw
from tam_widgets.capture.inputs.images import store_image
from tam_widgets.errors import ImageError
from tam_widgets.evaluation.datasets import Sample
from tam_widgets.explanation.explanation import Explanation
from tam_widgets.explanation.geometry import Grid
from tam_widgets.explanation.types import StoredImage, Token

WIDTH, HEIGHT = 80, 40
CATEGORY = {"cat": 1, "dog": 2, "hot dog": 3}
WHOLE = Grid(4, 8, (0, 0, WIDTH, HEIGHT))


def explanation(
    words: Sequence[str], lit: Sequence[slice | None], grid: Grid = WHOLE, text: float = 0.0
) -> Explanation:
    """An answer whose words light some columns of a grid.

    Args:
        words: A token each.
        lit: The columns that each lights; None for a dark map.
        grid: Where the visual tokens sit.
        text: Relevance of each word to the next one.
    """
    planes = np.zeros((len(words) + 1, grid.rows, grid.cols), np.float32)
    for plane, columns in zip(planes, lit, strict=False):
        if columns is not None:
            plane[:, columns] = 1
    relevance = np.zeros((len(planes), len(planes)), np.float32)
    relevance[np.arange(1, len(planes)), np.arange(len(planes) - 1)] = text
    activations = planes.reshape(len(planes), -1)
    return Explanation(
        images=(picture(),),
        grids=(grid,),
        tokens=(*_tokens(words), Token(99, "</s>", "answer", _end(words), special=True)),
        activations=activations,
        relevance=relevance,
        reference_activation=activations[0],
        reference_relevance=np.zeros(len(planes), np.float32),
    )


@cache
def picture() -> StoredImage:
    """A picture whose left half is red and whose right half is blue."""
    halves = Image.new("RGB", (WIDTH, HEIGHT), "red")
    halves.paste("blue", (WIDTH // 2, 0, WIDTH, HEIGHT))
    return store_image(halves)


def mask(**columns: slice) -> np.ndarray:
    """A mask with categories in some columns of 10 pixels, such as ``cat=slice(0, 4)``."""
    labels = np.zeros((HEIGHT, WIDTH), np.uint8)
    for name, part in columns.items():
        labels[:, 10 * part.start : 10 * part.stop] = CATEGORY[name.replace("_", " ")]
    return labels


def sample(name: str, labels: Any, **changes: Any) -> Sample:
    fields = {"id": name, "image": name, "prompt": "What?", "mask": labels, "category": CATEGORY}
    return Sample(**(fields | {"captions": ("the cat",)} | changes))


LEFT, RIGHT = slice(0, 4), slice(4, 8)
PICTURES = {
    "good": (("the", "cat"), (None, LEFT)),
    "wrong place": (("the", "dog"), (None, LEFT)),
    "absent": (("a", "dog", "and", "a", "cat"), (None, RIGHT, None, None, LEFT)),
    "no noun": (("there", "is"), (None, LEFT)),
    "no object": (("the", "cat"), (None, LEFT)),
}
MASKS = {
    "good": mask(cat=LEFT),
    "wrong place": mask(dog=RIGHT),
    "absent": mask(cat=LEFT),
    "no noun": mask(cat=LEFT),
    "no object": mask(),
}


class MadeExplainer:
    """Answers as `PICTURES` says; refuses other pictures."""

    def __init__(self, name: str = "made", grid: Grid = WHOLE) -> None:
        self.name = name
        self.grid = grid
        self.asked: list[str] = []

    def explain(self, image: Any, _prompt: Any, **_options: Any) -> Explanation:
        self.asked.append(image)
        if not isinstance(image, str) or image not in PICTURES:
            raise ImageError(f"{image}: the image cannot be read")
        return explanation(*PICTURES[image], self.grid)


def dataset() -> list[Sample]:
    return [sample(name, labels) for name, labels in MASKS.items()]


def report_of_one_id(folder: Path) -> tw.Report:
    """A report of two samples called "good", as older versions made them."""
    names = ["good", "also good"]
    samples = [sample(name, MASKS["good"], image="good") for name in names]
    tw.evaluate(MadeExplainer(), samples, ["tam", "cam"], folder=folder, progress=False)
    shutil.rmtree(folder / "tables")
    (record,) = (folder / "records").glob("*/000001.json")
    record.write_text(record.read_text().replace("also good", "good"))
    return tw.Report(folder)


def _tokens(words: Sequence[str]) -> list[Token]:
    starts = np.cumsum([0, *(len(word) + 1 for word in words)])
    return [
        Token(i, f" {word}", "answer", (int(start), int(start) + len(word) + 1))
        for i, (word, start) in enumerate(zip(words, starts, strict=False))
    ]


def _end(words: Sequence[str]) -> tuple[int, int]:
    length = sum(len(word) + 1 for word in words)
    return (length, length)
