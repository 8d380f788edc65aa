"""Notes and tags that a person adds to samples, kept in the report's folder."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tam_widgets.errors import OptionError, OutputError, ReportError
from tam_widgets.evaluation.store import Json
from tam_widgets.record.storage import write_bytes

NAME = "notes.json"
VERSION = 1


def read_notes(folder: Path) -> dict[str, Json]:
    """Tags and note of each sample that has any, by the sample's id.

    Raises:
        ReportError: The file is damaged, or of a newer version.
    """
    path = folder / NAME
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        version, entries = content["version"], content["notes"]
        notes = {
            sample: {"tags": [str(tag) for tag in entry["tags"]], "note": str(entry["note"])}
            for sample, entry in entries.items()
        }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReportError(
            f"{path}: cannot be read ({error!r}); mend the file, or move it away to begin anew"
        ) from error
    if version != VERSION:
        raise ReportError(
            f"{path}: version {version!r} is not known; this tam-widgets reads version {VERSION}"
        )
    return notes


def add_notes(
    folder: Path, samples: Iterable[str], note: str | None, tags: Sequence[str] | None
) -> dict[str, Json]:
    """Sets the note or the tags of samples, in one step; others are kept.

    What is in the folder is read again first, so that two views of it lose nothing of each other.

    Args:
        folder: The report's.
        samples: Their ids.
        note: The new note, "" for none; None leaves the old one.
        tags: The new tags, [] for none; None leaves the old ones.

    Returns:
        All notes.

    Raises:
        OptionError: The note is no text, or the tags are no list of texts.
        ReportError: The notes in the folder cannot be read; they are left as they are.
        OutputError: The folder cannot be written; the notes in it are kept.
    """
    changes: Json = {} if note is None else {"note": _note(note)}
    changes |= {} if tags is None else {"tags": _tags(tags)}
    notes = read_notes(folder)
    for sample in samples:
        entry = {"tags": [], "note": ""} | notes.pop(sample, {}) | changes
        if entry["tags"] or entry["note"]:
            notes[sample] = entry
    _write(folder / NAME, notes)
    return notes


def _note(note: Any) -> str:
    if not isinstance(note, str):
        raise OptionError(f"note={note!r}: give a text, or '' for none")
    return note


def _tags(tags: Any) -> list[str]:
    if isinstance(tags, str) or not isinstance(tags, Sequence):
        raise OptionError(f'tags={tags!r}: give a list of texts, such as ["crop", "small"]')
    for tag in tags:
        if not isinstance(tag, str) or not tag.strip():
            raise OptionError(f"tag {tag!r}: give a text that is not blank")
    return list(dict.fromkeys(" ".join(tag.split()) for tag in tags))


def _write(path: Path, notes: dict[str, Json]) -> None:
    content = {"version": VERSION, "notes": dict(sorted(notes.items()))}
    try:
        write_bytes(path, json.dumps(content, indent=1).encode())
    except OutputError as error:
        cause = error.__cause__
        reason = (cause.strerror if isinstance(cause, OSError) else None) or error
        raise OutputError(
            f"{path}: the note cannot be kept ({reason}). Those before it are kept: make the "
            "folder writable, or make room, and try again"
        ) from error
