"""Answers that tiny models read again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np
from PIL import Image

import tam_widgets as tw
from tam_widgets.capture.forcing.black_box import BlackBoxAnswer
from tam_widgets.capture.forcing.frozen_answer import FrozenAnswer
from tam_widgets.explanation.geometry import Grid

from ..models import tiny
from ..models.probe import photo

PROMPT = "Describe this image."
ANSWER = "A cat"


@cache
def explainer(kind: str) -> tw.Explainer:
    """A tiny model, which tests must not change."""
    return tw.Explainer(*tiny.MODELS[kind]())


@cache
def explanation(kind: str) -> tw.Explanation:
    """Of a given answer to one picture."""
    return explainer(kind).explain(photo((120, 90)), PROMPT, answer=ANSWER)


@cache
def frozen_answer(kind: str) -> tuple[FrozenAnswer, list[int]]:
    """The answer, and the indices of its tokens."""
    made = explanation(kind)
    return explainer(kind).frozen(made), made.answer_tokens(None)


def silent(_passes: int) -> None:
    """Shows no progress."""


class MadeAnswer(BlackBoxAnswer):
    """Probabilities that are a known function of the pictures.

    Args:
        probability: Gets the pictures and a token.
        size: Of the only picture, which is white.
        grid: Rows and columns.
    """

    pictures: Sequence[Image.Image] = ()
    grids: tuple[Grid, ...] = ()
    answer_tokens = range(0)

    def __init__(
        self,
        probability: Callable[[Sequence[Image.Image], int], float],
        size: tuple[int, int] = (16, 16),
        grid: tuple[int, int] = (4, 4),
    ) -> None:
        self.probability = probability
        self.pictures = (Image.new("RGB", size, (255, 255, 255)),)
        self.grids = (Grid(*grid, (0, 0, *map(float, size))),)
        self.asked = 0

    def blank(self, name: str = "mean") -> list[Image.Image]:  # noqa: ARG002
        return [Image.new("RGB", picture.size) for picture in self.pictures]

    def read(
        self, variants: Iterable[Sequence[Image.Image]], tokens: Sequence[int]
    ) -> Iterator[np.ndarray]:
        for pictures in variants:
            yield np.log([[self.probability(pictures, token) for token in tokens]])
            self.asked += 1

    def rewritten(self, variants: Iterable[Any], *, progress: Any = silent) -> list[str]:
        raise NotImplementedError


def brightness(pictures: Sequence[Image.Image]) -> np.ndarray:
    """The share of white in each cell of `MadeAnswer`'s picture, [4, 4]."""
    grey = np.asarray(pictures[0].convert("L"), float) / 255
    rows, cols = grey.shape
    return grey.reshape(4, rows // 4, 4, cols // 4).mean(axis=(1, 3))
