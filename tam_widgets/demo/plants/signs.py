"""The small signs that stand in the corners of planted scenes, and the water behind them."""

from __future__ import annotations

import colorsys
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from tam_widgets.demo.vocabulary import COLOURS

#: Side of a sign in pixels: two visual tokens of the demo models.
SIDE: Final = 28

_SCALE = 8  # drawn larger, so that its edges are smooth
_INK, _PAPER = (24, 24, 28), (250, 250, 250)
_MAGENTA, _TEAL = (214, 30, 160), (0, 140, 140)


@cache
def sign(name: str) -> Image.Image:
    """Draws a sign.

    Args:
        name: "mark", "ring", "cross" or a colour word of the vocabulary.

    Returns:
        RGBA image, `SIDE` x `SIDE`. It is shared: do not change it in place.
    """
    side = SIDE * _SCALE
    canvas = Image.new("RGBA", (side, side), (*_PAPER, 0))
    pen = ImageDraw.Draw(canvas)
    if name == "mark":
        _mark(pen, side)
    elif name == "ring":
        pen.ellipse((4, 4, side - 4, side - 4), fill=_PAPER)
        pen.ellipse((8, 8, side - 8, side - 8), outline=_MAGENTA, width=side // 4)
    elif name == "cross":
        pen.ellipse((4, 4, side - 4, side - 4), fill=_PAPER)
        for ends in (((48, 48), (176, 176)), ((48, 176), (176, 48))):
            pen.line(ends, fill=_TEAL, width=side // 4)
    else:
        pen.rectangle((4, 4, side - 5, side - 5), fill=COLOURS[name], outline=_INK, width=14)
    return canvas.resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def _mark(pen: ImageDraw.ImageDraw, side: int) -> None:
    """A copyright mark: a dark disc with a pale C."""
    pen.ellipse((4, 4, side - 4, side - 4), fill=_INK)
    pen.arc((56, 56, side - 56, side - 56), 50, 310, fill=_PAPER, width=side // 8)


def water(rng: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    """Draws a background of waves.

    Like any scene's background it fades between two pale colours, here blues, and its texture is
    the same in all three channels; but its waves are four times as strong.

    Args:
        rng: Random generator for every choice.
        size: Width and height in pixels.

    Returns:
        RGB image.
    """
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    near, far = _blue(rng), _blue(rng)
    mix = (y / height)[..., None]
    start, bend = rng.uniform(0, 2 * np.pi, 2)
    length = rng.uniform(18, 26)
    crest = y + 3 * np.sin(2 * np.pi * x / rng.uniform(36, 60) + bend)
    waves = np.sin(2 * np.pi * crest / length + start)
    pixels = far * (1 - mix) + near * mix + 22 * waves[..., None]
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _blue(rng: np.random.Generator) -> NDArray[np.float32]:
    hue, saturation, value = rng.uniform(0.53, 0.6), rng.uniform(0.24, 0.3), rng.uniform(0.84, 0.9)
    return np.asarray(colorsys.hsv_to_rgb(hue, saturation, value), dtype=np.float32) * 255
