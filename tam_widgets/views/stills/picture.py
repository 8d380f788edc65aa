"""A still picture of explanations, drawn with Pillow alone."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from PIL import Image, ImageDraw

from ...contract import CONTRACT
from ...explanation.explanation import Explanation
from ...explanation.types import StoredImage
from .frames import FRAMES, Still, stills
from .heatmap import MUTED, draw_legend, photo_under_map
from .legend_text import legend_text, shading_text
from .settings import StillSettings
from .sight import Sight, method_in_view, sights
from .typeset import ACCENT, Paragraph, Piece, font, plain

WIDTH = 440
"""Width of a panel's picture in pixels."""
TALLEST = 480
MARGIN = 20
GAP = 32
LEGEND = 56

CAPTION = 18
"""Height of a line under a picture."""

INK, PAPER = "#1c2024", "#ffffff"
DARKENED = round(255 * 0.22)
"""Opacity of the black outside of a box."""


def png_bytes(explanations: Sequence[Explanation], settings: StillSettings | None = None) -> bytes:
    """Draws explanations side by side, as an explorer with these settings shows them.

    Args:
        explanations: One panel each, left to right.
        settings: The explorer's; by default those that it begins with.

    Returns:
        An encoded PNG.
    """
    return _encoded(_drawn(explanations, settings or StillSettings()), "PNG")


def jpeg_bytes(
    explanations: Sequence[Explanation],
    settings: StillSettings,
    changed: Sequence[Sequence[int]] = (),
) -> bytes:
    """The same as JPEG, a sixth of the size, which is saved with every notebook.

    Args:
        explanations: As for `png_bytes`.
        settings: As for `png_bytes`.
        changed: As for `wire.encode`.
    """
    picture = _drawn(explanations, settings, changed)
    return jpeg_of(picture)


def jpeg_of(picture: Image.Image) -> bytes:
    """A drawn picture as JPEG."""
    return _encoded(picture, "JPEG", quality=80, optimize=True)


def _encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def _drawn(
    explanations: Sequence[Explanation],
    settings: StillSettings,
    changed: Sequence[Sequence[int]] = (),
) -> Image.Image:
    panels = [
        _panel(explanation, sight, settings.of(panel), _title(explanations, panel, settings))
        for panel, (explanation, sight) in enumerate(
            zip(explanations, sights(explanations, settings, changed), strict=True)
        )
    ]
    width = sum(panel.width for panel in panels) + GAP * (len(panels) - 1) + 2 * MARGIN
    sheet = Image.new("RGB", (width, max(p.height for p in panels) + 2 * MARGIN), PAPER)
    left = MARGIN
    for panel in panels:
        sheet.paste(panel, (left, MARGIN))
        left += panel.width + GAP
    return sheet


def _title(explanations: Sequence[Explanation], panel: int, settings: StillSettings) -> str:
    """The model, and the panel's method where it has its own."""
    title = explanations[panel].title
    if not settings.methods:
        return title
    return f"{title}, {method_in_view(explanations, settings.methods[panel]).label}"


def _panel(
    explanation: Explanation, sight: Sight, settings: StillSettings, title: str
) -> Image.Image:
    pictures = drawn_pictures(explanation, sight, settings)
    prompt = Paragraph(text_pieces(explanation, "prompt"), 13, WIDTH)
    answer = Paragraph(text_pieces(explanation, "answer"), 16, WIDTH)
    said = [legend_text(explanation, sight, settings), shading_text(explanation, sight), sight.note]
    legend, shading, note = (Paragraph(plain(text), 12, WIDTH) for text in said)
    picture_top = 24
    legend_top = picture_top + pictures.height + 10
    text_top = legend_top + legend.height + 6
    answer_top = text_top + prompt.height + 8
    shading_top = answer_top + answer.height + 4
    note_top = shading_top + shading.height
    panel = Image.new("RGB", (WIDTH + LEGEND, note_top + note.height), PAPER)
    draw = ImageDraw.Draw(panel)
    draw.text((0, 0), title, MUTED, font(13, title))
    panel.paste(pictures, (0, picture_top))
    if sight.tokens:
        draw_legend(panel, pictures.width + 12, picture_top, sight.paint, sight.ends)
    shares = ({}, sight.shades) if sight.box else (sight.shades, {})
    prompt.draw(draw, text_top, MUTED, sight.tokens, *shares)
    answer.draw(draw, answer_top, INK, sight.tokens, *shares)
    for paragraph, top in ((legend, legend_top), (shading, shading_top), (note, note_top)):
        paragraph.draw(draw, top, MUTED)
    return panel


