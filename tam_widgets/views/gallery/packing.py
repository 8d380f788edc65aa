"""Messages of the gallery, made small for a file: `unpack` in js/src/gallery/packed.ts reads them.

A packed message is JSON, with the lengths of what follows it, and bytes: deflated, then base64. Of
its arrays, float16 divided by a power of two takes the place of float32: a value keeps 11
significant bits, which is 0.05 % of it, or if it is small 3e-8 of the array's largest. The two
bytes of each number are parted, first all low ones, then all high ones, which deflate better so.
Pictures become WebP of at most 512 pixels per side, and other numbers have 6 significant digits.
"""

from __future__ import annotations

import base64
import io
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from PIL import Image

from ...errors import ImageError
from ...explanation.types import StoredImage

SIDE = 512
"""Most pixels per side of a picture."""

QUALITY = 75
DIGITS = 6
"""Significant digits of probabilities and coordinates."""

_HALF = np.dtype("<f2")
_LENGTH_BYTES = 4

Json = dict[str, Any]
SmallPicture = Callable[[StoredImage], bytes | None]


class Pack:
    """Buffers of one message, each kept once.

    Args:
        other: A message that is read before this one: what is in it is not repeated.
    """

    def __init__(self, other: Pack | None = None) -> None:
        self._buffers: dict[bytes, int] = {}
        self._others = other._buffers if other else {}

    def place(self, buffer: bytes) -> int:
        """The buffer's number, from 0; or ``~number`` if the other message has it."""
        if buffer in self._others:
            return ~self._others[buffer]
        return self._buffers.setdefault(buffer, len(self._buffers))

    def packed(self, content: Json) -> bytes:
        """The message as base64 text.

        Args:
            content: JSON values, with the buffers' numbers.
        """
        stored = [[len(one), _width(one)] for one in self._buffers]
        header = {"content": content, "stored": stored}
        text = json.dumps(header, allow_nan=False, separators=(",", ":")).encode()
        parts = (_parted(one) if isinstance(one, Half) else one for one in self._buffers)
        length = len(text).to_bytes(_LENGTH_BYTES, "little")
        return base64.b64encode(zlib.compress(b"".join([length, text, *parts]), level=9))


class Half(bytes):
    """Numbers as float16, whose bytes are parted when they are packed."""


def smaller(
    header: Json, buffers: Sequence[bytes], small: SmallPicture
) -> tuple[Json, list[bytes]]:
    """What `wire.encode` made, with arrays as float16, rounded numbers, and pictures as WebP.

    Args:
        header: Is left as it is; what is returned is a copy.
        buffers: What it refers to.
        small: `small_picture`, or one that remembers.
    """
    made = list(buffers)

    def walked(value: Any) -> Any:
        if isinstance(value, Mapping):
            if {"buffer", "dtype", "shape", "scale"} <= value.keys():
                return as_half({**value})
            if {"buffer", "mime", "width", "height"} <= value.keys():
                return as_webp({**value})
            return {name: walked(one) for name, one in value.items()}
        if isinstance(value, float):
            return float(f"{value:.{DIGITS}g}")
        return [walked(one) for one in value] if isinstance(value, list | tuple) else value

    def as_half(array: Json) -> Json:
        place = array["buffer"]
        if array["dtype"] != "float32":
            made[place] = Half(buffers[place])
            return array
        values = np.frombuffer(buffers[place], "<f4")
        scale = 2.0 ** int(np.ceil(np.log2(np.abs(values).max(initial=2**-60))))
        made[place] = Half((values / np.float32(scale)).astype(_HALF).tobytes())
        return array | {"dtype": _HALF.name, "scale": scale}

    def as_webp(image: Json) -> Json:
        place = image["buffer"]
        found = small(StoredImage(buffers[place], image["mime"], image["width"], image["height"]))
        if found is None:
            return image
        made[place] = found
        return image | {"mime": "image/webp"}

    return walked(header), made


def small_picture(image: StoredImage) -> bytes | None:
    """A stored picture as WebP of at most `SIDE` pixels per side; None if it cannot be read."""
    try:
        picture = image.opened((SIDE, SIDE))
    except ImageError:
        return None
    if image.mime == "image/webp" and max(picture.size) <= SIDE:
        return image.data  # encoded so for every view
    picture.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return _webp(picture, quality=QUALITY)


def small_buffer(encoded: bytes) -> bytes:
    """A buffer of `wire.pictures`: a map as lossless WebP where that is smaller."""
    if not encoded.startswith(b"\x89PNG"):
        return encoded
    with Image.open(io.BytesIO(encoded), formats=("PNG",)) as opened:
        return min(encoded, _webp(opened, lossless=True), key=len)


def _width(buffer: bytes) -> int:
    return _HALF.itemsize if isinstance(buffer, Half) else 1


def _parted(numbers: Half) -> bytes:
    return np.frombuffer(numbers, np.uint8).reshape(-1, _HALF.itemsize).T.tobytes()


def _webp(picture: Image.Image, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, "WEBP", method=4, **options)
    return file.getvalue()
