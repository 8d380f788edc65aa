"""Refuses samples that share an id, by which reports find and pair them."""

from __future__ import annotations

from typing import Any

from tam_widgets.errors import DatasetError, EvaluationError
from tam_widgets.evaluation.datasets.sample import Sample


class SharedIdError(EvaluationError):
    """Two samples have one id: it ends the run, as its report could not be read."""


def checked_ids(dataset: Any) -> dict[str, int]:
    """The numbers of a list's samples by their ids; empty for other data sets, which are not read.

    Raises:
        DatasetError: Something in the list is no sample.
        SharedIdError: Two samples have one id.
    """
    numbers: dict[str, int] = {}
    for number, one in enumerate(dataset if isinstance(dataset, list | tuple) else ()):
        add_id(numbers, str(checked_sample(one, number).id), number)
    return numbers


def checked_sample(given: Any, number: int) -> Sample:
    """A sample as it is; raises `DatasetError` for anything else."""
    if not isinstance(given, Sample):
        raise DatasetError(
            f"number {number} of the data set is a {type(given).__name__}: give samples, "
            "tam_widgets.evaluation.datasets.Sample(id, image, prompt, mask, category)"
        )
    return given


def add_id(numbers: dict[str, int], sample: str, number: int) -> None:
    """Adds a sample's id to those known; raises `SharedIdError` if another sample has it."""
    if (known := numbers.setdefault(sample, number)) != number:
        raise SharedIdError(
            f"samples number {known} and {number} of the data set are both called {sample!r:.80}: "
            "give each an id of its own, by which reports find it"
        )
