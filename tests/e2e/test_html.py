"""The exported file, opened from disk with the network off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tam_widgets.views.export import to_html
from tests.e2e.explorer import Explorer, find_explorers
from tests.e2e.samples import ANSWER, HOSTILE, PROMPT, explanation

START = len(PROMPT)
OTHER = (" There", " is", " a", " dog", " near", " the", " ball", ".")
DOG, OTHER_DOG = START + ANSWER.index(" dog"), START + OTHER.index(" dog")


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """Two models' answers, one of them with a script in its text."""
    first = explanation((*ANSWER, HOSTILE))
    second = explanation(OTHER, prompt=(HOSTILE, *PROMPT[1:]), title="<script>b")
    to_html([first, second], tmp_path / "two.html")
    return tmp_path / "two.html"


@pytest.fixture
def opened(exported: Path, new_page: Callable[..., Page]) -> tuple[Explorer, list[str]]:
    """The explorer in the file, and the addresses that the page asks for from then on."""
    page = new_page(offline=True, color_scheme="light")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.on("console", lambda said: said.type == "error" and pytest.fail(said.text))
    page.goto(exported.as_uri())
    (view,) = find_explorers(page)
    return view, asked


def test_works_from_disk_without_network(opened: tuple[Explorer, list[str]]) -> None:
    view, asked = opened
    pictures = set()
    for i in range(START, START + 5):
        view.hover(0, i)
        pictures.add(view.overlay())
    assert len(pictures) == 5
    view.token(0, START + 1).click()
    view.expect_locked((0, START + 1))
    view.setting("method").select_option("cam")
    view.leave()
    assert view.overlay() not in pictures
    view.root.page.keyboard.press("Tab")
    assert [url for url in asked if not url.startswith(("file:", "blob:", "data:"))] == []


def test_twin_is_shown_in_the_other_panel(opened: tuple[Explorer, list[str]]) -> None:
    view, _ = opened
    before = view.overlay(1)
    view.hover(0, DOG)
    assert view.shown(1) == [OTHER_DOG]
    assert view.overlay(1) != before
    view.hover(1, OTHER_DOG)
    assert view.shown(0) == [DOG]
    view.hover(0, START + ANSWER.index(" grass"))
    assert view.shown(1) == []


def test_keys_walk_within_and_between_panels(opened: tuple[Explorer, list[str]]) -> None:
    view, _ = opened
    keyboard = view.root.page.keyboard
    view.token(0, DOG).focus()
    keyboard.press("ArrowRight")
    view.expect_drawn(0, DOG + 1)
    keyboard.press("ArrowLeft")
    keyboard.press("ArrowDown")
    view.expect_drawn(1, OTHER_DOG)
    keyboard.press("Enter")
    view.expect_locked((1, OTHER_DOG))
    keyboard.press("Escape")
    view.expect_locked()


def test_hostile_text_is_text(opened: tuple[Explorer, list[str]]) -> None:
    view, _ = opened
    expect(view.token(0, START + len(ANSWER))).to_have_text(HOSTILE)
    expect(view.token(1, 0)).to_have_text(HOSTILE)
    expect(view.root.get_by_text("<script>b").first).to_be_visible()
    view.token(1, 0).hover()
    assert view.root.page.evaluate("window.__attacked") is None
    assert view.root.locator("img[src=x]").count() == 0


def test_a_broken_picture_is_replaced_by_words(
    tmp_path: Path, new_page: Callable[..., Page]
) -> None:
    whole = explanation()
    (picture,) = whole.images
    broken = replace(whole, images=(replace(picture, data=b"no picture"),))
    to_html([broken, whole], tmp_path / "broken.html")
    page = new_page(offline=True)
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto((tmp_path / "broken.html").as_uri())
    (view,) = find_explorers(page)
    expect(view.root.get_by_text("The picture cannot be shown.")).to_have_count(1)
    view.hover(0, DOG)
    assert view.shown(1) == [DOG]


# how far two CSS colours are apart in lightness, 0 to 1
CONTRAST = """() => {
  const light = (colour) => {
    const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
    return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
  };
  const word = getComputedStyle(document.querySelector(".tam-answer .tam-token"));
  return light(word.color) - light(getComputedStyle(document.body).backgroundColor);
}"""


def test_light_and_dark(opened: tuple[Explorer, list[str]], tmp_path: Path) -> None:
    view, _ = opened
    page = view.root.page
    assert page.evaluate(CONTRAST) < -0.5  # dark words on a light page
    light = page.screenshot(path=tmp_path / "light.png")
    page.emulate_media(color_scheme="dark")
    expect(view.root).to_have_attribute("data-theme", "dark")
    assert page.evaluate(CONTRAST) > 0.5
    assert page.screenshot(path=tmp_path / "dark.png") != light
