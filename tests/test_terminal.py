"""Text of strangers on a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from tam_widgets import cli
from tam_widgets.terminal import LINES, escaped


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[2J\x1b]0;title\x07", r"\x1b[2J\x1b]0;title\x07"),
        ("a\rb\nc\td\0", r"a\rb\nc\td\x00"),
        ("\x9b31m \x7f", r"\x9b31m \x7f"),
        ("abc\u202ecba\u2066", r"abc\u202ecba\u2066"),
        ("\ud800\udcff", r"\ud800\udcff"),
        ("\u2028", r"\u2028"),
        ("naïve 猫 می‌خواهم 👩‍🚀", "naïve 猫 می‌خواهم 👩‍🚀"),
        (Path("a\x1bb"), r"a\x1bb"),
    ],
)
def test_controls_are_shown_and_letters_stay(text: object, expected: str) -> None:
    assert escaped(text) == expected
    escaped(text).encode()


def test_ends_of_lines_may_stay() -> None:
    assert escaped("a\n\tb\r\x1b", keep=LINES) == "a\n\tb\\r\\x1b"


def test_errors_and_answers_of_the_command_line_hold_no_controls(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = tmp_path / "a\x1b[31m\x9b.safetensors"
    assert cli.main(["view", str(hostile), "-o", str(tmp_path / "x.html")]) == cli.FAILED
    printed = capsys.readouterr().err
    assert "\x1b" not in printed
    assert r"a\x1b[31m\x9b.safetensors" in printed
