"""Pictures in, from whatever a user has: upright RGB out; and encoded for the record."""

from __future__ import annotations

import io
import os
import urllib.error
import urllib.request
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from ..errors import ImageError
from ..record.parts import StoredImage

ImageSource = Any
"""A path, an http(s) or data URL, bytes, a PIL image, or an array [rows, cols(, channels)]."""

MAX_PIXELS = 178_956_970
"""Largest picture opened, in pixels: Pillow's own limit against decompression bombs."""

STORED_SIDE = 2048
LOSSLESS_PIXELS = 100_000
URL_SECONDS = 30

_EXPECTED = "give a path, a URL, bytes, a PIL image or an array of shape [rows, cols, 3]"


def load_image(source: ImageSource) -> Image.Image:
    """Opens a picture and turns it upright.

    Args:
        source: A path, an http(s) or data URL, encoded bytes, a PIL image, or an array
            [rows, cols], [rows, cols, 1], [rows, cols, 3] or [rows, cols, 4] of uint8, of
            uint16, or of floats in 0..1.

    Returns:
        An RGB picture, EXIF rotation applied; transparent pixels are laid over white.

    Raises:
        ImageError: If there is no such picture, or it is broken, empty, or too large.
    """
    picture = _opened(source)
    if picture.width * picture.height > MAX_PIXELS:
        raise ImageError(
            f"{_named(source)}: {picture.width} x {picture.height} pixels are more than "
            f"{MAX_PIXELS // 10**6} megapixels; make the picture smaller first"
        )
    try:
        return _rgb(ImageOps.exif_transpose(picture))
    except (OSError, SyntaxError, ValueError) as error:
        raise ImageError(
            f"{_named(source)}: the picture is damaged or cut off ({error}); save or download "
            "it again"
        ) from error


def store_image(
    picture: Image.Image,
    side: int = STORED_SIDE,
    *,
    video: int | None = None,
    time: float | None = None,
) -> StoredImage:
    """An upright picture for the record: small ones become PNG when needed, large ones JPEG.

    Args:
        picture: RGB, of any size; nobody else may change it.
        side: Longest side in pixels; larger ones are stored smaller.
        video: Index of the video that it is a frame of.
        time: When the frame is shown, in seconds.
    """
    copy = picture
    if max(picture.size) > side:
        copy = picture.copy()
        copy.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    if copy.width * copy.height <= LOSSLESS_PIXELS:
        return StoredImage.lossless(copy, picture.size, video, time)
    buffer = io.BytesIO()
    copy.save(buffer, "JPEG", quality=92, subsampling=0)
    return StoredImage(buffer.getvalue(), "image/jpeg", *picture.size, video, time)


def _opened(source: ImageSource) -> Image.Image:
    if isinstance(source, Image.Image):
        return source
    if isinstance(source, bytes | bytearray | memoryview):
        return _decoded(bytes(source), f"{len(source)} bytes")
    if isinstance(source, str) and source.startswith(("http://", "https://", "data:")):
        return _decoded(download(source), _named(source))
    if isinstance(source, str | os.PathLike):
        return _decoded(_read(source), _named(source))
    if hasattr(source, "__array__"):
        return _from_array(np.asarray(source))
    raise ImageError(f"image of type {type(source).__name__}: {_EXPECTED}")


def _named(source: ImageSource) -> str:
    return str(source)[:200] if isinstance(source, str | os.PathLike) else "image"


def _read(path: str | os.PathLike[str]) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise ImageError(
            f"{path}: the image cannot be read ({error.strerror or error}); {_EXPECTED}"
        ) from error


def download(url: str) -> bytes:
    """What an http(s) or data URL holds; raises `ImageError` where it cannot be had."""
    try:
        request = urllib.request.Request(url, headers={"User-Agent": "tam_widgets"})
        with urllib.request.urlopen(request, timeout=URL_SECONDS) as answer:
            content: bytes = answer.read()
            return content
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise ImageError(
            f"{url[:200]}: this cannot be downloaded ({error}); check the address, or download it "
            "yourself and give its path"
        ) from error


def _decoded(content: bytes, name: str) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return Image.open(io.BytesIO(content))
    except Image.DecompressionBombError as error:
        raise ImageError(
            f"{name}: more than {MAX_PIXELS // 10**6} megapixels; make the picture smaller first"
        ) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise ImageError(
            f"{name}: not a picture that can be opened, it is broken or of an unknown format; "
            "PNG, JPEG, WebP, GIF, BMP and TIFF are expected"
        ) from error


def _from_array(array: np.ndarray[Any, Any]) -> Image.Image:
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (3, 4)):
        raise ImageError(
            f"image array of shape {array.shape}: [rows, cols], [rows, cols, 3] or [rows, cols, 4] "
            "is expected, channels last"
        )
    if array.size == 0:
        raise ImageError(f"image array of shape {array.shape} is empty")
    return Image.fromarray(_bytes(array))


def _bytes(array: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    if array.dtype == np.uint8:
        return np.ascontiguousarray(array)
    if array.dtype == np.bool_:
        return array.astype(np.uint8) * np.uint8(255)
    if array.dtype == np.uint16:
        return (array // 257).astype(np.uint8)
    if np.issubdtype(array.dtype, np.floating) and array.min() >= 0 and array.max() <= 1:
        return np.round(array * 255).astype(np.uint8)
    raise ImageError(
        f"image array of {array.dtype} from {array.min()} to {array.max()}: uint8, uint16 or "
        "floats "
        "in 0..1 are expected"
    )


def _rgb(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I") or picture.mode == "F":
        picture = Image.fromarray(_deep_grey(np.asarray(picture)))
    if picture.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(paper, layer).convert("RGB")
    return picture.convert("RGB")


def _deep_grey(values: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Grey values of more than 8 bits: 16-bit data in 0..65535, else stretched to their range."""
    values = values.astype(np.float64)
    if np.isfinite(values).all() and values.min() >= 0 and 255 < values.max() <= 65535:
        return _eight_bit(values / 257)
    low, high = np.nanmin(values), np.nanmax(values)
    if low >= 0 and high <= 255:
        return _eight_bit(values)
    return _eight_bit(255 * (values - low) / max(high - low, 1e-12))


def _eight_bit(values: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    result: np.ndarray[Any, np.dtype[np.uint8]] = np.nan_to_num(values).astype(np.uint8)
    return result
