"""A mask that objects are painted on, one over another, and what it does not show of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tam_widgets.evaluation.datasets.outlines import Mask

COVERED = 0.5
"""Share of an object's pixels from which on it is noted that others cover it."""
MOST_NAMED = 5
"""Objects that a note names."""


class Canvas:
    """Labels of a picture; of objects that overlap, the later one is seen.

    Args:
        height: Of the picture, in pixels.
        width: Of the picture, in pixels.
        largest: The largest label.

    Attributes:
        labels: [height, width]; 0 is background.
    """

    def __init__(self, height: int, width: int, largest: int) -> None:
        dtype = np.uint16 if largest < 2**16 else np.uint32
        self.labels: NDArray[np.unsignedinteger[Any]] = np.zeros((height, width), dtype)
        self._top = np.zeros((height, width), np.int32)  # number of the object that is seen
        self._names = [""]
        self._pixels, self._covered = [0], np.zeros(1, np.int64)
        self._beyond: list[str] = []

    def paint(self, name: str, label: int, shape: Mask, beyond: bool) -> None:
        """Paints an object over those before it.

        Args:
            name: What notes call it.
            label: Its label.
            shape: Its pixels, [height, width].
            beyond: Whether its outline reaches beyond the picture.
        """
        hidden = self._top[shape & (self.labels != label)]
        self._covered += np.bincount(hidden, minlength=len(self._names))
        self._covered = np.append(self._covered, 0)
        self._top[shape] = len(self._names)
        self.labels[shape] = label
        self._names.append(name)
        self._pixels.append(int(np.count_nonzero(shape)))
        if beyond and self._pixels[-1]:
            self._beyond.append(name)

    def notes(self) -> list[str]:
        """What the labels do not show as a whole, a text for each kind; none if they show all."""
        objects = list(zip(self._names, self._pixels, self._covered.tolist(), strict=True))[1:]
        kinds = {
            "without a pixel in the picture": [name for name, pixels, _ in objects if not pixels],
            "cut off at the picture's edges": self._beyond,
            "covered by others to at least half": [
                name for name, pixels, covered in objects if pixels and covered >= COVERED * pixels
            ],
        }
        return [f"annotations {kind}: {_listed(names)}" for kind, names in kinds.items() if names]


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
