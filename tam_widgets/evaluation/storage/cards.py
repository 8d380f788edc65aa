"""A sample's card for the gallery: its picture made small, its nouns' maps, its true outlines."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, NotRequired, TypedDict

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray
from PIL import Image

from tam_widgets.evaluation.reading import checked, parsed, read_bytes
from tam_widgets.evaluation.storage.schema import Count, noun_rows
from tam_widgets.explanation.explanation import Explanation
from tam_widgets.explanation.geometry import Rect
from tam_widgets.explanation.tensors import LENGTH_BYTES, METADATA, arrays, encoded
from tam_widgets.explanation.types import StoredImage
from tam_widgets.views.outline import Ring

FORMAT = "tam_widgets_card"
VERSION = 1
SIDE = 256
QUALITY = 80
MAX_CELLS = 1024
"""Largest side of a map, in cells."""
MAX_PIXELS = 2**22
"""Most pixels of the maps, drawn over the picture; a padded square has 65,536."""
MAX_BYTES = 2**26

_Edge = Annotated[float, Meta(ge=-1e5, le=1e5)]
_Coordinate = Annotated[int, Meta(ge=0, le=1000)]
_Ring = Annotated[list[_Coordinate], Meta(max_length=10_000)]
_Rings = Annotated[list[_Ring], Meta(max_length=100)]


class _Header(TypedDict):
    version: Annotated[int, Meta(ge=1, le=VERSION)]
    rect: tuple[_Edge, _Edge, _Edge, _Edge]
    rows: list[Count]
    methods: list[str]
    outlines: NotRequired[dict[str, _Rings]]  # older cards have none


Maps = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Card:
    """What the gallery shows of a sample before anything else is opened.

    Attributes:
        picture: JPEG of at most `SIDE` pixels per side; empty if the picture cannot be drawn.
        rect: What the maps cover: left, top, right, bottom as shares of the picture; padding
            beside it lies beyond 0..1.
        rows: Which rows of the record are nouns; the same under every method.
        maps: The nouns' maps as shown, by method: uint8 [nouns, grid rows, grid columns].
        outlines: Those of the objects in the picture, by the names of their categories.
    """

    picture: bytes
    rect: Rect
    rows: tuple[int, ...]
    maps: Mapping[str, Maps]
    outlines: Mapping[str, Sequence[Ring]] = field(default_factory=dict)

    def can_be_drawn(self) -> bool:
        """Whether the picture is a small JPEG, and the maps lie on or around it."""
        left, top, right, bottom = self.rect
        try:
            width, height = _size(self.picture) if self.picture else (SIDE, SIDE)
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
            return False
        covered = (right - left) * width * (bottom - top) * height
        return max(width, height) <= SIDE and left < right and 0 < covered <= MAX_PIXELS

    def to_bytes(self) -> bytes:
        """The content of its file; the same card always gives the same bytes."""
        header = {
            "version": VERSION,
            "rect": self.rect,
            "rows": self.rows,
            "methods": [*self.maps],
            "outlines": self.outlines,
        }
        content = {
            "picture": np.frombuffer(self.picture, np.uint8),
            "maps": np.ascontiguousarray([*self.maps.values()]),
        }
        return encoded(content, {FORMAT: json.dumps(header)})


def read_card(path: Path) -> Card | None:
    """Reads a card; None if there is no readable one."""
    try:
        content = read_bytes(path, MAX_BYTES)
        start = LENGTH_BYTES + int.from_bytes(content[:LENGTH_BYTES], "little")
        described = parsed(content[LENGTH_BYTES:start])
        header = checked(parsed(described[METADATA][FORMAT].encode()), _Header)
        tensors = arrays(described, content[start:])
        return _card(header, tensors["picture"], tensors["maps"])
    except (OSError, LookupError, TypeError, ValueError, AttributeError):
        return None


def _card(header: _Header, picture: NDArray[Any], maps: NDArray[Any]) -> Card:
    """Makes a card from the content of its file; raises `ValueError` if that is inconsistent."""
    methods, rows = header["methods"], header["rows"]
    if picture.dtype != np.uint8 or maps.dtype != np.uint8 or len(maps) != len(methods):
        raise ValueError("not the picture and the maps of a card")
    if methods:
        _, nouns, height, width = maps.shape
        if nouns != len(rows) or not (0 < height <= MAX_CELLS and 0 < width <= MAX_CELLS):
            raise ValueError(f"maps of shape {maps.shape} for {len(rows)} nouns")
    shown = dict(zip(methods, maps, strict=True))
    outlines = header.get("outlines", {})
    return Card(picture.tobytes(), header["rect"], tuple(rows), shown, outlines)


def _size(picture: bytes) -> tuple[int, int]:
    """Size of a complete JPEG; raises Pillow's errors for others."""
    with Image.open(io.BytesIO(picture), formats=("JPEG",)) as opened:
        if max(opened.size) <= SIDE:
            opened.load()
        return opened.size


def make_card(
    explanation: Explanation,
    words: Sequence[Mapping[str, Any]],
    shown: Mapping[str, Maps],
    rect: Rect,
    outlines: Mapping[str, Sequence[Ring]],
) -> Card:
    """Makes a sample's card.

    Args:
        explanation: Of one picture.
        words: The record's rows of any one method.
        shown: The maps that each method shows, uint8 [answer tokens, rows, cols].
        rect: What they cover, in pixels of the upright full-size picture.
        outlines: Of the objects in the picture, by category; none if its mask is not at hand.
    """
    first = explanation.prompt_length
    rows = noun_rows(words)
    pieces = [[token - first for token in words[i]["tokens"]] for i in rows]
    image = explanation.images[0]
    width, height = image.width, image.height
    left, top, right, bottom = rect
    return Card(
        thumbnail(image),
        (left / width, top / height, right / width, bottom / height),
        tuple(rows),
        {name: _nouns(maps, pieces) for name, maps in shown.items()},
        outlines,
    )


def thumbnail(image: StoredImage) -> bytes:
    """A small JPEG of a stored picture; empty if it cannot be drawn."""
    scale = min(1.0, SIDE / max(image.width, image.height))
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    file = io.BytesIO()
    try:
        small = image.opened(size).resize(size, Image.Resampling.BICUBIC)
        small.save(file, "JPEG", quality=QUALITY)
    except (OSError, ValueError):
        return b""
    return file.getvalue()


def _nouns(maps: Maps, pieces: Sequence[Sequence[int]]) -> Maps:
    """The largest value over each noun's pieces."""
    found = [maps[one].max(axis=0) for one in pieces]
    return np.stack(found) if found else np.zeros((0, *maps.shape[1:]), np.uint8)
