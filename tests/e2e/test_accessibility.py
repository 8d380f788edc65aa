"""No view has a fault that axe knows, in any theme."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import tam_widgets as tw
from tam_widgets.views.export import to_html
from tests.e2e.accessibility import violations
from tests.e2e.explorer import Explorer, find_explorers
from tests.e2e.gallery import READY
from tests.e2e.gallery_page import Kernel, show_gallery
from tests.e2e.reports import Answers, make_report
from tests.e2e.samples import PROMPT, explanation

THEMES = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> tw.Report:
    folder = tmp_path_factory.mktemp("reports") / "r"
    return make_report(folder, Answers("model-a"), Answers("model-b", 1), count=12)


@pytest.mark.parametrize("theme", THEMES)
def test_an_exported_explorer(new_page: Callable[..., Page], tmp_path: Path, theme: str) -> None:
    to_html([explanation(), explanation(title="another")], tmp_path / "two.html")
    page = new_page(offline=True, bypass_csp=True, **THEMES[theme])
    page.goto((tmp_path / "two.html").as_uri())
    (view,) = find_explorers(page)
    assert violations(page, "html") == []  # at rest
    view.token(0, len(PROMPT) + 1).click()
    assert violations(page, "html") == []  # locked, with its shaded words
    page.evaluate("document.body.style.width = '320px'")
    assert violations(page, "html") == []


def test_a_finger_holds_to_draw_a_box_and_taps_for_a_value(
    show: Callable[..., Explorer],
) -> None:
    view = show(explanation(), has_touch=True)
    stage = view.root.locator(".tam-stage").first
    place = stage.bounding_box()
    assert place
    view.root.page.touchscreen.tap(place["x"] + 30, place["y"] + 30)
    expect(stage.locator(".tam-value")).to_be_visible()
    expect(stage.locator(".tam-box")).to_be_hidden()
    finger = {"pointerType": "touch", "pointerId": 5, "isPrimary": True, "bubbles": True}
    start = {**finger, "clientX": place["x"] + 20, "clientY": place["y"] + 20}
    stage.evaluate("(stage) => { stage.setPointerCapture = () => {}; }")
    stage.dispatch_event("pointerdown", start)
    expect(stage.locator(".tam-box")).to_be_visible()
    stage.dispatch_event("pointermove", {**start, "clientX": place["x"] + 120})
    stage.dispatch_event("pointerup", start)
    expect(view.root.locator(".tam-ranking")).to_be_visible()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("models", [["model-a"], ["model-a", "model-b"]])
def test_the_gallery(
    new_page: Callable[..., Page], report: tw.Report, theme: str, models: list[str]
) -> None:
    page = new_page(offline=True, **THEMES[theme])
    view = Kernel(*(report.run(model) for model in models))
    report.annotate(view.shown[0], note="look", tags=["odd", "new"])
    gallery = show_gallery(page, view)
    gallery.expect_drawn(view.shown[0])
    assert violations(page, READY) == []
    gallery.root.locator("[data-menu=signatures] > button").click()
    assert violations(page, READY) == []
    page.keyboard.press("Escape")
    gallery.card(view.shown[1]).click()
    gallery.opened(view.shown[1])
    gallery.card(view.shown[0]).click(modifiers=["Control"])
    gallery.opened(view.shown[0])
    expect(gallery.root.locator(".tam-selected-count")).to_have_text("2 selected")
    assert violations(page, READY) == []
    report.annotate(view.shown[0], note="", tags=[])


def test_nothing_of_the_gallery_vanishes_in_forced_colours(
    new_page: Callable[..., Page], report: tw.Report
) -> None:
    page = new_page(offline=True, forced_colors="active", color_scheme="dark")
    gallery = show_gallery(page, view := Kernel(report))
    gallery.expect_drawn(view.shown[0])
    canvas = _colours(page, "Canvas")
    bars = gallery.root.locator(".tam-passing")
    assert bars.evaluate("(bar) => getComputedStyle(bar).fill") != canvas
    amount = gallery.card(view.shown[0]).locator(".tam-amount")
    assert amount.evaluate("(bar) => getComputedStyle(bar).backgroundColor") != canvas
    gallery.card(view.shown[0]).click()
    ring = "(card) => getComputedStyle(card.querySelector('.tam-thumbnail-box'), '::after')"
    style = gallery.card(view.shown[0]).evaluate(f"{ring}.outlineStyle")
    other = gallery.card(view.shown[1]).evaluate(f"{ring}.outlineStyle")
    assert (style, other) == ("solid", "none")


@pytest.mark.parametrize("width", [390, 640])
def test_the_gallery_fits_a_narrow_page(
    new_page: Callable[..., Page], report: tw.Report, width: int
) -> None:
    page = new_page(offline=True)
    page.set_viewport_size({"width": width, "height": 800})
    gallery = show_gallery(page, view := Kernel(report.run(), report.run("model-b")))
    gallery.expect_drawn(view.shown[0])
    gallery.card(view.shown[0]).click()
    gallery.opened(view.shown[0])
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0
    assert violations(page, READY) == []


def _colours(page: Page, name: str) -> str:
    """A system colour as the browser computes it."""
    script = """(name) => {
      const probe = document.body.appendChild(document.createElement("i"));
      probe.style.cssText = `forced-color-adjust: none; color: ${name}`;
      const found = getComputedStyle(probe).color;
      probe.remove();
      return found;
    }"""
    found: str = page.evaluate(script, name)
    return found
