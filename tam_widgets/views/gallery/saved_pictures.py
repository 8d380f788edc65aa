"""The first pictures in view, small enough to be saved with a notebook.

Whoever opens the notebook without a kernel sees them, and others do not wait for the kernel to see
the first cards.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image

from .run import Run
from .twins import nouns_in_focus
from .wire import pictures

MAX_PICTURES = 48
MAX_BYTES = 220_000
"""Most bytes of all: as text in a notebook they take a third more."""

SIDE = 192
"""Most pixels per side of a picture."""

QUALITY = 60

Json = dict[str, Any]


def saved_pictures(
    runs: Sequence[Run], listed: Json, shown: Sequence[str], filters: Mapping[str, Any]
) -> tuple[list[Json], list[bytes]]:
    """What cards show of the first samples, as they are filtered.

    Args:
        runs: One or two.
        listed: Made by `listing.listing`.
        shown: Ids of the samples in view, in order.
        filters: As the trait of `Gallery`.

    Returns:
        Entries as `wire.pictures` makes them, each with its ``nouns`` and with ``buffers``, the
        places of its buffers in the list that comes second.
    """
    measured = {one["id"]: one["runs"] for one in listed["samples"]}
    stored: dict[bytes, int] = {}
    entries: list[Json] = []
    left = MAX_BYTES
    for sample in shown[: MAX_PICTURES // len(runs)]:
        nouns = nouns_in_focus(measured[sample], filters, listed["categories"])
        (entry,), buffers = pictures(runs, [[sample, *nouns]])
        small = [_small(buffer) for buffer in buffers]
        left -= sum(len(one) for one in {*small} - stored.keys())
        if left < 0:
            break
        places = [stored.setdefault(one, len(stored)) for one in small]
        entries.append({**entry, "nouns": nouns, "buffers": places})
    return entries, list(stored)


def _small(encoded: bytes) -> bytes:
    """A card's picture, smaller; maps stay as they are."""
    if not encoded.startswith(b"\xff\xd8"):
        return encoded
    file = io.BytesIO()
    with Image.open(io.BytesIO(encoded), formats=("JPEG",)) as picture:
        picture.thumbnail((SIDE, SIDE))
        picture.save(file, "WEBP", quality=QUALITY, method=2)
    return file.getvalue()
