"""Compares a map with a region: Otsu's foreground and its overlap with the truth (OpenCV)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tam_widgets.evaluation.measures.opencv import opencv


@dataclass(frozen=True)
class Overlap:
    """How well a map's foreground covers a region; every value is in 0..1."""

    iou: float
    precision: float
    recall: float


def foreground(
    heatmap: NDArray[np.uint8], height: int, width: int
) -> tuple[float, NDArray[np.bool_]]:
    """Resizes a map to the mask's size and cuts it at Otsu's threshold.

    Args:
        heatmap: [h, w], 0..255.
        height: Height of the mask in pixels.
        width: Width of the mask in pixels.

    Returns:
        The threshold, 0..255, and the pixels above it, [height, width].
    """
    cv2 = opencv()
    resized = cv2.resize(heatmap, (width, height))
    threshold, binary = cv2.threshold(resized, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    return float(threshold), binary > 0


def overlap(predicted: NDArray[np.bool_], truth: NDArray[np.bool_], empty: float) -> Overlap:
    """Compares two regions of the same shape.

    Args:
        predicted: The foreground.
        truth: The region; not empty.
        empty: Precision of an empty foreground: 0, or NaN as published.
    """
    hits = int(np.count_nonzero(predicted & truth))
    area, size = int(np.count_nonzero(predicted)), int(np.count_nonzero(truth))
    return Overlap(
        iou=hits / (area + size - hits),
        precision=hits / area if area else empty,
        recall=hits / size,
    )


def harmonic_mean(a: float, b: float) -> float:
    """Returns 2ab / (a + b); 0 if both are 0, NaN if one is NaN."""
    if math.isnan(a) or math.isnan(b):
        return math.nan
    return 2 * a * b / (a + b) if a + b else 0.0
