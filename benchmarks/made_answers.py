"""A report of many samples without a model: true pictures, made-up answers and maps."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

import tam_widgets as tw
from tam_widgets.evaluation.datasets import DemoScenes
from tam_widgets.explanation.types import StoredImage, Token

SIDE = 224
GRID = tw.Grid(16, 16, (0.0, 0.0, SIDE, SIDE))


class MadeExplainer:
    """Answers a picture at once: the first nouns that its numbers draw, each with a blob of light.

    Attributes:
        name: Of the model.
    """

    def __init__(self, seed: int) -> None:
        self.name = f"model-{seed}"
        self._rng = np.random.default_rng(seed)

    def explain(self, image: Image.Image, _prompt: Any, **_options: Any) -> tw.Explanation:
        nouns = self._rng.choice(tw.demo.NOUNS, self._rng.integers(1, 4), replace=False)
        tokens = _tokens(" and ".join(f"a {noun}" for noun in nouns).split())
        activations = self._blobs(len(tokens))
        relevance = np.tril(self._rng.random((len(tokens),) * 2, dtype=np.float32), -1)
        return tw.Explanation(
            images=(_stored(image),),
            grids=(GRID,),
            tokens=tokens,
            activations=activations,
            relevance=relevance,
            reference_activation=activations[0],
            reference_relevance=relevance[0],
            provenance={"model": self.name, "family": "made", "finish_reason": "stop"},
        )

    def _blobs(self, count: int) -> np.ndarray:
        y, x = np.mgrid[: GRID.rows, : GRID.cols].reshape(2, -1) / GRID.rows
        centre = self._rng.random((2, count, 1))
        distance = (y - centre[0]) ** 2 + (x - centre[1]) ** 2
        return (8 * np.exp(-30 * distance) + self._rng.random(distance.shape)).astype(np.float32)


def evaluate(folder: Path, seed: int, samples: int) -> tw.Report:
    """Evaluates into a folder; a report that lies there already is taken as it is."""
    if (folder / "settings.json").is_file():
        return tw.Report(folder)
    return tw.evaluate(
        MadeExplainer(seed),
        DemoScenes(samples),
        folder=folder,
        keep_explanations=False,
        progress=False,
    )


def _stored(image: Image.Image) -> StoredImage:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=90)
    return StoredImage(file.getvalue(), "image/jpeg", *image.size)


def _tokens(words: list[str]) -> tuple[Token, ...]:
    made, start = [Token(1, "Describe.", "prompt", (0, 9))], 0
    for number, word in enumerate(words):
        text = f" {word}"
        made.append(Token(10 + number, text, "answer", (start, start + len(text)), 0.5))
        start += len(text)
    return tuple(made)
