"""The pictures of which scenes consist: one RGBA sprite for each noun, painted on demand."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tam_widgets.demo.vocabulary import COLOURS

_OPAQUE = 128
_LUMINANCE = np.array([0.299, 0.587, 0.114], dtype=np.float32)


@cache
def sprite(noun: str, colour: str | None = None) -> Image.Image:
    """Loads a noun's sprite, painted if a colour is given.

    Args:
        noun: Noun of the vocabulary.
        colour: Colour word of the vocabulary, or None for the sprite's own colours.

    Returns:
        RGBA image, 144 x 144. It is shared: do not change it in place.
    """
    with files(__package__).joinpath(f"{noun}.webp").open("rb") as file:
        own = Image.open(file).convert("RGBA")
    return own if colour is None else _paint(own, COLOURS[colour])


def _paint(image: Image.Image, colour: tuple[int, int, int]) -> Image.Image:
    """Keeps the shading and turns mid grey into ``colour``."""
    pixels = np.asarray(image)
    shade = _shade(pixels)[..., None]
    paint = np.asarray(colour, dtype=np.float32)
    dark, light = paint * (shade / 0.55), paint + (255 - paint) * ((shade - 0.55) / 0.45)
    painted = np.where(shade < 0.55, dark, light).astype(np.uint8)
    return Image.fromarray(np.concatenate([painted, pixels[..., 3:]], axis=-1), mode=None)


def _shade(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Luminance with the median of the opaque pixels moved to 0.5, in 0.12 to 0.95."""
    luminance = pixels[..., :3] @ _LUMINANCE / 255
    middle = float(np.median(luminance[pixels[..., 3] >= _OPAQUE]))
    return np.clip(0.5 + 0.75 * (luminance - middle), 0.12, 0.95).astype(np.float32)
