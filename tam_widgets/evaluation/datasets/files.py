"""Annotation files, read and checked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tam_widgets.errors import DatasetError


def read_json(path: Path, holds: str) -> Any:
    """Reads a JSON file.

    Args:
        path: The file.
        holds: What it should hold, for the error's message.

    Raises:
        DatasetError: The file is missing or no JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DatasetError(
            f"{path}: cannot be read ({error.strerror or error}); it should hold {holds}"
        ) from error
    except ValueError as error:
        raise DatasetError(f"{path}: is no JSON ({error}); it should hold {holds}") from error


def section(document: Any, name: str, fields: Iterable[str], path: Path) -> list[Mapping[str, Any]]:
    """A list of records of a COCO document, each with certain fields.

    Raises:
        DatasetError: The document has no such list, or a record lacks a field.
    """
    records = document.get(name) if isinstance(document, dict) else None
    if not isinstance(records, list):
        raise DatasetError(f'{path}: has no list "{name}", so it is no file in the format of COCO')
    for number, record in enumerate(records):
        lacking = [f for f in fields if not isinstance(record, dict) or f not in record]
        if lacking:
            raise DatasetError(f'{path}: "{name}" number {number} lacks {", ".join(lacking)}')
    return records


def captions_of(path: Path) -> dict[int, tuple[str, ...]]:
    """The captions of each image id of a COCO caption file."""
    document = read_json(path, "captions in the format of COCO")
    found: dict[int, list[str]] = {}
    for record in section(document, "annotations", ("image_id", "caption"), path):
        found.setdefault(record["image_id"], []).append(str(record["caption"]))
    return {image: tuple(texts) for image, texts in found.items()}
