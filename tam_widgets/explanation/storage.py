"""Saves and loads explanations: one `.safetensors` file of arrays, images and JSON, no pickle.

A file may come from a stranger. All its content is checked when it is opened, so that its maps can
be computed, shown and saved; of a stored picture only the header is read.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from ..errors import ExplanationFileError, OutputError, TamError
from . import schema
from .check_schema import array_names
from .consistency import MAX_EXTRA_MAPS
from .explanation import Explanation
from .faithfulness import FaithfulnessCheck
from .json_values import entries, parsed, text
from .pictures import check_header
from .record import ARRAYS
from .schema import Metadata
from .temporary import prefix
from .tensors import LENGTH_BYTES, METADATA, arrays, encoded
from .types import StoredImage

FORMAT = "tam_widgets"

HEADER_BYTES = 32 * 2**20
"""Most bytes before the arrays: enough for some ten thousand tokens with their candidates."""

_ASKING = Lock()
_EXTRA = "extra_maps/"
_NOT_ONE = "give a file that Explanation.save wrote"
_MALFORMED = (ValueError, RecursionError)


def save(explanation: Explanation, path: str | os.PathLike[str]) -> None:
    """Writes an explanation to one file.

    Args:
        explanation: What to save.
        path: The file; an existing one is replaced in one step.

    Raises:
        OutputError: If the file cannot be written; no incomplete file is left behind.
        ExplanationFileError: If a part cannot be saved, such as a provenance that is not JSON;
            nothing is written.
        ImageError: If a picture's bytes are not a picture, or it is far too large.
    """
    tensors: dict[str, NDArray[Any]] = {name: getattr(explanation, name) for name in ARRAYS}
    tensors |= {f"{_EXTRA}{name}": maps for name, maps in explanation.extra_maps.items()}
    for number, check in enumerate(explanation.checks):
        tensors |= {own: getattr(check, name) for name, own in array_names(number).items()}
    for number, image in enumerate(explanation.images):
        check_header(image)
        tensors[f"image/{number}"] = np.frombuffer(image.data, np.uint8)
    try:
        header = schema.write(explanation)
        schema.read(parsed(header))
    except (TypeError, *_MALFORMED) as error:
        raise ExplanationFileError(
            f"{path}: not written, as the explanation contains what cannot be saved "
            f"({_excerpt(error)}); give texts, numbers and JSON values as the attributes' "
            "descriptions say"
        ) from error
    content = encoded(tensors, {FORMAT: header})
    length = int.from_bytes(content[:LENGTH_BYTES], "little")
    if length > HEADER_BYTES:
        raise ExplanationFileError(
            f"{path}: not written, as its texts and candidates need {length} bytes, more than the "
            f"limit of {HEADER_BYTES}; explain a shorter prompt"
        )
    write_bytes(path, content)


def load(path: str | os.PathLike[str]) -> Explanation:
    """Loads an explanation that `Explanation.save` wrote. Nothing in the file is executed.

    Args:
        path: The file.

    Returns:
        The explanation, with exactly the maps of the saved one.

    Raises:
        ExplanationFileError: If the file is missing, truncated, foreign, damaged, or of a newer
            version.
    """
    try:
        with _opened(path) as file:
            header, metadata = _metadata(path, _header(path, file))
            content = file.read()
    except OSError as error:
        raise ExplanationFileError(
            f"{path}: cannot be read ({error.strerror or error}); give the path of a file that "
            "Explanation.save wrote"
        ) from error
    try:
        _check_names(header, metadata)
        return _explanation(metadata, arrays(header, content))
    except (KeyError, TypeError, OverflowError, TamError, *_MALFORMED) as error:
        raise _damaged(path, error) from error


def write_bytes(path: str | os.PathLike[str], content: bytes) -> None:
    """Writes a file in one step: to a temporary file next to it, which is then renamed.

    Raises:
        OutputError: If it cannot be written; an existing file is left unchanged.
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
            "existing folder where you may write"
        ) from error
    finally:
        if temporary:  # writing failed or was interrupted
            with suppress(OSError):
                Path(temporary).unlink(missing_ok=True)


def make_folder(folder: str | os.PathLike[str]) -> Path:
    """Makes a folder, and those above it, unless it is there.

    Raises:
        OutputError: If it cannot be made.
    """
    made = Path(folder)
    try:
        made.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:  # the latter of a name with a null character
        reason = getattr(error, "strerror", None) or error
        raise OutputError(
            f"{made}: cannot be made ({reason}); give a folder where you may write"
        ) from error
    return made


def _umask() -> int:
    with _ASKING:  # otherwise another thread could make the temporary mask permanent
        mask = os.umask(0)
        os.umask(mask)
    return mask


def _opened(path: str | os.PathLike[str]) -> BinaryIO:
    if not isinstance(path, str | os.PathLike):
        raise ExplanationFileError(f"{path!r:.80} is no path; {_NOT_ONE}")
    # Checked before opening: a pipe would wait for a writer, and a device may never end.
    if not stat.S_ISREG(Path(path).stat().st_mode):
        raise ExplanationFileError(f"{path}: not a file; {_NOT_ONE}")
    return Path(path).open("rb")