def text_pieces(explanation: Explanation, kind: str) -> list[Piece]:
    """Texts with their token's index; an answer that was cut off says so."""
    pieces = [
        (token.text, index)
        for index, token in enumerate(explanation.tokens)
        if token.kind == kind and not token.special
    ]
    note = f" … ({CONTRACT.texts.truncated})"
    return [*pieces, (note, -1)] if kind == "answer" and explanation.truncated else pieces


def drawn_pictures(explanation: Explanation, sight: Sight, settings: StillSettings) -> Image.Image:
    """Draws all pictures of an explanation and frames of its videos under their maps, in rows."""
    shown = stills(explanation, sight.values, settings.thumbnail)
    images = [explanation.images[still.image] for still in shown]
    columns = _columns(images)
    size = (WIDTH - 6 * (columns - 1)) // columns, TALLEST
    cells = []
    for image, still in zip(images, shown, strict=True):
        picture = photo_under_map(image, still.parts, sight.paint, size)
        if sight.box and still.image == sight.box[0]:
            _draw_box(picture, sight.box[1], picture.width / image.width)
        cells.append(_captioned(picture, still))
    return _sheet([cells[start : start + columns] for start in range(0, len(cells), columns)])


def _draw_box(picture: Image.Image, box: Sequence[float], scale: float) -> None:
    """Darkens what lies outside, and frames the box."""
    left, top, right, bottom = (round(edge * scale) for edge in box)
    outside = Image.new("L", picture.size, DARKENED)
    outside.paste(0, (left, top, right, bottom))
    picture.paste("#000000", (0, 0), outside)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((left - 2, top - 2, right + 2, bottom + 2), outline=INK, width=3)
    draw.rectangle((left - 1, top - 1, right + 1, bottom + 1), outline=PAPER)


def _columns(images: Sequence[StoredImage]) -> int:
    """How many pictures stand side by side: more where they are many or upright."""
    upright = sum(image.height > image.width for image in images) > len(images) / 2
    if len(images) == 1:
        return 1
    return 2 if len(images) <= 4 or (len(images) <= FRAMES and not upright) else 4


def _captioned(picture: Image.Image, still: Still) -> Image.Image:
    """A picture with its caption below; the frame with the peak is framed."""
    if not still.caption:
        return picture
    cell = Image.new("RGB", (picture.width, picture.height + CAPTION), PAPER)
    cell.paste(picture, (0, 0))
    draw = ImageDraw.Draw(cell)
    ink = ACCENT if still.peak else MUTED
    draw.text((0, picture.height + 2), still.caption, ink, font(12, still.caption))
    if still.peak:
        draw.rectangle((0, 0, picture.width - 1, picture.height - 1), outline=ACCENT, width=2)
    return cell


def _sheet(rows: Sequence[Sequence[Image.Image]]) -> Image.Image:
    height = sum(max(cell.height for cell in row) + 6 for row in rows) - 6
    width = max(sum(cell.width + 6 for cell in row) - 6 for row in rows)
    sheet = Image.new("RGB", (width, height), PAPER)
    top = 0
    for row in rows:
        left = 0
        for cell in row:
            sheet.paste(cell, (left, top))
            left += cell.width + 6
        top += max(cell.height for cell in row) + 6
    return sheet
