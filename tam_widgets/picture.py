"""A still picture of explanations, drawn with Pillow alone."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from .align import links
from .explanation import Explanation, Token
from .geometry import Grid
from .widgets import colormaps

Pair = tuple[int, int]
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

OPACITY = 0.75
WIDTH = 440
"""Width of a panel's picture in pixels."""
TALLEST = 480
MARGIN = 20
GAP = 32
LEGEND = 56

INK, QUIET, ACCENT, PAPER = "#1c2024", "#5d646c", "#1c6fd0", "#ffffff"


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
    sheet.save(file, "PNG", optimize=True)
    return file.getvalue()


def _tokens_in_view(
    explanations: Sequence[Explanation],
    maps: Sequence[NDArray[np.float32]],
    selected: Sequence[Pair],
) -> list[int]:
    chosen = dict(selected)
    strengths = [
        np.where(_readable(explanation), values.max(axis=1), -1.0)
        for explanation, values in zip(explanations, maps, strict=True)
    ]
    groups = [
        {panel: tokens[0] for panel, tokens in reversed(group)} for group in links(explanations)
    ]
    if chosen:
        groups = [group for group in groups if set(group.items()) & set(chosen.items())]
    shared = max(
        groups,
        key=lambda group: (len(group), sum(strengths[p][t] for p, t in group.items())),
        default={},
    )
    return [
        chosen.get(panel, shared.get(panel, int(strength.argmax())))
        for panel, strength in enumerate(strengths)
    ]


def _readable(explanation: Explanation) -> list[bool]:
    """Which tokens are words of the answer, fit to stand for it in a picture."""
    return [
        token.kind == "answer" and not token.special and any(c.isalnum() for c in token.text)
        for token in explanation.tokens
    ]


def _panel(explanation: Explanation, token: int, values: NDArray[np.float32]) -> Image.Image:
    pictures = _pictures(explanation, values)
    prompt = _Text(explanation, "prompt", _font(13), QUIET, token)
    answer = _Text(explanation, "answer", _font(16), INK, token)
    picture_top = 24
    text_top = picture_top + pictures.height + 14
    height = text_top + prompt.height + 8 + answer.height
    panel = Image.new("RGB", (WIDTH + LEGEND, height), PAPER)
    draw = ImageDraw.Draw(panel)
    draw.text((0, 0), explanation.title, QUIET, _font(13))
    panel.paste(pictures, (0, picture_top))
    _legend(panel, pictures.width + 12, picture_top, float(values.max(initial=0)))
    prompt.draw(draw, text_top)
    answer.draw(draw, text_top + prompt.height + 8)
    return panel


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
    draw.text((left + 15, top), f"{end:.2f}", QUIET, _font(11), anchor="lm")
    draw.text((left + 15, top + 129), "0", QUIET, _font(11), anchor="lm")


def _font(size: int) -> Font:
    return ImageFont.load_default(size)


@dataclass(frozen=True)
class _Piece:
    text: str
    left: float
    top: float
    token: int


class _Text:
    """The tokens of one kind as wrapped text, with the token in view marked."""

    def __init__(
        self, explanation: Explanation, kind: str, font: Font, ink: str, marked: int
    ) -> None:
        self._font = font
        self._ink = ink
        self._marked = marked
        self._line = round(font.getbbox("Ag")[3] * 1.5)
        tokens = [
            (index, token)
            for index, token in enumerate(explanation.tokens)
            if token.kind == kind and not token.special
        ]
        self._pieces = self._wrapped(tokens)
        self.height = self._line * (1 + round(self._bottom(tokens)))

    def _bottom(self, tokens: list[tuple[int, Token]]) -> float:
        return max((piece.top for piece in self._pieces), default=0) if tokens else 0

    def _wrapped(self, tokens: list[tuple[int, Token]]) -> list[_Piece]:
        """Places pieces, a line being one unit high; words stay whole where they fit."""
        pieces: list[_Piece] = []
        left, line = 0.0, 0
        for word in _words(tokens):
            width = sum(self._font.getlength(text) for text, _ in word)
            if left > 0 and left + width > WIDTH:
                left, line = 0.0, line + 1
            for text, token in word:
                if text == "\n":
                    left, line = 0.0, line + 1
                    continue
                shown = text.lstrip() if left == 0 else text
                pieces.append(_Piece(shown, left, line, token))
                left += self._font.getlength(shown)
        return pieces

    def draw(self, draw: ImageDraw.ImageDraw, top: int) -> None:
        marked = [p for p in self._pieces if p.token == self._marked and p.text.strip()]
        for piece in marked:
            self._mark(draw, piece, top + piece.top * self._line)
        for piece in self._pieces:
            ink = PAPER if piece in marked else self._ink
            draw.text((piece.left, top + piece.top * self._line), piece.text, ink, self._font)

    def _mark(self, draw: ImageDraw.ImageDraw, piece: _Piece, y: float) -> None:
        lead = self._font.getlength(piece.text) - self._font.getlength(piece.text.lstrip())
        right = piece.left + self._font.getlength(piece.text.rstrip())
        box = (piece.left + lead - 2, y - 2, right + 2, y + self._line - 4)
        draw.rounded_rectangle(box, radius=4, fill=ACCENT)


def _words(tokens: list[tuple[int, Token]]) -> list[list[tuple[str, int]]]:
    """Pieces of text with their tokens, grouped so that a line may break between groups."""
    words: list[list[tuple[str, int]]] = []
    for index, token in tokens:
        for number, text in enumerate(token.text.replace("\r", "").replace("\t", " ").split("\n")):
            if number:
                words.append([("\n", index)])
            if text[:1].isspace() or not words or words[-1][0][0] == "\n":
                words.append([])
            words[-1].append((text, index))
    return words
