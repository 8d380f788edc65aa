"""The code of docs/exercises.md, run as a reader would."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tam_widgets.views.exercises.question import MOST_WORDS, SAME_FROM

GUIDE = (Path(__file__).resolve().parents[1] / "docs" / "exercises.md").read_text("utf-8")


def test_the_code_runs_and_the_page_says_the_limits_of_the_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    (code,) = re.findall(r"^```python\n(.*?)^```", GUIDE, re.M | re.S)
    exec(code, names)
    assert (tmp_path / "whose.html").stat().st_size > 0
    assert names["which"].question.context.share > 0
    assert MOST_WORDS == 4
    assert f"correlate with it by {SAME_FROM} or more" in GUIDE
