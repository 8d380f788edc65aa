"""Notes and tags that a person adds to samples, kept in the report's folder."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypedDict

from tam_widgets.errors import EvaluationError, OptionError, OutputError, ReportError
from tam_widgets.evaluation.reading import (
    UNREADABLE,
    checked,
    parsed,
    read_bytes,
    reason_of,
    resolved_within,
)
from tam_widgets.evaluation.storage.locking import locked
from tam_widgets.evaluation.storage.schema import Json
from tam_widgets.explanation.storage import write_bytes

NAME = "notes.json"
VERSION = 1


class _Note(TypedDict):
    tags: list[str]
    note: str


class _Notes(TypedDict):
    version: int
    notes: dict[str, _Note]


def read_notes(folder: Path) -> dict[str, Json]:
    """Tags and note of each sample that has any, by the sample's id.

    Raises:
        ReportError: The file is damaged, or of a newer version.
    """
    path = folder / NAME
    try:
        content = parsed(read_bytes(resolved_within(path, folder)), halves=True)
        version = content.get("version") if isinstance(content, dict) else None
        if version == VERSION:
            return {sample: {**note} for sample, note in checked(content, _Notes)["notes"].items()}
    except FileNotFoundError:
        return {}
    except UNREADABLE as error:
        raise ReportError(
            f"{path}: cannot be read ({reason_of(error)}); mend the file, or move it away to start "
            "afresh"
        ) from error
    raise ReportError(
        f"{path}: version {version!r:.80} is not known; this tam-widgets reads version {VERSION}"
    )


def add_notes(
    folder: Path,
    samples: Iterable[str],
    note: str | None,
    tags: Sequence[str] | None,
    seen: Mapping[str, Json] | None = None,
) -> dict[str, Json]:
    """Sets the note or the tags of samples in one step; those of other samples are kept.

    Several processes, threads or views may write at once: each reads what the others wrote before
    it adds its own.

    Args:
        folder: The report's.
        samples: Their ids.
        note: The new note, "" for none; None leaves the old one.
        tags: The new tags, [] for none; None leaves the old ones.
        seen: All notes as the writer knows them; nothing is written if those of the samples have
            changed since. None: replace whatever there is.

    Returns:
        All notes.

    Raises:
        OptionError: The note is no text, or the tags are no list of texts.
        EvaluationError: The samples have other notes than `seen`.
        ReportError: The notes in the folder cannot be read; they are left as they are.
        OutputError: The folder cannot be written; the notes in it are kept.
    """
    changes: Json = {} if note is None else {"note": _note(note)}
    changes |= {} if tags is None else {"tags": _tags(tags)}
    changed = list(samples)
    try:
        with locked(folder):
            notes = read_notes(folder)
            if seen is not None and any(seen.get(one) != notes.get(one) for one in changed):
                raise EvaluationError(
                    "someone has written to these notes meanwhile: they are shown now, and yours "
                    "is not kept; add it to them"
                )
            for sample in changed:
                entry = {"tags": [], "note": ""} | notes.pop(sample, {}) | changes
                if entry["tags"] or entry["note"]:
                    notes[sample] = entry
            content = {"version": VERSION, "notes": dict(sorted(notes.items()))}
            write_bytes(folder / NAME, json.dumps(content, indent=1).encode())
    except OutputError as error:
        raise OutputError(
            f"{folder / NAME}: the note cannot be kept ({reason_of(error)}). Those before it are "
            "kept: make the folder writable, or make room, and try again"
        ) from error
    return notes


def _note(note: Any) -> str:
    if not isinstance(note, str):
        raise OptionError(f"note={note!r:.200}: give a text, or '' for none")
    return note


def _tags(tags: Any) -> list[str]:
    if isinstance(tags, str) or not isinstance(tags, Sequence):
        raise OptionError(f'tags={tags!r:.200}: give a list of texts, such as ["crop", "small"]')
    for tag in tags:
        if not isinstance(tag, str) or not tag.strip():
            raise OptionError(f"tag {tag!r:.200}: give a text that is not blank")
    return list(dict.fromkeys(" ".join(tag.split()) for tag in tags))
