"""Several processes, threads and views on one report: nothing of each other is lost."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock

import tam_widgets as tw
from tam_widgets.errors import EvaluationError, OutputError, ReportError
from tam_widgets.evaluation.storage import locking
from tam_widgets.evaluation.storage.locking import LOCK, locked
from tam_widgets.evaluation.storage.notes import add_notes, read_notes
from tests.evaluation.made import MadeExplainer, dataset
from tests.views.gallery.heard import Heard

ROOT = Path(__file__).parents[3]
NOTES = 120


def started(code: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def write(folder: Path, who: str) -> None:
    for number in range(NOTES):
        add_notes(folder, [f"{who} {number}"], who, ["seen"])


WRITER = f"""
import sys
from pathlib import Path
from tam_widgets.evaluation.storage.notes import add_notes
sys.stdin.readline()
for number in range({NOTES}):
    add_notes(Path(sys.argv[1]), [f"{{sys.argv[2]}} {{number}}"], sys.argv[2], ["seen"])
"""


def expected(*writers: str) -> dict[str, object]:
    entries = {
        f"{who} {n}": {"tags": ["seen"], "note": who} for who in writers for n in range(NOTES)
    }
    return dict(sorted(entries.items()))


def test_no_note_of_two_processes_is_lost(tmp_path: Path) -> None:
    processes = [started(WRITER, tmp_path, who) for who in "ab"]
    for process in processes:
        process.stdin.write("go\n")  # type: ignore[union-attr]
        process.stdin.flush()  # type: ignore[union-attr]
    assert [process.wait() for process in processes] == [0, 0]
    assert read_notes(tmp_path) == expected("a", "b")


def test_no_note_of_two_threads_is_lost(tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, [tmp_path] * 2, "ab"))
    assert read_notes(tmp_path) == expected("a", "b")


@pytest.fixture
def report(tmp_path: Path) -> tw.Report:
    return tw.evaluate(MadeExplainer(), dataset(), folder=tmp_path / "r", progress=False)


def test_no_note_of_two_galleries_is_lost(report: tw.Report) -> None:
    views = [Heard(report), Heard(tw.Report(report.folder))]

    def keep(view: Heard, sample: str) -> None:
        for number in range(NOTES):
            view.hear(kind="note", ids=[sample], note=str(number), tags=[f"{number}"])

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(keep, views, ["good", "absent"]))
    last = {"note": str(NOTES - 1), "tags": [str(NOTES - 1)]}
    assert read_notes(report.folder) == {"absent": last, "good": last}
    assert not [content for view in views for content, _ in view.sent]  # none was refused


def test_of_two_changes_to_one_note_the_later_is_refused(tmp_path: Path) -> None:
    seen = read_notes(tmp_path)
    add_notes(tmp_path, ["a"], "first", None, seen)
    with pytest.raises(EvaluationError, match="meanwhile"):
        add_notes(tmp_path, ["b", "a"], "second", None, seen)
    assert read_notes(tmp_path) == {"a": {"tags": [], "note": "first"}}
    add_notes(tmp_path, ["b"], "second", None, seen)  # of which nobody wrote
    assert len(read_notes(tmp_path)) == 2


def test_a_lock_that_was_left_behind_holds_nobody_up(tmp_path: Path) -> None:
    code = (
        "import sys, filelock\nlock = filelock.FileLock(sys.argv[1])\nlock.acquire()\n"
        "print('held', flush=True)\nsys.stdin.read()"
    )
    process = started(code, tmp_path / LOCK)
    assert process.stdout.readline() == "held\n"  # type: ignore[union-attr]
    process.kill()
    process.wait()
    assert (tmp_path / LOCK).exists()
    add_notes(tmp_path, ["a"], "x", None)
    assert set(read_notes(tmp_path)) == {"a"}


def test_a_lock_that_is_held_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "PATIENCE", 0.05)
    with FileLock(tmp_path / LOCK), pytest.raises(OutputError, match="another process has held"):
        add_notes(tmp_path, ["a"], "x", None)
    assert read_notes(tmp_path) == {}


@pytest.mark.parametrize("kind", ["link", "folder"])
def test_a_lock_that_is_none_is_refused_and_nothing_else_changed(tmp_path: Path, kind: str) -> None:
    (tmp_path / "r").mkdir()
    outside = tmp_path / "outside"
    outside.write_text("mine")
    path = tmp_path / "r" / LOCK
    path.symlink_to(outside) if kind == "link" else path.mkdir()
    with pytest.raises(OutputError, match="the note cannot be kept"):
        add_notes(tmp_path / "r", ["a"], "x", None)
    assert outside.read_text() == "mine"


RUN = """
import sys
from pathlib import Path
import tam_widgets as tw
from tests.evaluation.made import MadeExplainer, dataset
from tests.torchvision_shim import list_version
list_version()

def held(path, target):
    if not (Path(sys.argv[2]) / "held").exists():
        (Path(sys.argv[2]) / "held").touch()
        print(path, flush=True)
        sys.stdin.readline()
    return replace(path, target)

replace, Path.replace = Path.replace, held
tw.evaluate(MadeExplainer(), dataset(), ["tam"], folder=sys.argv[1], progress=False)
"""


def run(folder: Path) -> tw.Report:
    return tw.evaluate(MadeExplainer(), dataset(), ["tam"], folder=folder, progress=False)


@pytest.mark.parametrize("end", ["goes on", "is killed"])
def test_a_run_that_begins_leaves_what_another_is_writing(tmp_path: Path, end: str) -> None:
    folder = tmp_path / "r"
    run(folder)
    (folder / "records" / "0-made" / "000003.json").unlink()
    process = started(RUN, folder, tmp_path)
    written = Path(process.stdout.readline().strip())  # type: ignore[union-attr]
    assert written.parent.name == "0-made"
    run(folder)
    assert written.exists()
    if end == "is killed":
        process.kill()
        process.wait()
        assert written.exists()
        run(folder)
    else:
        process.communicate("go\n")
        assert process.returncode == 0
    assert not written.exists()
    assert tw.Report(folder).summary["samples"].tolist() == [5]


def test_of_two_runs_that_begin_one_folder_one_makes_it(tmp_path: Path) -> None:
    def refused(name: str) -> str:
        try:
            tw.evaluate(MadeExplainer(name), dataset()[:2], folder=tmp_path / "r", progress=False)
        except ReportError as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(4) as pool:
        reasons = sorted(pool.map(refused, "abcd"))
    assert reasons[0] == ""
    assert all("other settings" in reason for reason in reasons[1:])
    assert tw.Report(tmp_path / "r").summary["samples"].tolist() == [2]


def test_a_thread_waits_for_another(tmp_path: Path) -> None:
    events: list[str] = []

    def within(name: str) -> None:
        with locked(tmp_path):
            events.append(f"{name} begins")
            time.sleep(0.02)
            events.append(f"{name} ends")

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(within, "abc"))
    assert all(
        begins.split()[0] == ends.split()[0]
        for begins, ends in zip(events[::2], events[1::2], strict=True)
    )
