"""Pictures as views receive them: of the record's, which keep every pixel, lighter copies."""

from __future__ import annotations

import io
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from PIL import Image

from ..errors import ImageError
from ..explanation.types import StoredImage

DRAWING_COLOURS = 2048
"""Colours of a drawing or a screenshot at most, whose sharp edges JPEG would blur."""
QUALITY = 90
FILM_BYTES = 600_000
"""Frames that need more together are sent smaller."""
FILM_SIDE, FILM_QUALITY = 512, 70
"""Longest side of such a frame in pixels, about what models see of one, and its quality."""


class Encoded(NamedTuple):
    """A picture's media type and its bytes."""

    mime: str
    data: bytes


def sent(images: Sequence[StoredImage]) -> list[Encoded]:
    """The pictures and frames of a record for a view.

    JPEG and WebP are sent as they are, and PNG of photos as JPEG. Frames that are large together
    are scaled down.
    """
    pictures = [_picture(image) for image in images]
    frames = [number for number, image in enumerate(images) if image.video is not None]
    if sum(len(pictures[number].data) for number in frames) > FILM_BYTES:
        with ThreadPoolExecutor() as threads:  # the encoder lets other threads run
            smaller = list(threads.map(_smaller, (images[number] for number in frames)))
        for number, found in zip(frames, smaller, strict=True):
            pictures[number] = min(pictures[number], found, key=lambda one: len(one.data))
    return pictures


def _picture(image: StoredImage) -> Encoded:
    if image.mime != "image/png":
        return Encoded(image.mime, image.data)
    try:
        picture = image.opened()
    except ImageError:  # the view says so
        return Encoded(image.mime, image.data)
    if picture.getcolors(DRAWING_COLOURS):
        return Encoded(image.mime, image.data)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=QUALITY, subsampling=0)
    return Encoded("image/jpeg", file.getvalue())


def _smaller(image: StoredImage) -> Encoded:
    try:
        picture = image.opened((FILM_SIDE, FILM_SIDE))
    except ImageError:
        return Encoded(image.mime, image.data)
    picture.thumbnail((FILM_SIDE, FILM_SIDE), Image.Resampling.BICUBIC, reducing_gap=2.0)
    file = io.BytesIO()
    picture.save(file, "WEBP", quality=FILM_QUALITY, method=1)
    return Encoded("image/webp", file.getvalue())
