"""Every live page of the documentation answers to the pointer, without a network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from scripts.live_pages import NAMES, PAGES, build
from scripts.live_pages.registry import FRAME
from tests.e2e.explorer import find_explorers
from tests.e2e.gallery import find_galleries
from tests.e2e.test_exercises import EXERCISE, draw

OTHERS = ("guess-first", "anatomy", "failures")  # no explorers


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return build(tmp_path_factory.mktemp("live"))


@pytest.fixture
def opened(files: dict[str, Path], new_page: Callable[..., Page]) -> Callable[[str], Page]:
    """Opens a page offline, in its frame of the documentation."""

    def show(name: str) -> Page:
        page = new_page(offline=True)
        page.set_viewport_size({"width": FRAME, "height": PAGES[name].height})
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        page.on("console", lambda said: said.type == "error" and pytest.fail(said.text))
        page.goto(files[name].as_uri())
        expect(page.locator("#tam [data-ready='1']").first).to_be_visible()
        return page

    return show


def fits(page: Page) -> bool:
    """Whether the page needs no scroll bar."""
    return bool(
        page.evaluate(
            "() => document.documentElement.scrollWidth <= innerWidth"
            " && document.documentElement.scrollHeight <= innerHeight"
        )
    )


@pytest.mark.parametrize("name", [name for name in NAMES if name not in OTHERS])
def test_pointing_at_a_word_changes_the_map(name: str, opened: Callable[[str], Page]) -> None:
    page = opened(name)
    assert fits(page)
    (view,) = find_explorers(page)
    words = view.root.locator(".tam-token[data-panel='0']")
    nouns = [
        int(word.get_attribute("data-i") or -1)
        for word in words.all()
        if (word.text_content() or "").strip().isalpha()
    ][-2:]
    maps = set()
    for index in nouns:
        view.hover(0, index)
        maps.add(view.overlay())
    assert len(maps) == 2
    if PAGES[name].press:
        page.locator(PAGES[name].press).click()
        expect(page.locator(".tam-check input[type=range]")).to_be_visible()
        assert fits(page)


def test_an_exercise_reveals_its_map(opened: Callable[[str], Page]) -> None:
    page = opened("guess-first")
    exercise = page.locator(EXERCISE)
    draw(exercise)
    exercise.get_by_role("button", name="reveal the map").click()
    expect(exercise.locator("[data-score=overlap]")).to_be_visible()


def test_the_anatomy_goes_on(opened: Callable[[str], Page]) -> None:
    page = opened("anatomy")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".tam-anatomy")).to_have_attribute("data-step", "2")


def test_the_gallery_filters_and_opens_a_sample(opened: Callable[[str], Page]) -> None:
    (gallery,) = find_galleries(opened("failures"))
    gallery.expect_shown(24)
    gallery.tick("signatures", "object missed")
    gallery.expect_shown(2)
    sample = gallery.shown()[0]
    card: Locator = gallery.card(sample)
    card.click()
    gallery.opened(sample)
