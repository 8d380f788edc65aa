"""Temporary files: deleted when nobody writes them any more, and only then."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tam_widgets.explanation import temporary
from tam_widgets.explanation.storage import write_bytes
from tam_widgets.explanation.temporary import MAX_AGE, is_left_over, prefix


@pytest.fixture
def other() -> subprocess.Popen[bytes]:
    """Another process."""
    command = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    return subprocess.Popen(command, stdin=subprocess.PIPE)


def named(folder: Path, process: int) -> Path:
    path = folder / (prefix().replace(str(os.getpid()), str(process), 1) + "abc")
    path.touch()
    return path


def test_a_file_is_left_over_when_its_process_has_ended(
    tmp_path: Path, other: subprocess.Popen[bytes]
) -> None:
    path = named(tmp_path, other.pid)
    assert not is_left_over(path)
    os.utime(path, (0, 0))
    assert not is_left_over(path)  # however long it has been writing
    other.communicate()
    assert is_left_over(path)


def test_a_file_of_this_process_is_kept(tmp_path: Path) -> None:
    assert not is_left_over(named(tmp_path, os.getpid()))


def test_a_file_of_another_machine_is_left_over_after_a_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(temporary, "_place", lambda: "elsewhere")
    path = named(tmp_path, 1)
    monkeypatch.undo()
    assert not is_left_over(path)
    old = time.time() - MAX_AGE - 60
    os.utime(path, (old, old))
    assert is_left_over(path)
    assert not is_left_over(path.with_name(path.name + "gone"))


@pytest.mark.parametrize("name", [".tam-abc", ".tam-left-over", ".tam-x@y@z", ".tam-12@place"])
def test_a_file_without_owner_is_left_over(tmp_path: Path, name: str) -> None:
    assert is_left_over(tmp_path / name)


def test_an_interrupted_write_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_bytes(tmp_path / "a", b"x")
    assert list(tmp_path.iterdir()) == []
