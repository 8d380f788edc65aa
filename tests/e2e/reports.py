"""Reports of made-up answers: what each sample scores is known without a model."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import tam_widgets as tw
from tam_widgets.evaluation.datasets import Sample
from tests.e2e.samples import HEIGHT, WIDTH, explanation

CATEGORY = {"dog": 1, "ball": 2, "cat": 3}
ANSWERS = (
    (" A", " dog", " and", " a", " ball", "."),
    (" A", " red", " ball", "."),
    (" The", " cat", " and", " the", " dog", "."),
)


@dataclass
class Answers:
    """Answers picture n with the n-th of its answers, in a ring.

    Attributes:
        name: Of the model.
        shift: How many answers it is ahead.
    """

    name: str
    shift: int = 0

    def explain(self, image: Any, _prompt: Any, **_options: Any) -> tw.Explanation:
        answer = ANSWERS[(int(image) + self.shift) % len(ANSWERS)]
        return explanation(answer, title=self.name)


def samples(count: int) -> list[Sample]:
    """Samples `sample 000`, …: a dog and a ball that lie elsewhere in each, and never a cat."""
    return [
        Sample(
            id=f"sample {number:03}",
            image=str(number),
            prompt="Describe this image.",
            mask=_mask(number),
            category=CATEGORY,
            captions=("a dog and a ball",),
        )
        for number in range(count)
    ]


def make_report(folder: Path, *models: Answers, count: int = 30) -> tw.Report:
    """Evaluates models into a folder that did not exist, or is made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    return tw.evaluate(list(models), samples(count), ["tam", "cam"], folder=folder, progress=False)


def _mask(number: int) -> np.ndarray:
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    top = number % 6 * 8
    mask[top : top + 32, : 40 + number % 7 * 6] = CATEGORY["dog"]
    mask[48:, 60 - number % 5 * 10 :] = CATEGORY["ball"]
    return mask
