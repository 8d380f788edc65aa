"""Part of a data set, for a first look at a large one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tam_widgets.errors import DatasetError
from tam_widgets.evaluation.datasets.sample import Dataset, Sample


@dataclass(frozen=True)
class Head:
    """The first samples of a data set; all of them if it has no more.

    Attributes:
        dataset: Any data set.
        count: Number of samples, at least 1.

    Raises:
        DatasetError: The count is not a positive whole number.
    """

    dataset: Dataset | Sequence[Sample]
    count: int

    def __post_init__(self) -> None:
        if isinstance(self.count, bool) or not isinstance(self.count, int) or self.count < 1:
            raise DatasetError(f"the first {self.count!r} samples: give a whole number from 1 on")

    @property
    def name(self) -> str:
        """What reports call the data set."""
        whole = getattr(self.dataset, "name", type(self.dataset).__name__)
        return f"{whole}, the first {len(self)}"

    def __len__(self) -> int:
        return min(self.count, len(self.dataset))

    def __getitem__(self, number: int) -> Sample:
        if not 0 <= number < len(self):
            raise IndexError(number)
        return self.dataset[number]
