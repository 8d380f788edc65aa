"""The F1-IoU of a run so far, and what a progress bar shows of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from tam_widgets.evaluation.measures.overlap import harmonic_mean
from tam_widgets.terminal import escaped


class RunningF1:
    """Pools the words of records as they arrive.

    Args:
        method: Whose words are pooled.
    """

    def __init__(self, method: str) -> None:
        self._method = method
        self._sums = {"iou": 0.0, "below_threshold": 0.0}
        self._counts = {"iou": 0, "below_threshold": 0}
        self._answers = self._failed = 0
        self._failure = ""

    def add(self, record: Mapping[str, Any]) -> None:
        """Adds a record, measured or not."""
        if record.get("error"):
            self._failed += 1
            self._failure = record["error"]["message"]
            return
        self._answers += 1
        for row in record.get("methods", {}).get(self._method, ()):
            for measure in self._sums:
                if row[measure] is not None:
                    self._sums[measure] += row[measure]
                    self._counts[measure] += 1

    @property
    def value(self) -> float:
        """F1-IoU, 0..1; NaN until there are objects and function words."""
        means = [self._sums[m] / n if (n := self._counts[m]) else math.nan for m in self._sums]
        return harmonic_mean(*means)

    @property
    def text(self) -> str:
        """The F1-IoU or why there is none, and how many samples could not be measured."""
        return ", ".join(part for part in (self._score, self._failures) if part)

    @property
    def _score(self) -> str:
        if not math.isnan(self.value):
            return f"F1-IoU {self.value:.3f}"
        missing = "is a function word" if self._counts["iou"] else "names an object shown"
        answers = f"{self._answers} answer{'s' if self._answers > 1 else ''}"
        return f"no F1-IoU: no word of {answers} {missing}" if self._answers else ""

    @property
    def _failures(self) -> str:
        why = "" if self._answers else f": {escaped(self._failure):.100}"
        return f"{self._failed} failed{why}" if self._failed else ""
