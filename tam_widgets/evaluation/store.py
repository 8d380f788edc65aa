"""A report's folder: its settings, and one record a sample and model.

    settings.json                    what the run was made with
    records/MODEL/000000.json        one a sample, written in one step, after its other files
    cards/MODEL/000000.safetensors   small picture and maps, for the gallery
    explanations/MODEL/000000.safetensors
    tables/*.csv, summary.json
    cases/MODEL/METHOD.json          what the gallery lists
    notes.json                       what a person wrote

A record is there whole or not at all, so that a run killed at any moment goes on where it was.
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
from tam_widgets.evaluation.reports.cards import Card, read_card
from tam_widgets.explanation import Explanation
from tam_widgets.record.storage import write_bytes

Json = dict[str, Any]
Task = tuple[str, int]
"""A model and the number of a sample."""

FORMAT = 1
SETTINGS = "settings.json"
_TEMPORARY = ".tam-*"
_UNSAFE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True)
class Store:
    """The folder of one report.

    Attributes:
        folder: Where it is.
        settings: What the report is made with; JSON values.
    """

    folder: Path
    settings: Mapping[str, Any]

    @property
    def models(self) -> list[str]:
        """Names of the models, in order."""
        return list(self.settings["models"])

    @property
    def items(self) -> int:
        """Number of samples of the data set."""
        return int(self.settings["dataset"]["items"])

    def record(self, model: str, number: int) -> Json | None:
        """A sample's record; None where there is no whole one."""
        try:
            content = self._path(model, number).read_text(encoding="utf-8")
            record = json.loads(content)
        except (OSError, ValueError):
            return None
        return record if isinstance(record, dict) else None

    def add(self, model: str, number: int, record: Json) -> None:
        """Writes a sample's record in one step.

        Raises:
            OutputError: It cannot be written; the records before it are kept.
        """
        self._write(self._path(model, number), json.dumps(record).encode())

    def add_explanation(self, model: str, number: int, explanation: Explanation) -> None:
        """Saves an explanation beside its record; raises `OutputError` where it cannot."""
        self._keep(self.explanation_path(model, number), explanation.save)

    def add_card(self, model: str, number: int, card: Card) -> None:
        """Writes a sample's card in one step; raises `OutputError` where it cannot."""
        self._write(self._card_path(model, number), card.to_bytes())

    def card(self, model: str, number: int) -> Card | None:
        """A sample's card; None where there is no whole one."""
        return read_card(self._card_path(model, number))

    def explanation_path(self, model: str, number: int) -> Path:
        """Where a sample's explanation is kept."""
        return self.folder / "explanations" / self._slug(model) / f"{number:06d}.safetensors"

    def records(self, model: str) -> Iterator[Json]:
        """The records of one model in the order of the samples."""
        for number in range(self.items):
            record = self.record(model, number)
            if record is not None:
                yield record

    def files(self) -> dict[str, bytes]:
        """Every file by its name within the folder, records last."""
        found = {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file()
        }
        return dict(sorted(found.items(), key=lambda file: file[0].startswith("records/")))

    def add_files(self, files: Mapping[str, bytes]) -> None:
        """Writes what `files` of another folder gave, each in one step, in their order.

        Raises:
            OutputError: One cannot be written; there is no record then.
        """
        for name, content in files.items():
            self._write(self.folder / name, content)

    def write_text(self, name: str, text: str) -> None:
        """Writes a file of the folder in one step; raises `OutputError` where it cannot."""
        self._write(self.folder / name, text.encode())

    def _write(self, path: Path, content: bytes) -> None:
        self._keep(path, lambda there: write_bytes(there, content))

    def _keep(self, path: Path, write: Callable[[Path], None]) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write(path)
        except OSError as error:
            raise OutputError(
                f"{path}: cannot be written ({_reason(error)}). All records before it are kept: "
                "make room, and run the same call with the same folder to go on"
            ) from error

    def _path(self, model: str, number: int) -> Path:
        return self.folder / "records" / self._slug(model) / f"{number:06d}.json"

    def age(self, model: str) -> tuple[int, int]:
        """Number of a model's records, and when the newest was written, in nanoseconds."""
        folder = self._path(model, 0).parent
        if not folder.is_dir():
            return 0, 0
        with os.scandir(folder) as entries:
            times = [e.stat().st_mtime_ns for e in entries if e.name.endswith(".json")]
        return len(times), max(times, default=0)

    def case_list(self, model: str, method: str) -> str:
        """Name of the file that lists a model's cases under a method."""
        number = list(self.settings["methods"]).index(method)
        return f"cases/{self._slug(model)}/{number}-{_UNSAFE.sub('-', method)}.json"

    def _card_path(self, model: str, number: int) -> Path:
        return self.folder / "cards" / self._slug(model) / f"{number:06d}.safetensors"

    def _slug(self, model: str) -> str:
        return f"{self.models.index(model)}-{_UNSAFE.sub('-', model)}"


def begin(folder: str | os.PathLike[str], settings: Json) -> Store:
    """Makes a report's folder, or opens the one that the same settings began.

    Raises:
        ReportError: The folder holds something else, or a report made with other settings; the
            message lists what differs.
        OutputError: The folder cannot be written.
    """
    store = Store(Path(folder), settings)
    if (store.folder / SETTINGS).exists():
        differing = differences(open_store(folder).settings, settings)
        if differing:
            raise ReportError(
                f"{folder}: holds a report made with other settings. Give another folder, or the "
                "same settings:\n" + "\n".join(differing)
            )
    elif any(not path.name.startswith(".tam-") for path in _entries(store.folder)):
        raise ReportError(f"{folder}: is no report's folder and not empty; give another folder")
    else:
        store.write_text(SETTINGS, json.dumps(settings, indent=1))
    for left_over in store.folder.rglob(_TEMPORARY):
        left_over.unlink(missing_ok=True)
    return store


def open_store(folder: str | os.PathLike[str]) -> Store:
    """Opens a report's folder to read it.

    Raises:
        ReportError: It is missing, broken, no report's, or of a newer version.
    """
    path = Path(folder) / SETTINGS
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReportError(
            f"{path}: cannot be read ({error}); give the folder of a report that evaluate wrote"
        ) from error
    version = settings.get("format") if isinstance(settings, dict) else None
    if not isinstance(version, int) or version > FORMAT:
        raise ReportError(
            f"{path}: format {version!r} is not known; this version of tam-widgets reads reports "
            f"up to format {FORMAT}"
        )
    return Store(Path(folder), settings)


def differences(there: Mapping[str, Any], now: Mapping[str, Any], within: str = "") -> list[str]:
    """What differs between two settings, a line an entry."""
    found = []
    for key in [*there, *(key for key in now if key not in there)]:
        old, new = there.get(key), now.get(key)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            found += differences(old, new, f"{within}{key}.")
        elif old != new:
            found.append(f"  {within}{key}: there {old!r}, now {new!r}")
    return found


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise ReportError(f"{folder}: {error.strerror}; give a folder for the report") from error


def _reason(error: OSError) -> str:
    cause = error.__cause__
    return (cause.strerror if isinstance(cause, OSError) else error.strerror) or str(error)
