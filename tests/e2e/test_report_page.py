"""A report as one HTML file: it draws its figures, loads nothing, runs nothing of a stranger."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import tam_widgets as tw
from tam_widgets.evaluation.reports import figures
from tests.e2e.samples import HOSTILE
from tests.evaluation.made import MASKS, MadeExplainer, dataset, sample

SCRIPT = "<script>window.__attacked = 1</script>"
NAMES = [HOSTILE, f"</script>{SCRIPT}", "javascript:window.__attacked=1"]
POINTS = ".bars path, .boxes path, .scatterlayer path, canvas"


@pytest.fixture
def report(tmp_path: Path) -> tw.Report:
    samples = [*dataset(), *(sample(name, MASKS["good"], image="good") for name in NAMES)]
    explainers = [MadeExplainer(f"<a href='{name}'>{name}</a>") for name in NAMES]
    return tw.evaluate(explainers, samples, ["tam", "cam"], folder=tmp_path / "r", progress=False)


@pytest.fixture
def shown(
    report: tw.Report, tmp_path: Path, new_page: Callable[..., Page]
) -> Iterator[Callable[[], Page]]:
    """Opens the page of the report; at the end, whatever the browser said was no complaint."""
    said: list[str] = []

    def open_page() -> Page:
        report.to_html(tmp_path / "r.html")
        page = new_page(offline=True)
        page.on("request", lambda request: said.append(f"asks for {request.url}"))
        page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto((tmp_path / "r.html").as_uri())
        return page

    yield open_page
    own = re.compile(r"asks for (file:\S+/r\.html|data:|blob:)")
    assert [line for line in said if not own.match(line)] == []


def test_figures_are_drawn_and_names_are_text(shown: Callable[[], Page]) -> None:
    page = shown()
    plots = page.locator(".js-plotly-plot")
    expect(plots).to_have_count(4)
    for number in range(4):
        expect(plots.nth(number).locator(POINTS).first).to_be_attached()
    expect(page.locator("svg a")).to_have_count(0)
    legend = plots.nth(3).locator(".legendtext").first
    expect(legend).to_have_text(f"<a href='{NAMES[0]}'>{NAMES[0]}</a>, tam")
    with page.expect_download() as kept:
        plots.nth(2).hover()
        plots.nth(2).locator(".modebar-btn").first.click()
    assert kept.value.suggested_filename.endswith(".png")
    assert page.evaluate("window.__attacked") is None
    assert page.locator("img[src=x]").count() == 0


def test_a_script_that_was_slipped_in_does_not_run(
    shown: Callable[[], Page], report: tw.Report, tmp_path: Path, new_page: Callable[..., Page]
) -> None:
    report.to_html(tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    slipped = f"{SCRIPT}<img src=x onerror='window.__attacked = 1'>"
    (tmp_path / "x.html").write_text(page.replace("<h1>", f"<h1>{slipped}"), encoding="utf-8")
    opened = new_page(offline=True)
    opened.goto((tmp_path / "x.html").as_uri())
    expect(opened.locator(".js-plotly-plot")).to_have_count(4)
    assert opened.evaluate("window.__attacked") is None


def test_many_points_are_drawn_by_the_graphics_card(
    shown: Callable[[], Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "_MAX_DRAWN", 1)
    page = shown()
    plot = page.locator(".js-plotly-plot").nth(2)
    expect(plot.locator("canvas").first).to_be_attached()
    expect(plot.locator(".no-webgl")).to_have_count(0)
