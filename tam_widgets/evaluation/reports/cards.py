"""A sample's card for the gallery: its picture made small, and its nouns' maps."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from tam_widgets.evaluation.reports.frames import noun_rows
from tam_widgets.explanation import Explanation
from tam_widgets.geometry import Rect
from tam_widgets.record.parts import StoredImage

FORMAT = "tam_widgets_card"
VERSION = 1
SIDE = 256
QUALITY = 80

Maps = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Card:
    """What the gallery shows of a sample before anything else is opened.

    Attributes:
        picture: JPEG of at most `SIDE` pixels a side; empty where the picture cannot be drawn.
        rect: What the maps cover: left, top, right, bottom as shares of the picture; padding
            beside it lies beyond 0..1.
        rows: Which rows of the record are nouns; the same under every method.
        maps: The nouns' maps as shown, by method: uint8 [nouns, grid rows, grid columns].
    """

    picture: bytes
    rect: Rect
    rows: tuple[int, ...]
    maps: Mapping[str, Maps]

    def to_bytes(self) -> bytes:
        """The content of its file; the same card always gives the same bytes."""
        header = {
            "version": VERSION,
            "rect": self.rect,
            "rows": self.rows,
            "methods": [*self.maps],
        }
        tensors = {
            "picture": np.frombuffer(self.picture, np.uint8),
            "maps": np.ascontiguousarray([*self.maps.values()]),
        }
        content: bytes = save(tensors, {FORMAT: json.dumps(header)})
        return content


def read_card(path: Path) -> Card | None:
    """Reads a card; None where there is none that can be read."""
    try:
        with safe_open(path, framework="numpy") as file:
            header = json.loads(file.metadata()[FORMAT])
            if header["version"] > VERSION:
                return None
            left, top, right, bottom = header["rect"]
            maps = dict(zip(header["methods"], file.get_tensor("maps"), strict=True))
            return Card(
                file.get_tensor("picture").tobytes(),
                (left, top, right, bottom),
                tuple(header["rows"]),
                maps,
            )
    except (OSError, SafetensorError, KeyError, TypeError, ValueError):
        return None


def make_card(
    explanation: Explanation,
    words: Sequence[Mapping[str, Any]],
    shown: Mapping[str, Maps],
    rect: Rect,
) -> Card:
    """Makes a sample's card.

    Args:
        explanation: Of one picture.
        words: The record's rows of any one method.
        shown: The maps that each method shows, uint8 [answer tokens, rows, cols].
        rect: What they cover, in pixels of the upright full-size picture.
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
    )


def thumbnail(image: StoredImage) -> bytes:
    """A small JPEG of a stored picture; nothing where it cannot be drawn."""
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
