"""Explanations on disk: one `.safetensors` file of arrays, images and JSON; never a pickle."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load as read_tensors
from safetensors.numpy import save as tensor_bytes

from ..errors import ExplanationFileError, OutputError, TamError
from ..explanation import Explanation
from ..geometry import Grid
from .data import ARRAYS
from .parts import Alternative, Candidate, StoredImage, Token, Turn
from .temporary import prefix

FORMAT = "tam_widgets"
VERSION = 3
"""Version of the file format; older files stay readable for ever, newer ones are refused."""

_MIMES = ("image/png", "image/jpeg", "image/webp")
_ASKING = Lock()
_LENGTH_BYTES = 8  # a safetensors file begins with the length of its JSON header, little-endian


def save(explanation: Explanation, path: str | os.PathLike[str]) -> None:
    """Writes an explanation to one file.

    Args:
        explanation: What to save.
        path: Where to; an existing file is replaced in one step.

    Raises:
        OutputError: If the file cannot be written there; nothing is left half written.
    """
    tensors: dict[str, NDArray[Any]] = {name: getattr(explanation, name) for name in ARRAYS}
    tensors |= {f"extra_maps/{name}": maps for name, maps in explanation.extra_maps.items()}
    for number, image in enumerate(explanation.images):
        tensors[f"image/{number}"] = np.frombuffer(image.data, np.uint8)
    header = {
        "version": VERSION,
        "images": [
            {name: value for name, value in asdict(image).items() if name != "data"}
            for image in explanation.images
        ],
        "grids": [asdict(grid) for grid in explanation.grids],
        "tokens": [_entry(token) for token in explanation.tokens],
        "turns": [asdict(turn) for turn in explanation.turns],
        "alternatives": [vars(other) for other in explanation.alternatives],
        "provenance": dict(explanation.provenance),
        "first_class": explanation.first_class,
    }
    contiguous = {name: np.ascontiguousarray(array) for name, array in tensors.items()}
    write_bytes(path, tensor_bytes(contiguous, {FORMAT: json.dumps(header)}))


def load(path: str | os.PathLike[str]) -> Explanation:
    """Reads an explanation that `Explanation.save` wrote. Nothing in the file is executed.

    Args:
        path: The file.

    Returns:
        The explanation; its maps are exactly those of the one saved.

    Raises:
        ExplanationFileError: If the file is missing, truncated, foreign, or of a newer version.
    """
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise ExplanationFileError(
            f"{path}: cannot be read ({error.strerror or error}); give the path of a file that "
            "Explanation.save wrote"
        ) from error
    header = _header(path, content)
    try:
        return _explanation(header, read_tensors(content))
    except SafetensorError as error:
        raise ExplanationFileError(
            f"{path}: the file is truncated or damaged ({error}); save or copy it again"
        ) from error
    except (KeyError, TypeError, ValueError, TamError) as error:
        raise ExplanationFileError(
            f"{path}: the file is damaged, its parts do not fit together ({error!r}); save it again"
        ) from error


def write_bytes(path: str | os.PathLike[str], content: bytes) -> None:
    """Writes a file in one step: to a temporary name beside it, which is then renamed.

    Raises:
        OutputError: If it cannot be written; an earlier file of that name is left as it was.
    """
    target = Path(path)
    temporary = None
    try:
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=prefix(), delete=False) as file:
            temporary = file.name
            file.write(content)
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(target)
        temporary = None
    except OSError as error:
        raise OutputError(
            f"{path}: cannot be written ({error.strerror or error}); give a file name in an "
            "existing "
            "folder where you may write"
        ) from error
    finally:
        if temporary:  # it failed, or was interrupted
            with suppress(OSError):
                Path(temporary).unlink(missing_ok=True)


def _entry(token: Token) -> dict[str, Any]:
    """A token's fields; `asdict` copies every candidate deeply, which takes most of a save."""
    return {**vars(token), "candidates": [vars(candidate) for candidate in token.candidates]}


def _umask() -> int:
    with _ASKING:  # of two threads, one would set for good what the other set for a moment
        mask = os.umask(0)
        os.umask(mask)
    return mask


def _header(path: str | os.PathLike[str], content: bytes) -> Mapping[str, Any]:
    length = int.from_bytes(content[:_LENGTH_BYTES], "little")
    start = content[_LENGTH_BYTES : _LENGTH_BYTES + 1]
    if len(content) <= _LENGTH_BYTES or start != b"{":
        raise ExplanationFileError(
            f"{path}: not a .safetensors file ({len(content)} bytes); give a file that "
            "Explanation.save wrote"
        )
    if _LENGTH_BYTES + length > len(content):
        raise ExplanationFileError(
            f"{path}: the file is truncated: {len(content)} bytes, but its header alone needs "
            f"{_LENGTH_BYTES + length}; save or copy it again"
        )
    try:
        metadata = json.loads(content[_LENGTH_BYTES : _LENGTH_BYTES + length])["__metadata__"]
        header = json.loads(metadata[FORMAT])
        version = header["version"]
    except (KeyError, TypeError, ValueError) as error:
        raise ExplanationFileError(
            f"{path}: a .safetensors file, but not an explanation (a model's weights?); give "
            "a file "
            "that Explanation.save wrote"
        ) from error
    if not isinstance(version, int) or version > VERSION:
        raise ExplanationFileError(
            f"{path}: written in format version {version!r}, this tam_widgets reads up to "
            f"{VERSION}; "
            "upgrade with `pip install -U tam-widgets`"
        )
    checked: Mapping[str, Any] = header
    return checked


def _explanation(header: Mapping[str, Any], tensors: Mapping[str, NDArray[Any]]) -> Explanation:
    arrays = {name: tensors[name] for name in ARRAYS if name in tensors}  # version 1 had four
    prefix = "extra_maps/"
    extra = {name.removeprefix(prefix): a for name, a in tensors.items() if name.startswith(prefix)}
    return Explanation(
        images=tuple(
            _image(entry, tensors[f"image/{number}"])
            for number, entry in enumerate(header["images"])
        ),
        grids=tuple(_grid(entry) for entry in header["grids"]),
        tokens=tuple(_token(entry) for entry in header["tokens"]),
        provenance=header["provenance"],
        extra_maps=extra,
        turns=tuple(Turn(**entry) for entry in header.get("turns", ())),
        alternatives=tuple(
            Alternative(**{**entry, "ids": tuple(entry["ids"])})
            for entry in header.get("alternatives", ())
        ),
        first_class=header.get("first_class"),  # from version 3 on
        **arrays,
    )


def _image(entry: Mapping[str, Any], data: NDArray[np.uint8]) -> StoredImage:
    if entry["mime"] not in _MIMES:
        raise ValueError(f"image type {entry['mime']!r}")
    return StoredImage(data.tobytes(), **entry)


def _grid(entry: Mapping[str, Any]) -> Grid:
    left, top, right, bottom = map(float, entry["rect"])
    time = entry["time"] and (float(entry["time"][0]), float(entry["time"][1]))
    return Grid(**{**entry, "rect": (left, top, right, bottom), "time": time})


def _token(entry: Mapping[str, Any]) -> Token:
    start, end = map(int, entry["span"])
    candidates = tuple(Candidate(**candidate) for candidate in entry["candidates"])
    return Token(**{**entry, "span": (start, end), "candidates": candidates})
