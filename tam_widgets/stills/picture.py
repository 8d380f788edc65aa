"""A still picture of explanations, drawn with Pillow alone."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ..align import links
from ..explanation import Explanation
from ..record.parts import StoredImage
from .frames import FRAMES, Still, stills
from .heatmap import QUIET, draw_legend, photo_under_map
from .tiling import drawn
from .typeset import ACCENT, Paragraph, Piece, font

Pair = tuple[int, int]

WIDTH = 440
"""Width of a panel's picture in pixels."""
TALLEST = 480
STRONG_ENOUGH = 0.5
"""Share of a panel's strongest token that a shared word needs to be shown instead."""
MARGIN = 20
GAP = 32
LEGEND = 56

CAPTION = 18
"""Height of a line under a picture."""

INK, PAPER = "#1c2024", "#ffffff"


def png_bytes(
    explanations: Sequence[Explanation], selected: Sequence[Pair] = (), method: str = "tam"
) -> bytes:
    """Draws explanations side by side, each with one token's map.

    Args:
        explanations: One panel each, left to right.
        selected: (panel, token) pairs; a panel without one shows a word that it shares with
            the others, or else its own strongest.
        method: As for `Explanation.maps`.

    Returns:
        An encoded PNG.
    """
    maps = [explanation.maps(method) for explanation in explanations]
    tokens = _tokens_in_view(explanations, maps, selected)
    panels = [
        _panel(explanation, token, values[token])
        for explanation, token, values in zip(explanations, tokens, maps, strict=True)
    ]
    width = sum(panel.width for panel in panels) + GAP * (len(panels) - 1) + 2 * MARGIN
    sheet = Image.new("RGB", (width, max(p.height for p in panels) + 2 * MARGIN), PAPER)
    left = MARGIN
    for panel in panels:
        sheet.paste(panel, (left, MARGIN))
        left += panel.width + GAP
    file = io.BytesIO()
    sheet.save(file, "PNG")
    return file.getvalue()


def _tokens_in_view(
    explanations: Sequence[Explanation],
    maps: Sequence[NDArray[np.float32]],
    selected: Sequence[Pair],
) -> list[int]:
    """A token for each panel: the one selected, its twin, a shared word, or the strongest."""
    chosen = dict(selected)
    strengths = [
        np.where(_readable(explanation), values[:, drawn(explanation)].max(axis=1), -1.0)
        for explanation, values in zip(explanations, maps, strict=True)
    ]

    def share(word: dict[int, int]) -> float:
        """Smallest strength of the word in a panel, as a share of that panel's strongest."""
        return min(
            float(strengths[panel][token] / (abs(strengths[panel].max()) or 1))
            for panel, token in word.items()
        )

    words = _shared_words(explanations)
    if chosen:
        words = [word for word in words if word.items() & chosen.items()]
    else:
        words = [word for word in words if share(word) > STRONG_ENOUGH]
    twins = max(words, key=lambda word: (len(word), share(word)), default={})
    return [
        chosen.get(panel, twins.get(panel, int(strength.argmax())))
        for panel, strength in enumerate(strengths)
    ]


def _shared_words(explanations: Sequence[Explanation]) -> list[dict[int, int]]:
    """Linked words as the first token of their first occurrence in every panel."""
    groups = cast("list[list[tuple[int, list[int]]]]", links(explanations))
    return [{panel: tokens[0] for panel, tokens in reversed(group)} for group in groups]


def _readable(explanation: Explanation) -> list[bool]:
    """Which tokens are words of the answer, fit to stand for it in a picture."""
    return [
        token.kind == "answer" and not token.special and any(c.isalnum() for c in token.text)
        for token in explanation.tokens
    ]


def _panel(explanation: Explanation, token: int, values: NDArray[np.float32]) -> Image.Image:
    end = float(values[drawn(explanation)].max(initial=0))
    pictures = _pictures(explanation, values, end)
    prompt = Paragraph(_tokens(explanation, "prompt"), 13, WIDTH)
    answer = Paragraph(_tokens(explanation, "answer"), 16, WIDTH)
    picture_top = 24
    text_top = picture_top + pictures.height + 14
    height = text_top + prompt.height + 8 + answer.height
    panel = Image.new("RGB", (WIDTH + LEGEND, height), PAPER)
    draw = ImageDraw.Draw(panel)
    draw.text((0, 0), explanation.title, QUIET, font(13, explanation.title))
    panel.paste(pictures, (0, picture_top))
    draw_legend(panel, pictures.width + 12, picture_top, end)
    prompt.draw(draw, text_top, QUIET, token)
    answer.draw(draw, text_top + prompt.height + 8, INK, token)
    return panel


def _tokens(explanation: Explanation, kind: str) -> list[Piece]:
    """Texts with their token's index; an answer that was cut off says so."""
    pieces = [
        (token.text, index)
        for index, token in enumerate(explanation.tokens)
        if token.kind == kind and not token.special
    ]
    note = " … (cut off at max_new_tokens)"
    return [*pieces, (note, -1)] if kind == "answer" and explanation.truncated else pieces


def _pictures(explanation: Explanation, values: NDArray[np.float32], end: float) -> Image.Image:
    """All pictures of an explanation and frames of its videos under their maps, in rows."""
    shown = stills(explanation, values)
    images = [explanation.images[still.image] for still in shown]
    columns = _columns(images)
    size = (WIDTH - 6 * (columns - 1)) // columns, TALLEST
    cells = [
        _captioned(photo_under_map(image, still.parts, end, size), still)
        for image, still in zip(images, shown, strict=True)
    ]
    return _sheet([cells[start : start + columns] for start in range(0, len(cells), columns)])


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
    ink = ACCENT if still.peak else QUIET
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
