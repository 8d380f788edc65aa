"""The JSON in a saved explanation: its fields, their types and ranges.

Whether the parts fit together is checked later, for every record (`consistency`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from ..attribution import Method
from .check_schema import StoredCheck, entry
from .geometry import Grid
from .record import Record
from .types import Alternative, Candidate, Role, StoredImage, Token, TokenKind, Turn

VERSION = 5
"""Version of the file format; older files remain readable, newer ones are refused."""

PROVENANCE_BYTES = 4 * 2**20
"""Most bytes of JSON in the provenance."""
PROVENANCE_DEPTH = 32
"""Deepest nesting of lists and objects in the provenance."""

# Far above any vocabulary, picture, grid or video; sums and products of these remain exact.
Count = Annotated[int, Meta(ge=0, le=2**31 - 1)]
Size = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Edge = Annotated[float, Meta(ge=-1e12, le=1e12)]
Seconds = Annotated[float, Meta(ge=-1e9, le=1e9)]
# Older files may exceed 1 by float32 rounding.
Probability = Annotated[float, Meta(ge=0, le=1.001)]
Text = Annotated[str, Meta(max_length=4096)]
Name = Annotated[str, Meta(max_length=1024)]
Ids = Annotated[list[Count], Meta(min_length=1)]

Provenance = Mapping[str, Any]

_NAMES = {"finish": "finish_reason"}
"""Today's names of entries that the provenance of older files may have."""


class _Version(Struct):
    version: Annotated[int, Meta(ge=1)]


class _Image(Struct, forbid_unknown_fields=True):
    mime: Literal["image/png", "image/jpeg", "image/webp"]
    width: Size
    height: Size
    video: Count | None = None
    time: Seconds | None = None

    def made(self, data: bytes) -> StoredImage:
        return StoredImage(data, self.mime, self.width, self.height, self.video, self.time)


class _Grid(Struct, forbid_unknown_fields=True):
    rows: Size
    cols: Size
    rect: tuple[Edge, Edge, Edge, Edge]
    image: Count = 0
    time: tuple[Seconds, Seconds] | None = None
    frames: Size = 1
    thumbnail: bool = False

    def made(self) -> Grid:
        placed = self.image, self.time, self.frames, self.thumbnail
        return Grid(self.rows, self.cols, self.rect, *placed)


class _Candidate(Struct, forbid_unknown_fields=True):
    id: Count
    text: Text
    probability: Probability

    def made(self) -> Candidate:
        return Candidate(self.id, self.text, min(1.0, self.probability))


class _Token(Struct, forbid_unknown_fields=True):
    id: Count
    text: Text
    kind: TokenKind
    span: tuple[Count, Count]
    probability: Probability | None = None
    candidates: list[_Candidate] = []
    special: bool = False

    def made(self) -> Token:
        probability = None if self.probability is None else min(1.0, self.probability)
        candidates = tuple([candidate.made() for candidate in self.candidates])
        own = self.id, self.text, self.kind, self.span
        return Token(*own, probability, candidates, self.special)


class _Turn(Struct, forbid_unknown_fields=True):
    role: Role
    start: Count
    stop: Count

    def made(self) -> Turn:
        return Turn(self.role, self.start, self.stop)


class _Alternative(Struct, forbid_unknown_fields=True):
    token: Count
    text: Text
    ids: Ids
    probability: Probability | None = None

    def made(self) -> Alternative:
        probability = None if self.probability is None else min(1.0, self.probability)
        return Alternative(self.token, self.text, tuple(self.ids), probability)


class _Method(Struct, forbid_unknown_fields=True):
    name: Name
    label: Name
    source: Text = ""
    cost: Text = ""
    signed: bool = False
    settings: dict[Name, str | float | bool | None] = {}

    def made(self) -> Method:
        described = self.name, self.label, self.source
        return Method(*described, fixed=self.settings, signed=self.signed, cost=self.cost)


class _Described(Struct):
    """The provenance that views read; the rest may be anything."""

    title: Name | None = None
    model: Name | None = None
    family: Name | None = None
    finish_reason: Name | None = None
    finish: Name | None = None  # in older files


