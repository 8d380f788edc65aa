"""Makes a report's folder, or resumes a run with the same settings in it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from tam_widgets.errors import ReportError
from tam_widgets.evaluation.reading import UNREADABLE, parsed, reason_of
from tam_widgets.evaluation.storage.locking import LOCK, locked
from tam_widgets.evaluation.storage.report_folder import SETTINGS, ReportFolder, open_folder
from tam_widgets.evaluation.storage.schema import Json, checked_settings
from tam_widgets.explanation.temporary import PREFIX, is_left_over

MAX_DIFFERENCES = 20


def begin_or_resume(folder: str | os.PathLike[str], settings: Json) -> ReportFolder:
    """Makes a report's folder, or opens the one that a run with the same settings started.

    If several processes start with one folder, one of them makes it; temporary files of running
    processes are left.

    Raises:
        ReportError: The folder holds other files, or a report made with different settings; the
            message lists the differences.
        OutputError: The folder cannot be written.
    """
    report_folder = ReportFolder(Path(folder), settings)
    content = json.dumps(settings, indent=1)
    if not (report_folder.path / SETTINGS).exists():
        _check_empty(report_folder.path)
        report_folder.make()
        with locked(report_folder.path):
            if not (report_folder.path / SETTINGS).exists():
                report_folder.write_text(SETTINGS, content)
    there = open_folder(folder).settings
    differing = differences(there, checked_settings(parsed(content.encode())))
    if differing:
        raise ReportError(
            f"{folder}: holds a report made with other settings. Give another folder, or the "
            "same settings:\n" + "\n".join(differing)
        )
    for path in report_folder.path.rglob(f"{PREFIX}*"):
        if is_left_over(path):
            with suppress(OSError):  # it does no harm
                path.unlink()
    return report_folder


def differences(there: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The differences of two settings, one per line; only the first if there are many."""
    found = list(_differences(there, now, ""))
    rest = len(found) - MAX_DIFFERENCES
    return [*found[:MAX_DIFFERENCES], *([f"  … and {rest} more"] if rest > 0 else [])]


def _differences(there: Mapping[str, Any], now: Mapping[str, Any], within: str) -> Iterator[str]:
    for key in [*there, *(key for key in now if key not in there)]:
        old, new = there.get(key), now.get(key)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from _differences(old, new, f"{within}{key}.")
        elif old != new:
            yield f"  {within:.80}{key:.80}: there {old!r:.80}, now {new!r:.80}"


def _check_empty(folder: Path) -> None:
    """Refuses a folder that holds anything but leftovers of an interrupted run."""
    try:
        names = [path.name for path in folder.iterdir()]
    except FileNotFoundError:
        return
    except UNREADABLE as error:
        raise ReportError(f"{folder}: {reason_of(error)}; give a folder for the report") from error
    if SETTINGS in names:  # another process has begun the same report meanwhile
        return
    if any(name != LOCK and not name.startswith(PREFIX) for name in names):
        raise ReportError(
            f"{folder}: is not empty, and is not the folder of a report; give another folder"
        )
