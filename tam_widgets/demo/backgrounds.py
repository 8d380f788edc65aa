"""Soft backgrounds for scenes: a gradient of two pale colours with a faint texture."""

from __future__ import annotations

import colorsys

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def background(rng: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    """Draws a background.

    Args:
        rng: Random generator for every choice.
        size: Width and height in pixels.

    Returns:
        RGB image.
    """
    start, stop = _pale(rng), _pale(rng)
    mix = _ramp(rng, size)[..., None]
    pixels = start * (1 - mix) + stop * mix
    pixels += 6 * _texture(rng, size)[..., None]
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _pale(rng: np.random.Generator) -> NDArray[np.float32]:
    hue, saturation, value = rng.random(), rng.uniform(0.06, 0.36), rng.uniform(0.78, 1.0)
    colour = colorsys.hsv_to_rgb(hue, saturation, value)
    return np.asarray(colour, dtype=np.float32) * 255


def _axes(size: tuple[int, int]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / max(size)
    return x, y


def _ramp(rng: np.random.Generator, size: tuple[int, int]) -> NDArray[np.float32]:
    x, y = _axes(size)
    angle = rng.uniform(0, 2 * np.pi)
    along = x * np.float32(np.cos(angle)) + y * np.float32(np.sin(angle))
    ramp: NDArray[np.float32] = (along - along.min()) / (np.ptp(along) + 1e-6)
    return ramp


def _texture(rng: np.random.Generator, size: tuple[int, int]) -> NDArray[np.float32]:
    kind = rng.integers(4)
    if kind == 0:
        return np.zeros(size[::-1], dtype=np.float32)
    if kind == 1:
        return _clouds(rng, size)
    x, y = _axes(size)
    angle, waves = rng.uniform(0, np.pi), rng.uniform(20, 60)
    along = x * np.float32(np.cos(angle)) + y * np.float32(np.sin(angle))
    stripes: NDArray[np.float32] = np.sin(np.float32(waves) * along)
    if kind == 2:
        return np.float32(0.6) * stripes
    across = y * np.float32(np.cos(angle)) - x * np.float32(np.sin(angle))
    return stripes * np.sin(np.float32(waves) * across)


def _clouds(rng: np.random.Generator, size: tuple[int, int]) -> NDArray[np.float32]:
    cells = Image.fromarray(rng.uniform(-1, 1, (6, 6)).astype(np.float32))
    return np.asarray(cells.resize(size, Image.Resampling.BICUBIC))
