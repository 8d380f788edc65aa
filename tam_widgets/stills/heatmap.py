"""A photo under its map, and the colour scale, as Pillow images."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from ..record.parts import StoredImage
from ..widgets import colormaps
from .tiling import Part
from .typeset import font

OPACITY = 0.75
TINY = 4
"""Enlargement above which a picture's own pixels are shown as they are."""

QUIET, LINE = "#5d646c", "#d9dce0"


def photo_under_map(
    stored: StoredImage, drawn: Sequence[Part], end: float, size: tuple[int, int]
) -> Image.Image:
    """Draws one picture or frame.

    Args:
        stored: The photo.
        drawn: What lies on it of one token's map; what no grid covers is hatched.
        end: Value at the end of the colour scale.
        size: Largest width and height in pixels; the aspect is kept.
    """
    scale = min(size[0] / stored.width, size[1] / stored.height)
    size = max(1, round(stored.width * scale)), max(1, round(stored.height * scale))
    smooth = Image.Resampling.NEAREST if scale > TINY else Image.Resampling.LANCZOS
    photo = stored.opened().resize(size, smooth)
    seen = Image.new("L", size, 0)
    for part in drawn:
        _lay_over(photo, seen, part, scale, end)
    return Image.composite(photo, _hatched(photo), seen)


def _lay_over(photo: Image.Image, seen: Image.Image, part: Part, scale: float, end: float) -> None:
    left, top, right, bottom = (round(edge * scale) for edge in part.rect)
    size = max(1, right - left), max(1, bottom - top)
    seen.paste(255, (left, top, left + size[0], top + size[1]))
    if end <= 0:
        return
    values = Image.fromarray(part.values / np.float32(end))
    shares = np.clip(np.asarray(values.resize(size, Image.Resampling.BICUBIC)), 0, 1)
    colours = colormaps.table("viridis")[np.rint(shares * 255).astype(np.uint8)]
    alpha = np.rint(255 * OPACITY * colormaps.coverage(shares)).astype(np.uint8)
    photo.paste(Image.fromarray(colours), (left, top), Image.fromarray(alpha))


def _hatched(photo: Image.Image) -> Image.Image:
    """The photo as it looks where the model saw nothing."""
    hatched = Image.blend(photo, Image.new("RGB", photo.size, "#787878"), 0.55)
    draw = ImageDraw.Draw(hatched)
    width, height = photo.size
    for x in range(-height, width, 9):
        draw.line((x, height, x + height, 0), fill="#c4c4c4")
    return hatched


def draw_legend(panel: Image.Image, left: int, top: int, end: float) -> None:
    """Draws the colour scale with its two ends at a place of a panel."""
    ramp = np.linspace(1, 0, 130)
    colours = colormaps.table("viridis")[np.rint(ramp * 255).astype(np.uint8)]
    alpha = np.rint(255 * OPACITY * colormaps.coverage(ramp)).astype(np.uint8)
    bar = Image.fromarray(np.repeat(colours[:, None], 9, axis=1))
    panel.paste(bar, (left, top), Image.fromarray(np.repeat(alpha[:, None], 9, axis=1)))
    draw = ImageDraw.Draw(panel)
    draw.rectangle((left - 1, top - 1, left + 9, top + 130), outline=LINE)
    for y, number in ((top, f"{end:.2f}"), (top + 129, "0")):
        draw.text((left + 15, y), number, QUIET, font(11, number), anchor="lm")
