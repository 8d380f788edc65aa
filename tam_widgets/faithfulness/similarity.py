"""How alike two maps are: rank correlation and structural similarity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from ..explanation.geometry import Grid, by_grid, in_view

SIGMA = 1.5
"""Standard deviation of SSIM's window, in cells, as published."""
_RADIUS = 5
_K1, _K2 = 0.01, 0.03


def rank_correlation(first: NDArray[Any], second: NDArray[Any]) -> float:
    """Spearman's rank correlation of two maps, −1..1; NaN if one of them is constant.

    Args:
        first: [visual].
        second: [visual].
    """
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return float("nan")
    from scipy.stats import spearmanr

    return float(spearmanr(first, second).statistic)


def structural_similarity(
    first: NDArray[Any], second: NDArray[Any], grids: Sequence[Grid]
) -> float:
    """Mean structural similarity (SSIM) of two maps over all cells, at most 1.

    Wang et al., Image Quality Assessment, 2004, equation 13, with a Gaussian window. Each map is
    divided by its largest absolute value before.

    Args:
        first: [visual].
        second: [visual].
        grids: Where the visual tokens are; the thumbnails of tiled pictures are left out.
    """
    span = 2.0 if min(first.min(), second.min()) < 0 else 1.0
    planes = by_grid(_scaled(first), grids), by_grid(_scaled(second), grids)
    values = [_ssim(planes[0][i], planes[1][i], span).ravel() for i in in_view(grids)]
    return float(np.concatenate(values).mean())


def _scaled(values: NDArray[Any]) -> NDArray[Any]:
    largest = float(np.abs(values).max())
    return np.asarray(values, np.float64) / (largest if largest > 0 else 1)


def _ssim(x: NDArray[Any], y: NDArray[Any], span: float) -> NDArray[Any]:
    def mean(values: NDArray[Any]) -> NDArray[Any]:
        smooth: NDArray[Any] = gaussian_filter(values, SIGMA, radius=_RADIUS)
        return smooth

    c1, c2 = (_K1 * span) ** 2, (_K2 * span) ** 2
    mean_x, mean_y = mean(x), mean(y)
    var_x, var_y = mean(x * x) - mean_x**2, mean(y * y) - mean_y**2
    covariance = mean(x * y) - mean_x * mean_y
    luminance = (2 * mean_x * mean_y + c1) / (mean_x**2 + mean_y**2 + c1)
    return np.asarray(luminance * (2 * covariance + c2) / (var_x + var_y + c2))
