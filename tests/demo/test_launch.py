"""What `tam-widgets demo` puts into a person's folder; test_wheel.py runs it as installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tam_widgets.cli import main
from tam_widgets.demo import launch

NAMES = sorted(path.name for path in (Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


def test_notebooks_that_are_there_stay(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in NAMES:
        (tmp_path / name).write_text("mine")
    assert launch.prepare(str(tmp_path)) == tmp_path / launch.NOTEBOOK
    assert {(tmp_path / name).read_text() for name in NAMES} == {"mine"}
    assert "exists and is kept" in capsys.readouterr().out


def test_without_a_display_there_is_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(launch, "has_display", lambda: False)
    assert main(["demo"]) == 0
    assert "there is no display for JupyterLab" in capsys.readouterr().out
    assert (tmp_path / "tam-demo.html").stat().st_size > 10_000
