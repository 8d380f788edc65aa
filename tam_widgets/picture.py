"""A still picture of explanations, drawn with Pillow alone."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from .align import links
from .explanation import Explanation
from .geometry import Grid
from .typeset import Paragraph, Piece, font
from .widgets import colormaps

Pair = tuple[int, int]

OPACITY = 0.75
WIDTH = 440
"""Width of a panel's picture in pixels."""
TALLEST = 480
STRONG_ENOUGH = 0.5
"""Share of a panel's strongest token that a shared word needs to be shown instead."""
MARGIN = 20
GAP = 32
LEGEND = 56

INK, QUIET, PAPER = "#1c2024", "#5d646c", "#ffffff"


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
        np.where(_readable(explanation), values.max(axis=1), -1.0)
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
    pictures = _pictures(explanation, values)
    prompt = Paragraph(_tokens(explanation, "prompt"), 13, WIDTH)
    answer = Paragraph(_tokens(explanation, "answer"), 16, WIDTH)
    picture_top = 24
    text_top = picture_top + pictures.height + 14
    height = text_top + prompt.height + 8 + answer.height
    panel = Image.new("RGB", (WIDTH + LEGEND, height), PAPER)
    draw = ImageDraw.Draw(panel)
    draw.text((0, 0), explanation.title, QUIET, font(13, explanation.title))
    panel.paste(pictures, (0, picture_top))
    _legend(panel, pictures.width + 12, picture_top, float(values.max(initial=0)))
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


def _pictures(explanation: Explanation, values: NDArray[np.float32]) -> Image.Image:
    """All images of an explanation under their maps, in rows."""
    count = len(explanation.images)
    columns = 1 if count == 1 else 2 if count <= 4 else 4
    width = (WIDTH - 6 * (columns - 1)) // columns
    end = float(values.max(initial=0))
    cells = [_picture(explanation, image, values, end, width) for image in range(count)]
    rows = [cells[start : start + columns] for start in range(0, count, columns)]
    height = sum(max(cell.height for cell in row) + 6 for row in rows) - 6
    sheet_width = max(sum(cell.width + 6 for cell in row) - 6 for row in rows)
    sheet = Image.new("RGB", (sheet_width, height), PAPER)
    top = 0
    for row in rows:
        left = 0
        for cell in row:
            sheet.paste(cell, (left, top))
            left += cell.width + 6
        top += max(cell.height for cell in row) + 6
    return sheet


def _picture(
    explanation: Explanation, index: int, values: NDArray[np.float32], end: float, width: int
) -> Image.Image:
    stored = explanation.images[index]
    scale = min(width / stored.width, TALLEST / stored.height)
    size = max(1, round(stored.width * scale)), max(1, round(stored.height * scale))
    with Image.open(io.BytesIO(stored.data)) as opened:
        photo = opened.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    seen = Image.new("L", size, 0)
    start = 0
    for grid in explanation.grids:
        part = values[start : start + grid.size].reshape(grid.rows, grid.cols)
        start += grid.size
        if grid.image == index:
            _lay_over(photo, seen, part, grid, scale, end)
    return Image.composite(photo, _hatched(photo), seen)


def _lay_over(
    photo: Image.Image,
    seen: Image.Image,
    part: NDArray[np.float32],
    grid: Grid,
    scale: float,
    end: float,
) -> None:
    left, top, right, bottom = (round(edge * scale) for edge in grid.rect)
    size = max(1, right - left), max(1, bottom - top)
    seen.paste(255, (left, top, left + size[0], top + size[1]))
    if end <= 0:
        return
    enlarged = Image.fromarray(part / np.float32(end)).resize(size, Image.Resampling.BICUBIC)
    shares = np.clip(np.asarray(enlarged), 0, 1)
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


def _legend(panel: Image.Image, left: int, top: int, end: float) -> None:
    ramp = np.linspace(1, 0, 130)
    colours = colormaps.table("viridis")[np.rint(ramp * 255).astype(np.uint8)]
    alpha = np.rint(255 * OPACITY * colormaps.coverage(ramp)).astype(np.uint8)
    bar = Image.fromarray(np.repeat(colours[:, None], 9, axis=1))
    panel.paste(bar, (left, top), Image.fromarray(np.repeat(alpha[:, None], 9, axis=1)))
    draw = ImageDraw.Draw(panel)
    draw.rectangle((left - 1, top - 1, left + 9, top + 130), outline="#d9dce0")
    for y, number in ((top, f"{end:.2f}"), (top + 129, "0")):
        draw.text((left + 15, y), number, QUIET, font(11, number), anchor="lm")
