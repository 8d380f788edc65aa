"""Tokens as wrapped text in a still picture, one of them marked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from PIL import ImageColor, ImageDraw, ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
Piece = tuple[str, int]
"""A token's text and its index."""

ACCENT, ON_ACCENT = "#1c6fd0", "#ffffff"
INSIDE = "#c2570c"
"""Bars under words whose maps lie inside a box."""
SHADE = 0.46
"""How much of the accent's colour a fully shaded token has."""
LINES = 400
"""Lines of a paragraph at most, some twenty thousand letters; the last ends in an ellipsis."""
LATIN_END = "\u0250"
PUNCTUATION = "…“”‘’"
"""Of Pillow's own font, beyond these letters."""
WIDE_FONTS = ("NotoSansCJK-Regular.ttc", "PingFang.ttc", "msyh.ttc", "DejaVuSans.ttf", "arial.ttf")
"""Tried in this order for text beyond the Latin letters of Pillow's own font."""


def font(size: int, text: str) -> Font:
    """A font for a text: Pillow's own where that has the letters, else what the system has."""
    return _latin(size) if all(c < LATIN_END or c in PUNCTUATION for c in text) else _wide(size)


@cache
def _latin(size: int) -> Font:
    return ImageFont.load_default(size)


@cache
def _wide(size: int) -> Font:
    for name in WIDE_FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return _latin(size)


def plain(text: str) -> list[Piece]:
    """A text that is no token's, as pieces that are broken at spaces."""
    words = text.split(" ") if text else []
    return [(f" {word}" if number else word, -1) for number, word in enumerate(words)]


@dataclass(frozen=True)
class _Placed:
    text: str
    left: float
    line: int
    token: int


class Paragraph:
    """Tokens set in lines of a width, up to `LINES`; words stay whole where they fit.

    Args:
        pieces: Texts of tokens in order, with the tokens' indices.
        size: Of the letters, in pixels.
        width: Of the lines, in pixels.
    """

    def __init__(self, pieces: Sequence[Piece], size: int, width: int) -> None:
        self._font = font(size, "".join(text for text, _ in pieces))
        self._pitch = round(size * 1.75)
        self._width = width
        self._placed = list(self._set(pieces))
        self.height = self._pitch * (1 + max((p.line for p in self._placed), default=-1))

    def draw(
        self,
        draw: ImageDraw.ImageDraw,
        top: int,
        ink: str,
        marked: Collection[int] = (),
        shades: Mapping[int, float] = MappingProxyType({}),
        bars: Mapping[int, float] = MappingProxyType({}),
    ) -> None:
        """Draws the lines.

        Args:
            draw: What to draw with.
            top: Where the first line begins, in pixels.
            ink: Colour of the letters.
            marked: Tokens that are drawn as light on dark.
            shades: How strongly other tokens are shaded, 0..1.
            bars: Lengths of bars under tokens, as shares of their own, 0..1.
        """
        visible = [p for p in self._placed if p.text.strip()]
        for placed in visible:
            strength = SHADE * shades.get(placed.token, 0.0)
            if strength > 0:
                fill = ImageColor.getrgb(ACCENT)
                mixed = tuple(round(255 - strength * (255 - part)) for part in fill)
                draw.rounded_rectangle(self._box(placed, top), radius=4, fill=mixed)
        for placed in (p for p in visible if p.token in marked):
            draw.rounded_rectangle(self._box(placed, top), radius=4, fill=ACCENT)
        for placed in self._placed:
            colour = ON_ACCENT if placed.token in marked else ink
            draw.text(
                (placed.left, top + placed.line * self._pitch), placed.text, colour, self._font
            )
        for placed in visible:
            left, _, right, bottom = self._box(placed, top)
            length = bars.get(placed.token, 0.0) * (right - left)
            if length >= 1:
                draw.rectangle((left, bottom - 1, left + length, bottom + 1), fill=INSIDE)

    def _box(self, placed: _Placed, top: int) -> tuple[float, float, float, float]:
        text = placed.text
        lead = self._font.getlength(text) - self._font.getlength(text.lstrip())
        right = placed.left + self._font.getlength(text.rstrip())
        y = top + placed.line * self._pitch
        return placed.left + lead - 3, y - 2, right + 1, y + self._pitch - 5

    def _set(self, pieces: Sequence[Piece]) -> Iterator[_Placed]:
        left, line = 0.0, 0
        for word in _words(pieces):
            if left > 0 and left + self._length(word) > self._width:
                left, line = 0.0, line + 1
            for text, token in self._fitting(word):
                shown = text.lstrip(" ") if left == 0 else text
                if text == "\n" or left + self._font.getlength(shown) > self._width:
                    left, line = 0.0, line + 1
                if line >= LINES:
                    yield _Placed("…", 0.0, LINES, -1)
                    return
                if text != "\n":
                    yield _Placed(shown, left, line, token)
                    left += self._font.getlength(shown)

    def _length(self, word: Sequence[Piece]) -> float:
        return sum(self._font.getlength(text) for text, _ in word if text != "\n")

    def _fitting(self, word: Sequence[Piece]) -> Iterator[Piece]:
        """A word's pieces; single letters where it is longer than a line."""
        if self._length(word) <= self._width:
            yield from word
        else:
            yield from ((letter, token) for text, token in word for letter in text)


def _words(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Groups pieces so that a line may break between groups; a line end is a group of its own."""
    word: list[Piece] = []
    for text, token in pieces:
        for number, part in enumerate(text.replace("\r", "").replace("\t", " ").split("\n")):
            if number:
                yield from ([*word], [("\n", token)])
                word = []
            if part[:1].isspace() and word:
                yield word
                word = []
            if part:
                word.append((part, token))
    yield word