def _header(path: str | os.PathLike[str], file: BinaryIO) -> bytes:
    """The JSON header of a safetensors file."""
    size = os.fstat(file.fileno()).st_size
    length = int.from_bytes(file.read(LENGTH_BYTES), "little")
    start = file.read(1)
    if start != b"{":
        raise ExplanationFileError(f"{path}: not a .safetensors file ({size} bytes); {_NOT_ONE}")
    if LENGTH_BYTES + length > size:
        raise ExplanationFileError(
            f"{path}: the file is truncated: {size} bytes, but its header alone needs "
            f"{LENGTH_BYTES + length}; save or copy it again"
        )
    if length > HEADER_BYTES:
        raise ExplanationFileError(
            f"{path}: its header has {length} bytes, that of an explanation at most "
            f"{HEADER_BYTES}; {_NOT_ONE}"
        )
    return start + file.read(length - 1)


def _metadata(path: str | os.PathLike[str], content: bytes) -> tuple[dict[str, Any], Metadata]:
    """The file's header, and the checked metadata of an explanation in it."""
    try:
        header = entries(parsed(content.decode()))
        own = text(HEADER_BYTES)(entries(header.get(METADATA)).get(FORMAT))
    except _MALFORMED as error:
        raise ExplanationFileError(
            f"{path}: a .safetensors file, but not an explanation (a model's weights?); {_NOT_ONE}"
        ) from error
    try:
        value = parsed(own)
        version = schema.version_of(value)
        if version <= schema.VERSION:
            return header, schema.read(value)
    except (TamError, *_MALFORMED) as error:
        raise _damaged(path, error) from error
    raise ExplanationFileError(
        f"{path}: written in format version {str(version)[:20]}, this tam_widgets reads up to "
        f"{schema.VERSION}; upgrade with `pip install -U tam-widgets`"
    )


def _check_names(header: Mapping[str, Any], metadata: Metadata) -> None:
    """Refuses unknown arrays, and too few or too many pictures."""
    names = {*header}
    pictures = _picture_names(metadata)
    checks = [own for number in range(len(metadata.checks)) for own in array_names(number).values()]
    raw = {*ARRAYS[:4]}  # the others came with later versions
    missing = {*pictures, *checks, *(raw if raw & names else ())} - names
    known = {METADATA, *ARRAYS, *pictures, *checks}
    further = {name for name in names - known if name.startswith(_EXTRA)}
    foreign = names - known - further
    if len(further) > MAX_EXTRA_MAPS:  # checked before they are created
        raise ValueError(f"there are {len(further)} further maps of at most {MAX_EXTRA_MAPS}")
    if missing or foreign:
        name, what = (min(missing), "is missing") if missing else (min(foreign), "is unknown")
        raise ValueError(f"the array {name!r:.80} {what}")


def _picture_names(metadata: Metadata) -> list[str]:
    return [f"image/{number}" for number in range(len(metadata.images))]


def _explanation(metadata: Metadata, tensors: Mapping[str, NDArray[Any]]) -> Explanation:
    own: dict[str, Any] = {name: tensors[name] for name in ARRAYS if name in tensors}
    given = {name.removeprefix(_EXTRA): a for name, a in tensors.items() if name.startswith(_EXTRA)}
    described = [name for name in metadata.parts["extra_methods"] if name in given]
    extra = {name: given[name] for name in (*described, *given)}  # in their order before saving
    pictures = (_bytes(tensors[name]) for name in _picture_names(metadata))
    images = tuple(
        StoredImage(data, **image) for image, data in zip(metadata.images, pictures, strict=True)
    )
    for image in images:
        check_header(image)
    checks = tuple(_check(one, number, tensors) for number, one in enumerate(metadata.checks))
    return Explanation(images=images, extra_maps=extra, checks=checks, **own | metadata.parts)


def _check(
    facts: dict[str, Any], number: int, tensors: Mapping[str, NDArray[Any]]
) -> FaithfulnessCheck:
    own: dict[str, Any] = {name: tensors[array] for name, array in array_names(number).items()}
    return FaithfulnessCheck(**facts, **own)


def _bytes(data: NDArray[Any]) -> bytes:
    if data.dtype != np.uint8 or data.ndim != 1:
        raise ValueError(f"a stored picture is {data.dtype} {data.shape}, not a row of bytes")
    return data.tobytes()


def _damaged(path: str | os.PathLike[str], error: Exception) -> ExplanationFileError:
    return ExplanationFileError(
        f"{path}: the file is damaged, its parts do not fit together ({_excerpt(error)}); save it "
        "again"
    )


def _excerpt(error: Exception) -> str:
    """The beginning of a message, escaped, because it may quote the file."""
    return repr(str(error)[:200])
