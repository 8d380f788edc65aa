"""Converts arrays of numbers to pictures."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ...errors import ImageError
from .source_names import excerpt

_ROWS = 256


def picture_of(source: Any, most: int) -> Image.Image:
    """Converts an array to a picture.

    Args:
        source: Anything that NumPy converts to an array [rows, cols], [rows, cols, 1],
            [rows, cols, 3] or [rows, cols, 4] of uint8, of uint16, of bool, or of floats in 0..1.
        most: Most pixels that are allowed.

    Raises:
        ImageError: If its shape or type is not supported, or it is empty, too large, or has values
            out of range.
    """
    try:
        array = np.asarray(source)
    except Exception as error:  # the source's own code, such as that of a GPU tensor
        raise ImageError(
            f"image of type {type(source).__name__} cannot be converted to an array "
            f"({excerpt(error)}); give a NumPy array of shape [rows, cols, 3]"
        ) from error
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (3, 4)):
        raise ImageError(
            f"image array of shape {array.shape}: [rows, cols], [rows, cols, 3] or [rows, cols, 4] "
            "is expected, channels last"
        )
    if array.size == 0:
        raise ImageError(f"image array of shape {array.shape} is empty")
    if array.shape[0] * array.shape[1] > most:
        raise ImageError(
            f"image array of shape {array.shape}: more than {most // 10**6} megapixels; make the "
            "picture smaller first"
        )
    return Image.fromarray(_bytes(array))


def eight_bit(values: NDArray[Any], low: float, high: float) -> NDArray[np.uint8]:
    """Scales grey values from `low`..`high` to 0..255; NaN becomes 0."""
    with np.errstate(over="ignore", invalid="ignore"):
        scaled = (values.astype(np.float64) - low) / (max(high - low, 1e-12) / 255)
    result: NDArray[np.uint8] = np.clip(np.nan_to_num(scaled), 0, 255).astype(np.uint8)
    return result


def _bytes(array: NDArray[Any]) -> NDArray[np.uint8]:
    if array.dtype == np.uint8:
        return np.ascontiguousarray(array)
    if array.dtype == np.bool_:
        return array.astype(np.uint8) * np.uint8(255)
    if array.dtype == np.uint16:
        return (array // 257).astype(np.uint8)
    if np.issubdtype(array.dtype, np.floating) and array.min() >= 0 and array.max() <= 1:
        result = np.empty(array.shape, np.uint8)
        for start in range(0, len(array), _ROWS):  # a float64 copy of the whole would be large
            result[start : start + _ROWS] = np.round(array[start : start + _ROWS] * 255)
        return result
    numbers = np.issubdtype(array.dtype, np.number)
    values = f" from {array.min()} to {array.max()}" if numbers else ""
    raise ImageError(
        f"image array of {excerpt(array.dtype)}{values}: uint8, uint16 or floats in 0..1 are "
        "expected"
    )
