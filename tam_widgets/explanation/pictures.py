"""Opens stored pictures: only formats and sizes that a record may contain.

The bytes may come from a stranger, and Pillow would try all its formats on them: one of these
starts another program (EPS), and some expand a few bytes to gigabytes.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from ..errors import ImageError

if TYPE_CHECKING:
    from PIL import Image

FORMATS: Mapping[str, str] = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
"""Pillow's names of the media types that a record may contain."""

MAX_STORED_SIDE = 2048
"""Most pixels per side."""

SHAPE_SLACK = 2.0
"""Pixels of the full size by which the stored proportions may be off, besides rounding."""


class Stored(Protocol):
    """A picture in a record: its bytes, their media type, and its full size."""

    @property
    def data(self) -> bytes:
        """Encoded bytes."""

    @property
    def mime(self) -> str:
        """Their media type."""

    @property
    def width(self) -> int:
        """Full width in pixels."""

    @property
    def height(self) -> int:
        """Full height."""


def opened(stored: Stored) -> Image.Image:
    """Opens the encoded picture; only its header is read.

    Raises:
        ImageError: If it is of another format than its media type says, is damaged, or is larger
            than a stored picture may be.
    """
    from PIL import Image

    if stored.mime not in FORMATS:
        raise ImageError(
            f"a stored picture of type {stored.mime!r:.80}: {', '.join(FORMATS)} are expected"
        )
    try:
        picture = Image.open(io.BytesIO(stored.data), formats=[FORMATS[stored.mime]])
    except Exception as error:  # a decoder may raise anything
        raise unreadable(stored, error) from error
    if max(picture.size) > MAX_STORED_SIDE:
        raise ImageError(
            f"a stored picture has {picture.width} x {picture.height} pixels, at most "
            f"{MAX_STORED_SIDE} per side are expected; scale it down, as its full size is stored "
            "separately"
        )
    return picture


def check_header(stored: Stored) -> None:
    """Refuses a picture whose header does not match its description.

    Raises:
        ImageError: As `opened`, or if its proportions are not those of the full size.
    """
    width, height = opened(stored).size
    across, down = stored.width / width, stored.height / height
    # half a pixel of either stored side is rounding, and means as much as it is enlarged by
    slack = SHAPE_SLACK + max(across, down)
    if abs(across - down) * min(width, height) > slack:
        raise ImageError(
            f"a stored picture has {width} x {height} pixels, which do not have the proportions "
            f"of its full size, {stored.width} x {stored.height}; store the picture again"
        )


def unreadable(stored: Stored, error: Exception) -> ImageError:
    """The error for bytes that cannot be decoded."""
    return ImageError(
        f"a stored picture ({stored.mime}, {len(stored.data)} bytes) is damaged or cut off "
        f"({str(error)[:100]!r}); save the explanation again"
    )
