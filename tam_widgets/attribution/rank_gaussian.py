"""The rank Gaussian filter, which removes salt-and-pepper noise from activation maps.

TAM, arXiv 2506.23270, section "Rank Gaussian Filter". All steps run in the precision of the
published code (float32 statistics, float64 weights), so that equal input gives equal output.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..errors import OptionError


def rank_gaussian_filter(maps: NDArray[np.floating], kernel_size: int = 3) -> NDArray[np.floating]:
    """Filters maps by a Gaussian over the sorted values of each window.

    Each window of `kernel_size`² values (borders reflected) is sorted and averaged with weights
    `exp(−(j − k²//2)² / (2 (σ/μ)²))`, μ being its mean and σ its population standard deviation.
    A window without positive mean gives 0, a constant window its value.

    Args:
        maps: [..., rows, cols], any number of maps of one shape.
        kernel_size: Odd, at least 1, and at most the longer side of the maps (but 3 at least).

    Returns:
        An array of the input's shape and floating type.

    Raises:
        OptionError: If the kernel size is even or too large for the grid.

    Example:
        >>> spike = np.zeros((5, 5), np.float32)
        >>> spike[2, 2] = 1
        >>> float(rank_gaussian_filter(spike).max()) < 0.5
        True
    """
    check_kernel_size(kernel_size, maps.shape[-2:])
    if kernel_size == 1:
        return maps.copy()
    pad = kernel_size // 2
    widths = [(0, 0)] * (maps.ndim - 2) + [(pad, pad)] * 2
    padded = np.pad(maps, widths, mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kernel_size,) * 2, axis=(-2, -1))
    ranked = np.sort(windows.reshape(*maps.shape, kernel_size**2), axis=-1)
    return _weighted_mean(ranked)


def check_kernel_size(kernel_size: int, shape: tuple[int, ...]) -> None:
    """Refuses a kernel size that is even, not positive, or larger than both sides of the grid.

    A window that exceeds only the shorter side sees its rows or columns reflected repeatedly;
    the default of 3 is let through for every grid.
    """
    if kernel_size < 1 or kernel_size % 2 == 0:
        raise OptionError(f"kernel_size={kernel_size!r}: give an odd number from 1 (1 = no filter)")
    side = max(3, *shape)
    if kernel_size > side:
        largest = side - 1 + side % 2
        raise OptionError(
            f"kernel_size={kernel_size} is larger than the grid of {shape[0]} x {shape[1]} tokens: "
            f"give an odd number up to {largest}"
        )


def _weighted_mean(ranked: NDArray[np.floating]) -> NDArray[np.floating]:
    middle = ranked.shape[-1] // 2
    mean = ranked.mean(axis=-1)
    deviation = ranked.std(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = 2 * (deviation / mean) ** 2
        offsets = np.arange(ranked.shape[-1]) - middle
        weights = np.exp(-(offsets**2) / spread[..., None].astype(np.float64))
        weights /= weights.sum(axis=-1, keepdims=True)
        value = (ranked * weights).sum(axis=-1)
    value = np.where(spread > 0, value, ranked[..., middle])
    return np.where(mean > 0, value, 0).astype(ranked.dtype)
