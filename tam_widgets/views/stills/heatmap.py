"""A photo under its map, and the colour scale, as Pillow images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ...contract import CONTRACT
from ...errors import ImageError
from ...explanation.types import StoredImage
from .. import colormaps
from .tiling import Part
from .typeset import font

MUTED, LINE = "#5d646c", "#d9dce0"
EMPTY = "#f1f2f4"
BAR = 130
"""Height of the colour scale in pixels."""
LINE_HEIGHT, NAME_WIDTH = 16, 46


@dataclass(frozen=True)
class Paint:
    """How a map is drawn.

    Attributes:
        end: Value at the end of the colour scale, at both ends of a diverging one.
        colormap: A name of `widgets.colormaps`.
        opacity: Of the largest values, 0..1.
        threshold: Share of the scale below which nothing is drawn.
        cells: Whether true cells are drawn instead of a smooth surface.
        diverging: Whether values run from below 0 to above it, in two colours.
    """

    end: float
    colormap: str
    opacity: float
    threshold: float
    cells: bool = False
    diverging: bool = False

    def pixels(self, shares: NDArray[np.floating[Any]]) -> Image.Image:
        """Shares of the scale, 0..1 or of a diverging one −1..1, as colours with opacity."""
        low = -1 if self.diverging else 0
        shares = np.clip(shares, low, 1)
        size = np.abs(shares)
        colours = (
            colormaps.diverging(shares)
            if self.diverging
            else colormaps.table(self.colormap)[np.rint(size * 255).astype(np.uint8)]
        )
        alpha = np.where(size < self.threshold, 0, self.opacity * colormaps.coverage(size))
        alpha = np.rint(255 * alpha).astype(np.uint8)
        return Image.fromarray(np.concatenate([colours, alpha[..., None]], axis=-1), "RGBA")

    def ramp(self, width: int, height: int) -> Image.Image:
        """The colour scale from its lowest value at the left, on white."""
        shares = np.linspace(-1 if self.diverging else 0, 1, width)
        colours = self.pixels(np.repeat(shares[None], height, axis=0))
        paper = Image.new("RGB", colours.size, "#ffffff")
        paper.paste(colours, (0, 0), colours)
        return paper


def photo_under_map(
    stored: StoredImage, drawn: Sequence[Part], paint: Paint, size: tuple[int, int]
) -> Image.Image:
    """Draws one picture or frame.

    Args:
        stored: The photo.
        drawn: What lies on it of one token's map; what no grid covers is hatched.
        paint: How the map is drawn.
        size: Largest width and height in pixels; the aspect is kept.
    """
    scale = min(size[0] / stored.width, size[1] / stored.height)
    size = max(1, round(stored.width * scale)), max(1, round(stored.height * scale))
    photo = _photo(stored, size, scale)
    seen = Image.new("L", size, 0)
    for part in drawn:
        _lay_over(photo, seen, part, scale, paint)
    return Image.composite(photo, _hatched(photo), seen)


def _photo(stored: StoredImage, size: tuple[int, int], scale: float) -> Image.Image:
    """The photo in this size; words in its place where its bytes are damaged."""
    pixelated = scale > CONTRACT.pixelated_over
    smooth = Image.Resampling.NEAREST if pixelated else Image.Resampling.LANCZOS
    try:
        return stored.opened().resize(size, smooth)
    except ImageError:
        empty = Image.new("RGB", size, EMPTY)
        said = CONTRACT.texts.no_picture
        ImageDraw.Draw(empty).text((4, 4), said, MUTED, font(12, said))
        return empty


def _lay_over(
    photo: Image.Image, seen: Image.Image, part: Part, scale: float, paint: Paint
) -> None:
    left, top, right, bottom = (round(edge * scale) for edge in part.rect)
    width, height = max(1, right - left), max(1, bottom - top)
    # Only what lies on the photo is drawn: a padded picture's grid may reach far beyond it.
    near, far = max(left, 0), min(left + width, photo.width)
    high, low = max(top, 0), min(top + height, photo.height)
    if near >= far or high >= low:
        return
    seen.paste(255, (near, high, far, low))
    if paint.end <= 0:
        return
    values = Image.fromarray(part.values / np.float32(paint.end))
    between = Image.Resampling.NEAREST if paint.cells else Image.Resampling.BICUBIC
    across, down = values.width / width, values.height / height
    box = (near - left) * across, (high - top) * down, (far - left) * across, (low - top) * down
    shares = np.asarray(values.resize((far - near, low - high), between, box=box))
    overlay = paint.pixels(shares)
    photo.paste(overlay, (near, high), overlay)


def _hatched(photo: Image.Image) -> Image.Image:
    """The photo as it looks where the model saw nothing."""
    hatched = Image.blend(photo, Image.new("RGB", photo.size, "#787878"), 0.55)
    draw = ImageDraw.Draw(hatched)
    width, height = photo.size
    for x in range(-height, width, 9):
        draw.line((x, height, x + height, 0), fill="#c4c4c4")
    return hatched


def draw_legend(
    panel: Image.Image, left: int, top: int, paint: Paint, names: tuple[str, str] | None = None
) -> None:
    """Draws the colour scale with its numbers at a place of a panel.

    Args:
        panel: What to draw on.
        left: Where the scale begins, in pixels.
        top: Where it begins.
        paint: How the map is drawn.
        names: What the ends of a diverging scale speak for, upper and lower.
    """
    draw = ImageDraw.Draw(panel)
    if names and paint.diverging:
        _name(draw, left, top - 5, names[0])
        _name(draw, left, top + LINE_HEIGHT + BAR + 6, names[1])
        top += LINE_HEIGHT
    ramp = np.linspace(1, -1 if paint.diverging else 0, BAR)
    bar = paint.pixels(np.repeat(ramp[:, None], 9, axis=1))
    panel.paste(bar, (left, top), bar)
    draw.rectangle((left - 1, top - 1, left + 9, top + BAR), outline=LINE)
    numbers: dict[float, str] = {0: f"{paint.end:.2f}", 1: "0"}
    if paint.diverging:
        numbers = {0: f"+{paint.end:.2f}", 0.5: "0", 1: f"-{paint.end:.2f}"}
    elif paint.threshold:
        numbers[1 - paint.threshold] = f"{paint.threshold * paint.end:.2f}"
    for share, number in numbers.items():
        y = top + round(share * (BAR - 1))
        draw.text((left + 15, y), number, MUTED, font(11, "0"), anchor="lm")


def _name(draw: ImageDraw.ImageDraw, left: int, top: int, text: str) -> None:
    """A word as far as it fits beside a picture."""
    letters = font(11, text)
    while len(text) > 1 and letters.getlength(text) > NAME_WIDTH:
        text = text.removesuffix("…")[:-1] + "…"
    draw.text((left - 1, top), text, MUTED, letters)
