"""Many small pictures under their maps on one sheet, drawn with Pillow alone."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from ...explanation.geometry import Rect
from ...explanation.pictures import FORMATS
from .heatmap import MUTED
from .typeset import font

SIDE = 168
"""Largest width and height of a picture, in pixels."""
GAP = 14
MARGIN = 16
LINE = 20
KINDS = tuple(FORMATS.values())
INK, PAPER, EMPTY = "#1c2024", "#ffffff", "#f1f2f4"


@dataclass(frozen=True)
class Print:
    """One picture of the sheet.

    Attributes:
        picture: Encoded; None leaves its place empty.
        overlay: Encoded, with transparency, to be stretched over `rect`; None for none.
        rect: Left, top, right, bottom as shares of the picture; may lie beyond 0..1.
        caption: Below it, at the left.
        figure: Below it, at the right.
    """

    picture: bytes | None
    overlay: bytes | None
    rect: Rect
    caption: str
    figure: str


def contact_sheet(title: str, rows: Sequence[Sequence[Print]], note: str = "") -> bytes:
    """Draws rows of pictures below a title, as JPEG.

    Args:
        title: First line.
        rows: Pictures, left to right.
        note: Last line.
    """
    columns = max((len(row) for row in rows), default=1)
    width = max(columns, 3) * (SIDE + GAP) - GAP + 2 * MARGIN
    pitch = SIDE + LINE + GAP
    height = 2 * MARGIN + LINE + len(rows) * pitch + (LINE if note else 0)
    sheet = Image.new("RGB", (width, height), PAPER)
    draw = ImageDraw.Draw(sheet)
    draw.text((MARGIN, MARGIN - 4), title, INK, font(14, title))
    top = MARGIN + LINE
    for row in rows:
        for column, one in enumerate(row):
            _print(sheet, one, MARGIN + column * (SIDE + GAP), top)
        top += pitch
    draw.text((MARGIN, top - 4), note, MUTED, font(12, note))
    file = io.BytesIO()
    sheet.save(file, "JPEG", quality=88, subsampling=0)
    return file.getvalue()


def _print(sheet: Image.Image, one: Print, left: int, top: int) -> None:
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((left, top, left + SIDE - 1, top + SIDE - 1), fill=EMPTY)
    if one.picture:
        picture = _under_map(one)
        across, down = (SIDE - picture.width) // 2, (SIDE - picture.height) // 2
        sheet.paste(picture, (left + across, top + down))
    draw.text((left, top + SIDE + 3), _fitted(one.caption), INK, font(12, one.caption))
    right = left + SIDE - font(12, one.figure).getlength(one.figure)
    draw.text((right, top + SIDE + 3), one.figure, MUTED, font(12, one.figure))


def _under_map(one: Print) -> Image.Image:
    with Image.open(io.BytesIO(one.picture or b""), formats=KINDS) as opened:
        scale = SIDE / max(opened.size)
        width, height = (max(1, round(length * scale)) for length in opened.size)
        picture = opened.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)
    if one.overlay:
        left, right = (round(share * width) for share in one.rect[::2])
        top, bottom = (round(share * height) for share in one.rect[1::2])
        with Image.open(io.BytesIO(one.overlay), formats=KINDS) as opened:
            size = max(1, right - left), max(1, bottom - top)
            overlay = opened.convert("RGBA").resize(size, Image.Resampling.BICUBIC)
        picture.paste(overlay, (left, top), overlay)
    return picture


def _fitted(text: str) -> str:
    """As much of a text as leaves room for a figure."""
    letters = font(12, text)
    if letters.getlength(text) <= SIDE - 36:
        return text
    while text and letters.getlength(text + "…") > SIDE - 36:
        text = text[:-1]
    return text + "…"
