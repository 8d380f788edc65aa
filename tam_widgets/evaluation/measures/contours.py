"""Outlines of the objects of a mask, as the gallery draws them over the picture (OpenCV)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tam_widgets.evaluation.measures.explanations import labels_in
from tam_widgets.evaluation.measures.opencv import opencv
from tam_widgets.views.outline import Ring

UNITS = 1000
"""Of a picture's width and height, in which `Ring` counts."""
TOLERANCE = 1.5
"""Largest distance of a simplified outline from the true one, in `UNITS`; see `PIXELS`."""
PIXELS = 0.75
"""The same in pixels of the mask, if that is more: a small mask's steps are no corners."""
LEAST_AREA = 20.0
"""Smaller parts are left out, unless an object has no larger one; a picture has a million."""
MAX_RINGS = 60
"""Most parts of one category, the largest ones."""


def contours(labels: NDArray[np.integer], category: Mapping[str, int]) -> dict[str, list[Ring]]:
    """The outlines of each category that a mask shows; holes have outlines of their own.

    Args:
        labels: [height, width] of the upright full-size picture.
        category: Label, from 1 on, of each category name.

    Raises:
        MissingExtraError: OpenCV is not installed (extra ``eval``).
    """
    small = _sampled(labels)
    there = labels_in(small)
    tolerance = max(TOLERANCE, PIXELS * UNITS / min(labels.shape))
    found = {
        name: _rings(small == label, tolerance)
        for name, label in category.items()
        if label in there
    }
    return {name: rings for name, rings in found.items() if rings}


def _sampled(labels: NDArray[np.integer]) -> NDArray[np.integer]:
    """The mask at the centres of `UNITS` by `UNITS` cells."""
    rows, cols = (((np.arange(UNITS) + 0.5) * side / UNITS).astype(int) for side in labels.shape)
    small: NDArray[np.integer] = labels[rows][:, cols]
    return small


def _rings(mask: NDArray[np.bool_], tolerance: float) -> list[Ring]:
    cv2 = opencv()
    lines, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    ranked = sorted(lines, key=cv2.contourArea, reverse=True)
    large = [line for line in ranked if cv2.contourArea(line) >= LEAST_AREA] or ranked[:1]
    simple = (cv2.approxPolyDP(line, tolerance, True) for line in large[:MAX_RINGS])
    # lines run through the centres of cells: stretched, they reach the picture's edges
    return [np.rint(line.ravel() * UNITS / (UNITS - 1)).astype(int).tolist() for line in simple]
