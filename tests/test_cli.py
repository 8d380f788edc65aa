"""The command line: results on stdout, each error one line on stderr and exit code 2."""

import platform
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from PIL import Image

import tam_widgets as tw
from tam_widgets.capture.recording import record
from tam_widgets.cli import main

from .samples import golden_trace

REPORT = Path(__file__).parent / "fixtures" / "report_v1"


@pytest.fixture
def picture(tmp_path: Path) -> str:
    tw.demo.scene(seed=3).image.save(tmp_path / "scene.png")
    return str(tmp_path / "scene.png")


def ask(picture: str, *more: str) -> list[str]:
    return ["explain", picture, "-p", "Describe this image.", *more]


def test_version_tells_what_a_report_of_a_problem_needs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as done:
        main(["--version"])
    lines = capsys.readouterr().out.splitlines()
    assert done.value.code == 0
    assert lines[0] == f"tam-widgets {tw.__version__}"
    assert lines[1] == f"Python {platform.python_version()}"
    assert f"torch {torch.__version__}" in lines


def test_explain_writes_html_for_two_models(
    picture: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.html"
    assert main(ask(picture, "-m", "demo/qwen2-vl", "-m", "demo/llava", "-o", str(out))) == 0
    assert out.read_text().lstrip().lower().startswith("<!doctype html")
    assert "qwen2-vl: " in capsys.readouterr().out


def test_explain_writes_a_record_that_view_opens(picture: str, tmp_path: Path) -> None:
    saved, page = tmp_path / "out.safetensors", tmp_path / "page.html"
    assert main(ask(picture, "-m", "demo/llava", "-o", str(saved))) == 0
    assert tw.load(saved).text
    assert main(["view", str(saved), "-o", str(page)]) == 0
    assert page.exists()


def test_a_given_answer_is_explained_for_each_model(
    picture: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, answer = tmp_path / "out.safetensors", "There is a dog."
    assert main(ask(picture, "-m", "demo/llava", "--answer", answer, "-o", str(out))) == 0
    assert f"llava: {answer}" in capsys.readouterr().out
    assert tw.load(out).given


def test_several_pictures_are_asked_about_together(picture: str, tmp_path: Path) -> None:
    out = tmp_path / "out.safetensors"
    words = ["-p", "Describe this image.", "-m", "demo/qwen2-vl", "-o", str(out)]
    assert main(["explain", picture, picture, *words]) == 0
    assert [grid.image for grid in tw.load(out).grids] == [0, 1]


def test_view_opens_the_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    record(golden_trace("image_12x16")).save(tmp_path / "a.safetensors")
    assert main(["view", str(tmp_path / "a.safetensors")]) == 0
    assert opened[0].startswith("file://")
    assert opened[0].endswith("a.html")


@pytest.fixture
def report(tmp_path: Path) -> str:
    shutil.copytree(REPORT, tmp_path / "report")
    return str(tmp_path / "report")


def test_view_shows_a_report_or_two(
    report: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    assert main(["view", report]) == 0
    assert opened[0].endswith("report.html")
    assert "2 of 2 samples" in capsys.readouterr().out
    out = tmp_path / "two.html"
    assert main(["view", report, report, "-o", str(out)]) == 0
    assert "<h1>" in out.read_text("utf-8")
    assert len(opened) == 1


def test_errors_are_one_line(
    picture: str, report: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.png").write_bytes(b"no")
    empty = tmp_path / "empty"
    empty.mkdir()
    out = ["-m", "demo/llava", "-o", str(tmp_path / "x.html")]
    cases = {
        "must end|ends in .html": ask(picture, "-m", "demo/llava", "-o", "x.pdf"),
        "one explanation": ask(picture, "-m", "a", "-m", "b", "-o", "x.safetensors"),
        "does not exist": ask(picture, "-m", "a", "-o", "no/such/x.html"),
        "broken.png": ["explain", str(tmp_path / "broken.png"), "-p", "What?", *out],
        "missing.png": ["explain", "missing.png", "-p", "What?", *out],
        "prompt is empty": ["explain", picture, "-p", "", *out],
        "no model configuration": ask(picture, "-m", str(empty), *out[2:]),
        "no demo model": ask(picture, "-m", "demo/gpt", *out[2:]),
        "cannot be read": ["view", "missing.safetensors"],
        "folder of a report that evaluate wrote": ["view", str(empty)],
        "others are files": ["view", report, "x.safetensors"],
        "give one report, or two": ["view", report, report, report],
        "the folder": ["view", report, "-o", "no/such/x.html"],
    }
    for said, arguments in cases.items():
        assert main(arguments) == 2, arguments
        message = capsys.readouterr().err
        assert message.startswith("tam-widgets: error: ")
        assert message.count("\n") == 1, message
        assert any(part in message for part in said.split("|")), message
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *("broken.png", "empty", "report", "scene.png")
    ]


def test_warnings_are_one_line() -> None:
    code = (
        "import warnings; from tam_widgets import cli;"
        "cli._view = lambda options: warnings.warn('take \\x1b care');"
        "raise SystemExit(cli.main(['view', 'x']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "tam-widgets: warning: take \\x1b care\n"


def test_usage_errors_exit_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["explain"])
    assert stop.value.code == 2
    assert "IMAGE" in capsys.readouterr().err


def test_photo_of_another_shape(tmp_path: Path) -> None:
    Image.effect_noise((300, 170), 60).convert("RGB").save(tmp_path / "wide.jpg")
    out = tmp_path / "wide.safetensors"
    assert main(ask(str(tmp_path / "wide.jpg"), "-m", "demo/llava", "-o", str(out))) == 0
    assert tw.load(out).grids[0].rect[0] > 0
