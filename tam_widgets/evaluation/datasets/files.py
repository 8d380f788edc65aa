"""Reads and checks annotation files, and the files that they name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Annotated, Any, TypedDict, TypeVar

from msgspec import Meta

from tam_widgets.errors import DatasetError
from tam_widgets.evaluation import reading
from tam_widgets.evaluation.reading import UNREADABLE, checked, reason_of, resolved_within

T = TypeVar("T")

MAX_BYTES = 2**30
"""Largest annotation file; the instances of COCO's 118,000 training pictures take 450 MB."""

_MISSING = re.compile("missing required field `(.+?)`")
_Number = Annotated[int, Meta(ge=0, lt=2**32 - 1)]
ImageId = Annotated[int, Meta(ge=-(2**62), le=2**62)] | str


class Category(TypedDict):
    """A record of a COCO file's categories."""

    id: _Number
    name: str


class _Caption(TypedDict):
    image_id: ImageId
    caption: str


def read_json(path: Path, holds: str) -> Any:
    """Reads a JSON file.

    Args:
        path: The file.
        holds: What it should hold, for the error's message.

    Raises:
        DatasetError: The file is missing, not a regular file, too large, or not JSON.
    """
    try:
        content = reading.read_bytes(path, MAX_BYTES)
    except UNREADABLE as error:
        raise DatasetError(
            f"{path}: cannot be read ({reason_of(error)}); it should hold {holds}"
        ) from error
    try:
        return reading.parsed(content)
    except ValueError as error:
        raise DatasetError(f"{path}: is not JSON ({error}); it should hold {holds}") from error


def section(document: Any, name: str, kind: type[T], path: Path) -> list[T]:
    """A list of records of a COCO document, each with certain entries.

    Raises:
        DatasetError: The document has no such list, or an entry of a record is missing or of
            another type.
    """
    records = document.get(name) if isinstance(document, dict) else None
    if not isinstance(records, list):
        raise DatasetError(
            f'{path}: has no list "{name}", so it is not a file in the format of COCO'
        )
    return [_record(record, number, name, kind, path) for number, record in enumerate(records)]


def categories_of(document: Any, path: Path) -> list[Category]:
    """The categories of a COCO document.

    Raises:
        DatasetError: There are none, or two share an id or a name, so that their objects could not
            be told apart.
    """
    found = section(document, "categories", Category, path)
    check_unique("categories", "id", [one["id"] for one in found], path)
    check_unique("categories", "name", [one["name"] for one in found], path)
    return found


def check_unique(name: str, field: str, values: Sequence[Hashable], path: Path) -> None:
    """Refuses records that share an id or a name; raises `DatasetError`."""
    if len(set(values)) < len(values):
        twice, _ = Counter(values).most_common(1)[0]
        raise DatasetError(
            f'{path}: several of "{name}" have the {field} {twice!r:.80}; give each its own'
        )


def captions_of(path: Path) -> dict[int | str, tuple[str, ...]]:
    """The captions of each image id of a COCO caption file."""
    document = read_json(path, "captions in the format of COCO")
    found: dict[int | str, list[str]] = {}
    for record in section(document, "annotations", _Caption, path):
        found.setdefault(record["image_id"], []).append(record["caption"])
    return {image: tuple(texts) for image, texts in found.items()}


def checked_folder(folder: Path) -> Path:
    """The folder of pictures; raises `DatasetError` if there is none."""
    if not folder.is_dir():
        raise DatasetError(f"{str(folder)!r:.200}: is no folder; give the folder of the pictures")
    return folder


def file_within(folder: Path, file: Path) -> Path:
    """Checks where a file that a data set names lies.

    Args:
        folder: Where it has to lie.
        file: The file; it may be missing.

    Raises:
        DatasetError: It lies elsewhere, perhaps by a link, or is not a regular file.
    """
    try:
        found = resolved_within(file, folder)
        is_other = found.exists() and not found.is_file()
    except UNREADABLE as error:
        raise DatasetError(
            f"{str(file)!r:.200}: is not a file of this data set ({reason_of(error)}); give the "
            "name of a file in its folder, and copy there what is linked from elsewhere"
        ) from error
    if is_other:
        raise DatasetError(f"{str(file)!r:.200}: is not a regular file; give a picture's file")
    return file


def _record(record: Any, number: int, name: str, kind: type[T], path: Path) -> T:
    try:
        return checked(record, kind)
    except ValueError as error:
        missing = _MISSING.search(str(error))
        wrong = f"lacks {missing[1]}" if missing else f"is damaged ({error})"
        raise DatasetError(f'{path}: "{name}" number {number} {wrong}') from error
