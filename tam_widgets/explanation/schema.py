"""The JSON in a saved explanation: its fields, their types and ranges.

Whether the parts fit together is checked later, for every record (`consistency`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..attribution import Method
from .check_schema import CHECK, entry
from .geometry import Grid
from .json_values import (
    choice,
    entries,
    fields,
    flag,
    mapping,
    number,
    optional,
    plain,
    row,
    several,
    text,
    whole,
)
from .record import Record
from .types import Alternative, Candidate, Token, Turn

VERSION = 7
"""Version of the file format; older files remain readable, newer ones are refused."""

PROVENANCE_BYTES = 4 * 2**20
"""Most bytes of JSON in the provenance."""
PROVENANCE_DEPTH = 32
"""Deepest nesting of lists and objects in the provenance."""

Provenance = Mapping[str, Any]

_NAMES = {"finish": "finish_reason"}
"""Today's names of entries that the provenance of older files may have."""

_DESCRIBED = ("title", "model", "family", *_NAMES, *_NAMES.values())
"""Entries of the provenance that views read; the rest may be anything."""

# Far above any vocabulary, picture, grid or video; sums and products of these remain exact.
_COUNT = whole(0, 2**31 - 1)
_SIZE = whole(1, 2**31 - 1)
_EDGE = number(-1e12, 1e12)
_SECONDS = number(-1e9, 1e9)
_TEXT = text(4096)
_NAME = text(1024)

_SHARE = number(0, 1.001)


def _probability(value: Any) -> float:
    """At most 1, which older files may exceed by float32 rounding."""
    return min(1.0, float(_SHARE(value)))


def _method(settings: Mapping[str, Any] | None = None, **described: Any) -> Method:
    return Method(**described, fixed=settings or {})


_IMAGE = fields(
    dict,
    {
        "mime": choice("image/png", "image/jpeg", "image/webp"),
        "width": _SIZE,
        "height": _SIZE,
    },
    {"video": optional(_COUNT), "time": optional(_SECONDS)},
)
_GRID = fields(
    Grid,
    {"rows": _SIZE, "cols": _SIZE, "rect": row(4, _EDGE)},
    {"image": _COUNT, "time": optional(row(2, _SECONDS)), "frames": _SIZE, "thumbnail": flag},
)
_CANDIDATE = fields(Candidate, {"id": _COUNT, "text": _TEXT, "probability": _probability})
_TOKEN = fields(
    Token,
    {"id": _COUNT, "text": _TEXT, "kind": choice("prompt", "answer"), "span": row(2, _COUNT)},
    {
        "probability": optional(_probability),
        "candidates": several(_CANDIDATE),
        "special": flag,
    },
)
_TURN = fields(Turn, {"role": choice("user", "assistant"), "start": _COUNT, "stop": _COUNT})
_ALTERNATIVE = fields(
    Alternative,
    {"token": _COUNT, "text": _TEXT, "ids": several(_COUNT, least=1)},
    {"probability": optional(_probability)},
)
_CHOICE = fields(lambda **own: (own["id"], own["text"]), {"id": _COUNT, "text": _TEXT})
_METHOD = fields(
    _method,
    {"name": _NAME, "label": _NAME},
    {"source": _TEXT, "cost": _TEXT, "signed": flag, "settings": mapping(_NAME, plain)},
)


def _provenance(value: Any) -> Provenance:
    given = entries(value)
    for name in given.keys() & _DESCRIBED:
        optional(_NAME)(given[name])
    provenance = {_NAMES.get(name, name): one for name, one in given.items()}
    _check_depth(provenance)
    size = len(json.dumps(provenance))
    if size > PROVENANCE_BYTES:
        raise ValueError(f"provenance has {size} bytes of at most {PROVENANCE_BYTES}")
    return provenance


@dataclass(frozen=True)
class Metadata:
    """The checked JSON of a file, without its pictures' bytes and its checks' arrays."""

    images: tuple[dict[str, Any], ...]
    """Attributes of each `StoredImage`."""
    parts: dict[str, Any]
    """Attributes of a `Record` by name."""
    checks: tuple[dict[str, Any], ...]
    """Attributes of each `FaithfulnessCheck`."""


def _metadata(
    version: int,  # noqa: ARG001
    images: tuple[dict[str, Any], ...],
    extra_methods: tuple[Method, ...] = (),
    checks: tuple[dict[str, Any], ...] = (),
    layer_choice_texts: tuple[tuple[int, str], ...] = (),
    **parts: Any,
) -> Metadata:
    parts["extra_methods"] = {method.name: method for method in extra_methods}
    parts["layer_choice_texts"] = dict(layer_choice_texts)
    return Metadata(images, parts, checks)


_METADATA = fields(
    _metadata,
    {
        "version": _COUNT,
        "images": several(_IMAGE),
        "grids": several(_GRID),
        "tokens": several(_TOKEN),
        "provenance": _provenance,
    },
    {
        "turns": several(_TURN),  # from version 2 on, as alternatives
        "alternatives": several(_ALTERNATIVE),
        "first_class": optional(_COUNT),  # from version 3 on
        "extra_methods": several(_METHOD),  # from version 4 on
        "extra_tokens": mapping(_NAME, several(_COUNT)),  # from version 5 on
        "layers": several(_SIZE),
        "layer_count": optional(_SIZE),
        "checks": several(CHECK),
        "layer_choice_texts": several(_CHOICE),  # from version 6 on
    },
)


def version_of(value: Any) -> int:
    """The format version that a file's JSON claims.

    Raises:
        ValueError: If it has none.
    """
    version = entries(value).get("version")
    if type(version) is int and version >= 1:
        return version
    raise ValueError("the version is not a whole number from 1 on")


def read(value: Any) -> Metadata:
    """Checks a file's JSON.

    Raises:
        ValueError, RecursionError: If a field is missing, unknown, of the wrong type or out of
            range; the message says which.
    """
    metadata: Metadata = _METADATA(value)
    return metadata


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
            "layer_choice_texts": [
                {"id": number, "text": text} for number, text in record.layer_choice_texts.items()
            ],
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


def _check_depth(provenance: Provenance) -> None:
    level: list[Any] = [provenance]
    for _ in range(PROVENANCE_DEPTH):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise ValueError(f"provenance is nested more than {PROVENANCE_DEPTH} levels deep")
