"""Opens pictures from any source as upright RGB, and encodes them for the record."""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, BinaryIO

import numpy as np
from PIL import ExifTags, Image, ImageFile

from ...errors import ImageError
from ...explanation.pictures import MAX_STORED_SIDE
from ...explanation.types import StoredImage
from .arrays import eight_bit, picture_of
from .downloading import Limits
from .source_names import excerpt, source_name
from .sources import opened

ImageSource = Any
"""A path, an http(s) or data URL, bytes, a PIL image, or an array [rows, cols(, channels)]."""

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
"""Pillow's names of the formats that are opened; no other format is tried."""

MAX_PIXELS = 8192 * 6144
"""Largest picture that is opened, in pixels; decoding and rotating take 8 bytes per pixel."""

MAX_PIXELS_IN_COPIES = MAX_PIXELS // 2
"""The same for WebP and progressive JPEG, whose decoders hold several copies of the picture."""

MAX_SCANS = 50
"""Most scans of a JPEG; each is decoded over the whole picture."""

LIMITS = Limits("picture", file=100_000_000, download=100_000_000, seconds=30)

LOSSLESS_PIXELS = 100_000

_EXPECTED = "give a path, a URL, bytes, a PIL image or an array of shape [rows, cols, 3]"
_BAND = 1 << 20
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_FOREIGN = {
    b"<!doctype html": "an HTML page",
    b"<html": "an HTML page",
    b"<svg": "an SVG drawing",
    b"%!ps": "a PostScript file",
    b"\xc5\xd0\xd3\xc6": "a PostScript file",
    b"%pdf": "a PDF file",
    b"8bps": "a Photoshop file",
    b"ftyp": "a video or a picture of another format",
}


def load_image(source: ImageSource) -> Image.Image:
    """Opens a picture and turns it upright.

    Args:
        source: A path, an http(s) or data URL, encoded bytes, a PIL image, or an array
            [rows, cols], [rows, cols, 1], [rows, cols, 3] or [rows, cols, 4] of uint8, of
            uint16, of bool, or of floats in 0..1. Files are PNG, JPEG, WebP, GIF, BMP or TIFF,
            of at most 100 MB; of an animation the first frame is used. A picture has at
            most `MAX_PIXELS` pixels, and half as many as WebP or progressive JPEG. A download ends
            after 30 seconds, and follows redirects to public addresses only.

    Returns:
        An RGB picture, EXIF rotation applied; transparent pixels are blended with white.

    Raises:
        ImageError: If the picture does not exist, or is broken, empty or too large.
    """
    picture = _upright(_loaded(source))
    try:
        if picture.mode != "RGB" or _transparent(picture):
            return _rgb(picture)
        return picture.copy() if picture is source else picture
    except Exception as error:  # Pillow may raise anything
        raise ImageError(
            f"{source_name(source)}: a picture of mode {picture.mode} cannot be converted to RGB "
            f"({excerpt(error)}); convert it first"
        ) from error


def store_image(
    picture: Image.Image,
    side: int = MAX_STORED_SIDE,
    *,
    video: int | None = None,
    time: float | None = None,
) -> StoredImage:
    """Encodes an upright picture for the record: small ones as PNG when needed, others as JPEG.

    Args:
        picture: RGB, of any size; it must not be changed afterwards.
        side: Longest side in pixels; larger pictures are scaled down.
        video: Index of the video that contains the frame.
        time: When the frame is shown, in seconds.
    """
    copy = picture
    if max(picture.size) > side:
        scale = side / max(picture.size)
        size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        copy = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    if copy.width * copy.height <= LOSSLESS_PIXELS:
        return StoredImage.lossless(copy, picture.size, video, time)
    buffer = io.BytesIO()
    copy.save(buffer, "JPEG", quality=92, subsampling=0)
    return StoredImage(buffer.getvalue(), "image/jpeg", *picture.size, video, time)


def _loaded(source: ImageSource) -> Image.Image:
    if isinstance(source, Image.Image):
        if isinstance(source, ImageFile.ImageFile) and source.format == "EPS":
            raise ImageError("an EPS picture, which an external program would draw; save it as PNG")
        return _pixels(source, source_name(source))
    if isinstance(source, bytes | bytearray | memoryview):
        return _decoded(io.BytesIO(bytes(source)), f"{memoryview(source).nbytes} bytes")
    if isinstance(source, str | os.PathLike):
        with opened(source, LIMITS) as file:
            return _decoded(file, source_name(source))
    if hasattr(source, "__array__"):
        return picture_of(source, MAX_PIXELS)
    raise ImageError(f"image of type {type(source).__name__}: {_EXPECTED}")


