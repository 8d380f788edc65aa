"""The rank Gaussian filter, which removes salt-and-pepper noise from activation maps.

TAM, arXiv 2506.23270, section "Rank Gaussian Filter". All steps use the precision of the
published code (that of the maps for statistics, float64 for weights), so that equal input gives
equal output.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..contract import CONTRACT
from ..errors import OptionError
from .ranks import Plane, sort_planes, sum_planes

# Bytes of window values that are processed at a time; they fit into a processor's cache.
CHUNK_BYTES = 2**20

Border = Literal["reflect", "repeat"]

# NumPy's names; "reflect" mirrors at the border cell, so that its inner neighbour counts twice.
BORDERS: Mapping[str, Literal["reflect", "edge"]] = {"reflect": "reflect", "repeat": "edge"}

BORDER: Border = CONTRACT.settings["border"].default


def rank_gaussian_filter(
    maps: NDArray[np.floating], kernel_size: int = 3, border: Border = BORDER
) -> NDArray[np.floating]:
    """Filters maps by a Gaussian over the sorted values of each window.

    Each window of `kernel_size`² values is sorted and averaged with weights
    `exp(−(j − k²//2)² / (2 (σ/μ)²))`, where μ is its mean and σ its population standard deviation.
    A window whose mean is not positive gives 0, a constant window its value.

    Args:
        maps: [..., rows, cols], any number of maps of one shape.
        kernel_size: Odd, from 1 to the longer side of the maps; 3 is always allowed.
        border: How maps continue beyond their border: `"repeat"` repeats the border cells;
            `"reflect"`, as published, mirrors the maps there, so that the inner neighbours count
            twice, and heat leaks to the border.

    Returns:
        An array of the same shape and type.

    Raises:
        OptionError: If the kernel size is even or too large for the grid, or the border is unknown.

    Example:
        >>> spike = np.zeros((5, 5), np.float32)
        >>> spike[2, 2] = 1
        >>> float(rank_gaussian_filter(spike).max()) < 0.5
        True
    """
    check_kernel_size(kernel_size, maps.shape[-2:])
    check_border(border)
    if kernel_size == 1:
        return maps.copy()
    planes = maps.reshape(-1, *maps.shape[-2:])
    result = np.empty_like(planes)
    step = max(1, CHUNK_BYTES // (planes[:1].nbytes * kernel_size**2 or 1))
    for start in range(0, len(planes), step):
        part = planes[start : start + step]
        ranked = sort_planes(_windows(part, kernel_size, border))
        result[start : start + step] = _weighted_mean(ranked).reshape(part.shape)
    return result.reshape(maps.shape)


def check_kernel_size(kernel_size: int, shape: tuple[int, ...]) -> None:
    """Refuses a kernel size that is even, not positive, or larger than both sides of the grid.

    A window that exceeds only the shorter side covers several reflections of it. The default of 3
    is allowed on every grid.
    """
    if not isinstance(kernel_size, int | np.integer) or kernel_size < 1 or kernel_size % 2 == 0:
        raise OptionError(f"kernel_size={kernel_size!r}: give an odd number from 1 (1 = no filter)")
    side = max(CONTRACT.always_fits, *shape)
    if kernel_size > side:
        largest = side - 1 + side % 2
        raise OptionError(
            f"kernel_size={kernel_size} is larger than the grid of {shape[0]} x {shape[1]} tokens: "
            f"give an odd number up to {largest}"
        )


def check_border(border: str) -> None:
    """Raises `OptionError` if there is no such border."""
    if not isinstance(border, str) or border not in BORDERS:
        raise OptionError(f"border={border!r}: give one of {', '.join(BORDERS)}")


def _windows(maps: NDArray[np.floating], kernel_size: int, border: Border) -> list[Plane]:
    """One flat plane for each position in the window, [maps × rows × cols]; copies to be sorted."""
    pad = kernel_size // 2
    padded = np.pad(maps, [(0, 0), (pad, pad), (pad, pad)], mode=BORDERS[border])
    rows, cols = maps.shape[1:]
    return [
        padded[:, row : row + rows, col : col + cols].flatten()
        for row in range(kernel_size)
        for col in range(kernel_size)
    ]


def _weighted_mean(ranked: list[Plane]) -> Plane:
    middle = ranked[len(ranked) // 2]
    mean = sum_planes(ranked) / len(ranked)
    deviation = np.sqrt(sum_planes([np.square(plane - mean) for plane in ranked]) / len(ranked))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        spread = 2 * (deviation / mean) ** 2
        value = _gaussian_mean(ranked, np.exp(-1 / spread.astype(np.float64)))
    value = np.where(spread > 0, value, middle)
    return np.where(mean > 0, value, 0).astype(middle.dtype)


def _gaussian_mean(ranked: list[Plane], base: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean with weights `base ** offset²` from the middle, computed by multiplication."""
    middle = len(ranked) // 2
    total, weights = ranked[middle].astype(np.float64), np.ones_like(base)
    weight, growth, square = base.copy(), base * base * base, base * base
    for offset in range(1, middle + 1):
        pair = ranked[middle - offset].astype(np.float64)
        pair += ranked[middle + offset]
        pair *= weight
        total += pair
        weights += 2 * weight
        weight *= growth
        growth *= square
    return total / weights
