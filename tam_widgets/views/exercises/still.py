"""The still picture of an exercise: its question, without the answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from ...attribution import aggregate_maps
from ...attribution.interference import Floats
from ...contract import CONTRACT
from ...explanation.explanation import Explanation
from ...explanation.words import span_text
from ..colormaps import LEAST_END
from ..stills.heatmap import MUTED, Paint
from ..stills.picture import GAP, INK, MARGIN, PAPER, WIDTH, drawn_pictures, jpeg_of, text_pieces
from ..stills.settings import StillSettings
from ..stills.sight import Sight
from ..stills.tiling import drawn
from ..stills.typeset import Paragraph, Piece, font, plain
from .question import Kind, Question, Tokens

SETTINGS = StillSettings()
APART = 12
"""Pixels above and below the pictures."""
INVITATIONS: dict[Kind, str] = {
    "draw": "Run the cell to draw, and then to see the map.",
    "eci": "Run the cell to answer.",
    "word": "Run the cell to answer.",
}
NAMES = ("A", "B")
NAME_HEIGHT = 22


def still(explanation: Explanation, question: Question) -> bytes:
    """Draws what the exercise shows before it is answered, as JPEG.

    Args:
        explanation: The record.
        question: About one of its words.
    """
    pictures = _pictures(explanation, question)
    width = max(WIDTH, pictures.width)
    asked = CONTRACT.exercise_questions[question.kind]
    word = span_text(explanation.tokens, question.tokens)
    parts = [
        _set(plain(asked.replace("{word}", word)), 17, width),
        _set(text_pieces(explanation, "prompt"), 13, width, MUTED),
        _set(text_pieces(explanation, "answer"), 16, width, marked=_told(question)),
        pictures,
        _set(plain(_choices(explanation, question)), 15, width),
        _set(plain(INVITATIONS[question.kind]), 13, width, MUTED),
    ]
    height = sum(part.height for part in parts) + 2 * APART
    sheet = Image.new("RGB", (width + 2 * MARGIN, height + 2 * MARGIN), PAPER)
    top = MARGIN
    for part in parts:
        top += APART if part is pictures else 0
        sheet.paste(part, (MARGIN, top))
        top += part.height + (APART if part is pictures else 0)
    return jpeg_of(sheet)


def _told(question: Question) -> Tokens:
    """The word in question, unless it is to be found."""
    return () if question.kind == "word" else question.tokens


def _choices(explanation: Explanation, question: Question) -> str:
    return "  ·  ".join(span_text(explanation.tokens, word) for word in question.words)


def _set(
    pieces: Sequence[Piece], size: int, width: int, ink: str = INK, marked: Tokens = ()
) -> Image.Image:
    paragraph = Paragraph(pieces, size, width)
    part = Image.new("RGB", (width, paragraph.height), PAPER)
    paragraph.draw(ImageDraw.Draw(part), 0, ink, marked)
    return part


def _pictures(explanation: Explanation, question: Question) -> Image.Image:
    """The pictures without a map, under it, or under each of two beside each other."""
    if question.kind == "draw":
        return _under(explanation, np.zeros(explanation.visual_length, np.float32))
    if question.kind == "word":
        return _under(explanation, _map(explanation, question.tokens))
    options = [
        _named(name, _under(explanation, _map(explanation, question.tokens, strength)))
        for name, strength in zip(NAMES, question.strengths, strict=True)
    ]
    width = sum(option.width for option in options) + GAP
    both = Image.new("RGB", (width, max(option.height for option in options)), PAPER)
    both.paste(options[0], (0, 0))
    both.paste(options[1], (options[0].width + GAP, 0))
    return both


def _named(name: str, picture: Image.Image) -> Image.Image:
    named = Image.new("RGB", (picture.width, picture.height + NAME_HEIGHT), PAPER)
    ImageDraw.Draw(named).text((0, 0), name, INK, font(16, name))
    named.paste(picture, (0, NAME_HEIGHT))
    return named


def _map(explanation: Explanation, tokens: Tokens, strength: float = SETTINGS.eci) -> Floats:
    return aggregate_maps(explanation.maps("tam", eci=strength)[list(tokens)], "max")


def _under(explanation: Explanation, values: Floats) -> Image.Image:
    """The pictures under a map on its own scale, as the live view shows them."""
    peak = float(values[drawn(explanation)].max(initial=0))
    paint = Paint(max(LEAST_END, peak), SETTINGS.colormap, SETTINGS.opacity, SETTINGS.threshold)
    return drawn_pictures(explanation, Sight((), values, paint, peak), SETTINGS)