def _decoded(file: BinaryIO, name: str) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's own, about sizes and broken metadata
            picture = Image.open(file, formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise ImageError(
            f"{name}: more than {MAX_PIXELS // 10**6} megapixels; make the picture smaller first"
        ) from error
    except Exception as error:  # on a broken file its readers may raise anything
        raise ImageError(
            f"{name}: not a picture that can be opened: {_foreign(file)}; PNG, JPEG, WebP, "
            "GIF, BMP and TIFF are expected"
        ) from error
    if "progressive" in picture.info and _scans(file) > MAX_SCANS:
        raise ImageError(f"{name}: a JPEG of more than {MAX_SCANS} scans; save it again")
    return _pixels(picture, name)


def _pixels(picture: Image.Image, name: str) -> Image.Image:
    """Reads the pixels of a picture, unless it is too large."""
    if not picture.width or not picture.height:
        raise ImageError(f"{name}: the picture is empty, {picture.width} x {picture.height} pixels")
    progressive = picture.format in ("JPEG", "MPO") and "progressive" in picture.info
    several = progressive or picture.format == "WEBP"
    most = MAX_PIXELS_IN_COPIES if several else MAX_PIXELS
    if picture.width * picture.height > most:
        form = " for WebP and progressive JPEG" if several else ""
        raise ImageError(
            f"{name}: {picture.width} x {picture.height} pixels are more than the limit of "
            f"{most // 10**6} megapixels{form}; make the picture smaller first"
        )
    try:
        picture.load()
    except Exception as error:  # on a broken file decoders may raise anything
        raise ImageError(
            f"{name}: the picture is damaged or cut off ({excerpt(error)}); save or download it "
            "again"
        ) from error
    return picture


def _foreign(file: BinaryIO) -> str:
    file.seek(0)
    beginning = file.read(512).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    known = (name for mark, name in _FOREIGN.items() if mark in beginning)
    return next(known, "broken or of an unknown format")


def _scans(file: BinaryIO) -> int:
    """Number of a JPEG's scans: their marker cannot occur in compressed data."""
    place = file.tell()
    file.seek(0)
    count = sum(block.count(b"\xff\xda") for block in iter(lambda: file.read(_BAND), b""))
    file.seek(place)
    return count


def _upright(picture: Image.Image) -> Image.Image:
    try:
        turn = _TURNS.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # broken EXIF may raise anything; the pixels are still good
        return picture
    return picture if turn is None else picture.transpose(turn)


def _transparent(picture: Image.Image) -> bool:
    return picture.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in picture.info


def _rgb(picture: Image.Image) -> Image.Image:
    """Converts to RGB band by band, to avoid copies of the whole picture."""
    deep = picture.mode.startswith("I") or picture.mode == "F"
    low, high = _range(picture) if deep else (0.0, 0.0)
    result = Image.new("RGB", picture.size, "white")
    for top, band in _bands(picture):
        if deep:
            result.paste(Image.fromarray(eight_bit(np.asarray(band), low, high)), (0, top))
        elif _transparent(picture):
            layer = band.convert("RGBA")
            result.paste(layer, (0, top), layer)
        else:
            result.paste(band.convert("RGB"), (0, top))
    return result


def _bands(picture: Image.Image) -> Iterator[tuple[int, Image.Image]]:
    """Bands of about a megapixel, each with its first row."""
    rows = max(1, _BAND // picture.width)
    tops = [*range(0, picture.height, rows), picture.height]
    for top, bottom in pairwise(tops):
        yield top, picture.crop((0, top, picture.width, bottom))


def _range(picture: Image.Image) -> tuple[float, float]:
    """The range of grey values of more than 8 bits; for 16-bit data 0 to 65535."""
    low, high = float("inf"), float("-inf")
    for _, band in _bands(picture):
        values = np.asarray(band)
        finite = values[np.isfinite(values)]
        if finite.size:
            low, high = min(low, float(finite.min())), max(high, float(finite.max()))
    if low >= 0 and high <= 65535:
        return (0.0, 255.0) if high <= 255 else (0.0, 65535.0)
    return low, high