class _Metadata(Struct, forbid_unknown_fields=True):
    version: int
    images: list[_Image]
    grids: list[_Grid]
    tokens: list[_Token]
    provenance: msgspec.Raw
    turns: list[_Turn] = []  # from version 2 on, as alternatives
    alternatives: list[_Alternative] = []
    first_class: Count | None = None  # from version 3 on
    extra_methods: list[_Method] = []  # from version 4 on
    extra_tokens: dict[Name, list[Count]] = {}  # from version 5 on
    layers: list[Size] = []  # from version 5 on
    layer_count: Size | None = None
    checks: list[StoredCheck] = []  # from version 5 on


@dataclass(frozen=True)
class Metadata:
    """The checked JSON of a file, without the bytes of its pictures."""

    images: list[_Image]
    parts: dict[str, Any]
    """Attributes of a `Record` by name."""
    checks: list[StoredCheck]


def version_of(text: str) -> int:
    """The format version that a file claims.

    Raises:
        msgspec.MsgspecError, ValueError, RecursionError: If the text is not JSON with a version.
    """
    return msgspec.json.decode(text, type=_Version).version


def read(text: str) -> Metadata:
    """Reads and checks the JSON of a file.

    Raises:
        msgspec.MsgspecError, ValueError, RecursionError: If a field is missing, unknown, of
            the wrong type or out of range; the message says which.
    """
    found = msgspec.json.decode(text, type=_Metadata)
    parts = {
        "grids": tuple(grid.made() for grid in found.grids),
        "tokens": tuple(token.made() for token in found.tokens),
        "provenance": _provenance(found.provenance),
        "turns": tuple(turn.made() for turn in found.turns),
        "alternatives": tuple(other.made() for other in found.alternatives),
        "first_class": found.first_class,
        "extra_methods": {method.name: method.made() for method in found.extra_methods},
        "extra_tokens": {name: tuple(own) for name, own in found.extra_tokens.items()},
        "layers": tuple(found.layers),
        "layer_count": found.layer_count,
    }
    return Metadata(found.images, parts, found.checks)


def write(record: Record) -> str:
    """The JSON of a record.

    Raises:
        TypeError, ValueError, RecursionError: If something in it, such as its provenance, is not a
            JSON value.
    """
    images = ("mime", "width", "height", "video", "time")
    return json.dumps(
        {
            "version": VERSION,
            "images": [{name: getattr(image, name) for name in images} for image in record.images],
            "grids": [vars(grid) for grid in record.grids],
            "tokens": [_entry(token) for token in record.tokens],
            "turns": [vars(turn) for turn in record.turns],
            "alternatives": [vars(other) for other in record.alternatives],
            "provenance": dict(record.provenance),
            "first_class": record.first_class,
            "extra_tokens": dict(record.extra_tokens),
            "layers": record.layers,
            "layer_count": record.layer_count,
            "checks": [entry(check) for check in record.checks],
            "extra_methods": [
                {
                    "name": name,
                    **{part: getattr(method, part) for part in ("label", "source", "cost")},
                    "signed": method.signed,
                    "settings": {n: v for n, v in method.fixed.items() if v is not None},
                }
                for name, method in record.extra_methods.items()
            ],
        }
    )


def _entry(token: Token) -> dict[str, Any]:
    """A token's fields; `asdict` is slower, because it copies every candidate."""
    return {**vars(token), "candidates": [vars(candidate) for candidate in token.candidates]}


def _provenance(raw: msgspec.Raw) -> Provenance:
    size = len(memoryview(raw))
    if size > PROVENANCE_BYTES:
        raise ValueError(f"provenance has {size} bytes of at most {PROVENANCE_BYTES}")
    msgspec.json.decode(raw, type=_Described)
    found = msgspec.json.decode(raw, type=dict[str, Any])
    provenance = {_NAMES.get(name, name): value for name, value in found.items()}
    level: list[Any] = [provenance]
    for _ in range(PROVENANCE_DEPTH):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return provenance
    raise ValueError(f"provenance is nested more than {PROVENANCE_DEPTH} levels deep")
