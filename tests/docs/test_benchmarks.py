"""The page of published figures, and what is kept of each release. No figure is judged here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import history, history_page
from benchmarks.figures import FIGURES, Figure

BENCHMARKS = Path(history.__file__).parent
GOALS = [figure for figure in FIGURES if figure.goal is not None]


def test_page_and_picture_are_current() -> None:
    kept = history.releases()
    assert history_page.PAGE.read_text("utf-8") == history_page.page(kept)
    assert history_page.PICTURE.read_text("utf-8") == history_page.picture(kept)


def test_names_are_one_each_and_scripts_are_there() -> None:
    assert len({figure.name for figure in FIGURES}) == len(FIGURES)
    assert [one.name for one in FIGURES if not (BENCHMARKS / one.made_by).exists()] == []


@pytest.mark.parametrize("release", history.releases())
def test_what_is_kept_is_known_and_relative_to_its_goal(release: str) -> None:
    kept = history.releases()[release]
    by_name = {figure.name: figure for figure in FIGURES}
    assert kept["figures"]
    for name, found in kept["figures"].items():
        relative = by_name[name].relative(found["value"])
        assert (found["relative"] is None) == (relative is None)
        assert relative is None or found["relative"] == pytest.approx(relative, rel=1e-3)
        assert found["measured"] <= kept["committed"]


@pytest.mark.parametrize("figure", GOALS, ids=lambda figure: figure.name)
def test_goals_are_those_of_the_scripts(figure: Figure) -> None:
    scripts = (BENCHMARKS / figure.made_by, BENCHMARKS / "browsing.py")
    script = "".join(path.read_text("utf-8") for path in scripts)
    goal = figure.goal * 1e6 if figure.unit == "MB" else figure.goal
    assert any(text in script for text in (f"{goal:g}", f"{goal:,.0f}", f"{goal:_.0f}"))


MADE = Figure("time", "made", "first", "s", "s", goal=2)


def test_the_worst_of_several_rows_counts() -> None:
    rows = [{"what": "the first", "s": 1}, {"what": "first too", "s": 3}, {"what": "other", "s": 9}]
    assert MADE.value({"rows": rows}) == 3
    assert MADE.relative(3) == 1.5
    assert MADE.value({"rows": rows[2:]}) is None


def test_figures_older_than_the_release_before_are_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content: dict[str, Any] = {"machine": {"cores": 2}, "rows": [{"what": "first", "s": 1}]}
    measured = [("made", "2026-01-02T00:00:00Z", content)]
    monkeypatch.setattr(history, "FIGURES", (MADE,))
    monkeypatch.setattr(history, "_results", lambda _commit: iter(measured))
    monkeypatch.setattr(history, "_git", lambda *_arguments: "made")
    kept = history.release_of("2.0.0", "HEAD", "2026-01-01T00:00:00Z")
    assert kept["figures"]["time"]["relative"] == 0.5
    assert history.missing(kept) == {}
    old = history.release_of("2.0.0", "HEAD", "2026-01-03T00:00:00Z")
    assert json.dumps(old["figures"]) == "{}"
    assert history.missing(old) == {"made.py": ["time"]}
