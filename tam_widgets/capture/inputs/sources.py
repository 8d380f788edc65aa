"""Files, addresses and data URLs, opened for reading."""

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
    """Opens what a path, an http(s) address or a data URL names.

    Args:
        source: The path, address or URL.
        limits: How much is read.

    Yields:
        A file that has a name; what comes from a URL lies in a temporary one.

    Raises:
        ImageError: If it cannot be had, is no regular file, is empty, or is too large.
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
    """Opens a file; nothing is read of a device, a pipe or a folder, which may never end."""
    what, mend = limits.what, f"give the path or URL of a {limits.what}"
    try:
        known = Path(path).stat()
        if not stat.S_ISREG(known.st_mode):
            raise ValueError("it is a folder or a device")
        if known.st_size == 0:  # of /proc too
            raise ValueError("it is empty")
        if limits.file is not None and known.st_size > limits.file:
            most = limits.file // 10**6
            mend = "make it smaller first"
            raise ValueError(f"it has {known.st_size} bytes, and at most {most} MB are read")
        return Path(path).open("rb")
    except FileNotFoundError as error:
        raise ImageError(f"{source_name(path)}: there is no such file; {mend}") from error
    except (OSError, ValueError, TypeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ImageError(
            f"{source_name(path)}: the {what} cannot be read ({excerpt(reason)}); {mend}"
        ) from error


def _data(url: str) -> bytes:
    """What a data URL holds: `data:image/png;base64,iVBORw0KGgo…`."""
    if len(url) > DATA_URL_CHARACTERS:
        raise ImageError(
            f"{source_name(url)}: at most {DATA_URL_CHARACTERS // 10**6} million are read; save it "
            "as a file and give its path"
        )
    head, comma, content = url.partition(",")
    try:
        if not comma:
            raise ValueError("there is no comma in it")
        held = unquote_to_bytes(content)
        if head.rstrip().lower().endswith(";base64"):
            held = base64.b64decode(b"".join(held.split()), validate=True)
    except ValueError as error:
        raise ImageError(
            f"{source_name(url)}: its content cannot be read ({excerpt(error)}); "
            "data:image/png;base64,… is expected"
        ) from error
    return held
