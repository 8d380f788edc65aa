"""The F1-IoU of a run so far."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from tam_widgets.evaluation.measures.overlap import harmonic_mean


class RunningF1:
    """Pools the words of records as they arrive.

    Args:
        method: Whose words are pooled.
    """

    def __init__(self, method: str) -> None:
        self._method = method
        self._sums = {"iou": 0.0, "below_threshold": 0.0}
        self._counts = {"iou": 0, "below_threshold": 0}

    def add(self, record: Mapping[str, Any]) -> None:
        """Adds a record; one without words changes nothing."""
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
