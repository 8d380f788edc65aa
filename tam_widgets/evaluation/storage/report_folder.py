"""A report's folder: its settings, and one record per sample and model.

    settings.json                    what the run was made with
    records/MODEL/000000.json        one a sample, written in one step, after its other files
    cards/MODEL/000000.safetensors   small picture and maps, for the gallery
    explanations/MODEL/000000.safetensors
    tables/*.csv
    tables/summary.json              cache of the summary
    listings/MODEL/METHOD.json       cache of what the gallery lists
    notes.json                       what a person wrote
    .lock                            held while one of several processes begins, or keeps a note

A record exists completely or not at all, so that a run killed at any moment can be resumed.

A report may come from a stranger, or from a failing disk: what is read is checked, links that lead
out of the folder are neither read nor written through, and a damaged record costs its sample only.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tam_widgets.errors import OutputError, ReportError
from tam_widgets.evaluation.reading import (
    UNREADABLE,
    read_json,
    reason_of,
    resolved_within,
)
from tam_widgets.evaluation.storage.cards import Card, read_card
from tam_widgets.evaluation.storage.damage import damaged_record
from tam_widgets.evaluation.storage.schema import Json, checked_record, checked_settings
from tam_widgets.explanation.explanation import Explanation
from tam_widgets.explanation.storage import load, write_bytes

Task = tuple[str, int]
"""A model and the number of a sample."""

FORMAT = 1
SETTINGS = "settings.json"
SETTINGS_BYTES = 2**20
_NUMBER = re.compile(r"(\d{6,9})\.json")
_UNSAFE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True)
class ReportFolder:
    """The folder of one report.

    Attributes:
        path: Where it is.
        settings: What the report was made with; JSON values.
    """

    path: Path
    settings: Mapping[str, Any]

    @property
    def models(self) -> list[str]:
        """Names of the models, in order."""
        return list(self.settings["models"])

    @property
    def samples(self) -> int:
        """Number of samples of the data set."""
        return int(self.settings["dataset"]["samples"])

    def record(self, model: str, number: int) -> Json | None:
        """A sample's record; None if there is none.

        A damaged one is returned as that of a failed sample, with the reason.
        """
        path = self._path(model, number)
        found: Any = None
        try:
            found = read_json(self.within(path))
            record = checked_record(found, self.settings["methods"])
        except FileNotFoundError:
            return None
        except UNREADABLE as error:
            record = damaged_record(path, number, found, error)
        return {"number": number, "model": model, **record}

    def add(self, model: str, number: int, record: Json) -> None:
        """Writes a sample's record in one step.

        Raises:
            OutputError: It cannot be written; the records before it are kept.
        """
        self._write(self._path(model, number), json.dumps(record).encode())

    def add_explanation(self, model: str, number: int, explanation: Explanation) -> None:
        """Saves an explanation; raises `OutputError` if it cannot be written."""
        self._keep(self._explanation_path(model, number), explanation.save)

    def add_card(self, model: str, number: int, card: Card) -> None:
        """Writes a sample's card in one step; raises `OutputError` if it cannot be written."""
        self._write(self._card_path(model, number), card.to_bytes())

    def card(self, model: str, number: int) -> Card | None:
        """A sample's card; None if there is none that can be shown."""
        try:
            card = read_card(self.within(self._card_path(model, number)))
        except UNREADABLE:
            return None
        return card if card is not None and card.can_be_drawn() else None

    def explanation(self, model: str, number: int) -> Explanation:
        """Opens a sample's explanation.

        Raises:
            ReportError: There is none, or a link leads out of the folder.
            ExplanationFileError: It is damaged.
        """
        path = self._explanation_path(model, number)
        try:
            found = self.within(path)
        except UNREADABLE as error:
            raise ReportError(
                f"{path}: cannot be read ({reason_of(error)}); copy the file there"
            ) from error
        if not found.is_file():
            raise ReportError(
                f"the explanation of sample {number} was not saved in {self.path}: evaluate with "
                "keep_explanations=True, the default"
            )
        return load(found)

    def records(self, model: str) -> Iterator[Json]:
        """The records of one model in the order of the samples."""
        for number in self._numbers(model):
            record = self.record(model, number)
            if record is not None:
                yield record

    def within(self, path: Path) -> Path:
        """Resolves a file of the folder, following links.

        Raises:
            ValueError: A link leads out of the folder.
            OSError: It cannot be followed.
        """
        return resolved_within(path, self.path)

    def files(self) -> dict[str, bytes]:
        """The content of every file by its name within the folder, records last."""
        found = {
            path.relative_to(self.path).as_posix(): path.read_bytes()
            for path in self.path.rglob("*")
            if path.is_file()
        }
        return dict(sorted(found.items(), key=lambda file: file[0].startswith("records/")))

    def add_files(self, files: Mapping[str, bytes]) -> None:
        """Writes the `files` of another folder in their order, each in one step.

        Raises:
            OutputError: One cannot be written; the record is not written then.
        """
        for name, content in files.items():
            self._write(self.path / name, content)

    def make(self) -> None:
        """Makes the folder; raises `OutputError` if it cannot be made."""
        self._keep(self.path / SETTINGS, lambda _: None)

    def write_text(self, name: str, text: str) -> None:
        """Writes a file of the folder in one step; raises `OutputError` if it cannot be written."""
        self._write(self.path / name, text.encode())

    def _write(self, path: Path, content: bytes) -> None:
        self._keep(path, lambda there: write_bytes(there, content))

    def _keep(self, path: Path, write: Callable[[Path], None]) -> None:
        try:
            self.within(path.parent)
            path.parent.mkdir(parents=True, exist_ok=True)
            write(path)
        except UNREADABLE as error:
            raise OutputError(
                f"{path}: cannot be written ({reason_of(error)}). All records before it are kept: "
                "make room, and run the same call with the same folder to go on"
            ) from error

    def _path(self, model: str, number: int) -> Path:
        return self.path / "records" / self._slug(model) / f"{number:06d}.json"

    def age(self, model: str) -> tuple[int, int]:
        """Number of a model's records, and the time of the newest in nanoseconds."""
        times = [entry.stat(follow_symlinks=False).st_mtime_ns for entry in self._entries(model)]
        return len(times), max(times, default=0)

    def _numbers(self, model: str) -> list[int]:
        """Numbers of the samples that have a record."""
        names = (_NUMBER.fullmatch(entry.name) for entry in self._entries(model))
        return sorted({n for name in names if name and (n := int(name[1])) < self.samples})

    def _entries(self, model: str) -> list[os.DirEntry[str]]:
        """The files in the folder of a model's records."""
        try:
            with os.scandir(self.within(self._path(model, 0).parent)) as entries:
                return [entry for entry in entries if entry.name.endswith(".json")]
        except FileNotFoundError:
            return []
        except UNREADABLE as error:
            raise ReportError(
                f"{self._path(model, 0).parent}: cannot be read ({reason_of(error)}); a report's "
                "files lie in its own folder"
            ) from error

    def listing_name(self, model: str, method: str) -> str:
        """Name of the file that lists the samples of a model under a method."""
        number = list(self.settings["methods"]).index(method)
        return f"listings/{self._slug(model)}/{number}-{_UNSAFE.sub('-', method)}.json"

    def _explanation_path(self, model: str, number: int) -> Path:
        return self.path / "explanations" / self._slug(model) / f"{number:06d}.safetensors"

    def _card_path(self, model: str, number: int) -> Path:
        return self.path / "cards" / self._slug(model) / f"{number:06d}.safetensors"

    def _slug(self, model: str) -> str:
        return f"{self.models.index(model)}-{_UNSAFE.sub('-', model)}"


def open_folder(folder: str | os.PathLike[str]) -> ReportFolder:
    """Opens a report's folder to read it.

    Raises:
        ReportError: It is missing, damaged, not a report's, or of a newer version.
    """
    if not isinstance(folder, str | os.PathLike):
        raise ReportError(
            f"{folder!r:.80} is no path; give the folder of a report that evaluate wrote"
        )
    path = Path(folder) / SETTINGS
    try:
        settings = read_json(resolved_within(path, Path(folder)), SETTINGS_BYTES)
    except UNREADABLE as error:
        raise ReportError(
            f"{path}: cannot be read ({reason_of(error)}); give the folder of a report that "
            "evaluate wrote"
        ) from error
    version = settings.get("format") if isinstance(settings, dict) else None
    if not isinstance(version, int) or isinstance(version, bool) or not 1 <= version <= FORMAT:
        raise ReportError(
            f"{path}: format {version!r:.80} is not known; this version of tam-widgets reads "
            f"reports up to format {FORMAT}"
        )
    try:
        return ReportFolder(Path(folder), checked_settings(settings))
    except ValueError as error:
        raise ReportError(
            f"{path}: is damaged ({error}); copy the report again, or evaluate into a new folder"
        ) from error
