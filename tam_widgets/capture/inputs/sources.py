"""Opens files, addresses and data URLs for reading."""

from __future__ import annotations

import base64
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, cast
from urllib.parse import unquote_to_bytes

from ...errors import ImageError
from .downloading import Limits, download
from .source_names import excerpt, is_data_url, source_name

DATA_URL_CHARACTERS = 50_000_000
"""Longest data URL that is read."""


@contextmanager
def opened(source: str | os.PathLike[str], limits: Limits) -> Iterator[BinaryIO]:
    """Opens a path, an http(s) address or a data URL.

    Args:
        source: The path, address or URL.
        limits: How much is read.

    Yields:
        A named file; the content of a URL is written to a temporary one.

    Raises:
        ImageError: If it cannot be read, is not a regular file, is empty, or is too large.
    """
    if not isinstance(source, str) or not source[:8].lower().startswith(
        ("http://", "https://", "data:")
    ):
        with _regular_file(source, limits) as file:
            yield file
        return
    with NamedTemporaryFile(prefix="tam-") as made:
        temporary = cast(BinaryIO, made)
        if is_data_url(source):
            temporary.write(_data(source))
        else:
            download(source, temporary, limits)
        temporary.seek(0)
        yield temporary


def _regular_file(path: str | os.PathLike[str], limits: Limits) -> BinaryIO:
    """Opens a regular file; a device or a pipe might never end."""
    what, mend = limits.what, f"give the path or URL of a {limits.what}"
    try:
        known = Path(path).stat()
        if not stat.S_ISREG(known.st_mode):
            raise ValueError("it is a folder or a device")
        if known.st_size == 0:  # also files in /proc
            raise ValueError("it is empty")
        if limits.file is not None and known.st_size > limits.file:
            most = limits.file // 10**6
            mend = "make it smaller first"
            raise ValueError(f"it has {known.st_size} bytes, more than the limit of {most} MB")
        return Path(path).open("rb")
    except FileNotFoundError as error:
        raise ImageError(f"{source_name(path)}: there is no such file; {mend}") from error
    except (OSError, ValueError, TypeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ImageError(
            f"{source_name(path)}: the {what} cannot be read ({excerpt(reason)}); {mend}"
        ) from error


def _data(url: str) -> bytes:
    """The content of a data URL such as `data:image/png;base64,iVBORw0KGgo…`."""
    if len(url) > DATA_URL_CHARACTERS:
        raise ImageError(
            f"{source_name(url)}: the limit is {DATA_URL_CHARACTERS // 10**6} million; save it "
            "as a file and give its path"
        )
    head, comma, content = url.partition(",")
    try:
        if not comma:
            raise ValueError("it contains no comma")
        held = unquote_to_bytes(content)
        if head.rstrip().lower().endswith(";base64"):
            held = base64.b64decode(b"".join(held.split()), validate=True)
    except ValueError as error:
        raise ImageError(
            f"{source_name(url)}: its content cannot be read ({excerpt(error)}); "
            "data:image/png;base64,… is expected"
        ) from error
    return held
