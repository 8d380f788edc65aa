"""From pixels to words: boxes on the picture, and the cell under the pointer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.explorer import Explorer
from tests.e2e.samples import explanation, film

Open = Callable[..., Explorer]


def brush(view: Explorer, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag over the first picture, between two points in shares of its sides."""
    box = view.root.locator(".tam-stage").first.bounding_box()
    assert box
    mouse = view.root.page.mouse
    for share, press in ((start, mouse.down), (end, mouse.up)):
        mouse.move(box["x"] + share[0] * box["width"], box["y"] + share[1] * box["height"], steps=4)
        press()


def test_a_box_ranks_the_words_by_what_lies_in_it(show: Open) -> None:
    view = show(explanation())
    strip, frame = view.root.locator(".tam-strip"), view.root.locator(".tam-box")
    chips = view.root.locator(".tam-chip:visible")
    view.root.page.wait_for_timeout(500)
    brush(view, (0.3, 0.3), (0.3, 0.3))
    expect(frame).to_be_hidden()  # a click draws nothing
    brush(view, (0.2, 0.05), (0.7, 0.3))
    expect(frame).to_be_visible()
    expect(strip).to_have_attribute("data-shading", "inside")
    expect(view.root.get_by_text("of their map lies in the box")).to_be_visible()
    shares = [float("0" + text) for text in chips.locator(".tam-probability").all_inner_texts()]
    assert len(shares) == 5
    assert shares == sorted(shares, reverse=True)
    best = chips.first.locator(".tam-word").inner_text()
    chips.first.click()
    (token,) = view.shown(0)
    assert view.token(0, token).inner_text().strip() == best
    shades = view.root.locator(".tam-token-text").evaluate_all(
        "all => all.map(t => +t.dataset.shade)"
    )
    assert shades[token] == max(shades) > min(shades)
    view.root.locator(".tam-stage").focus()
    view.root.page.keyboard.press("Escape")
    expect(frame).to_be_hidden()
    expect(strip).to_have_attribute("data-shading", "context")
    view.expect_locked((0, token))  # the words that were locked stay so


def test_a_box_is_drawn_by_keys_too(show: Open) -> None:
    view = show(explanation())
    stage, frame = view.root.locator(".tam-stage"), view.root.locator(".tam-box")
    keyboard = view.root.page.keyboard
    stage.focus()
    keyboard.press("ArrowRight")
    expect(frame).to_be_visible()
    one, whole = frame.bounding_box(), stage.bounding_box()
    assert one
    assert whole
    assert one["width"] == pytest.approx(whole["width"] / 12, abs=1)
    for key in ("Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowUp"):
        keyboard.press(key)
    grown = frame.bounding_box()
    assert grown
    assert grown["width"] == pytest.approx(3 * one["width"], abs=2)
    assert grown["height"] == pytest.approx(2 * one["height"], abs=2)
    keyboard.press("ArrowLeft")
    moved = frame.bounding_box()
    assert moved
    assert moved["width"] == pytest.approx(one["width"], abs=1)
    assert moved["x"] == pytest.approx(one["x"] + one["width"], abs=1)


def test_a_box_on_a_film_stays_and_asks_the_frame_in_view(show: Open) -> None:
    record = film(frames=8, patch=2)
    view = show(record)
    best = view.root.locator(".tam-chip:visible .tam-word").first
    view.root.page.wait_for_timeout(500)
    brush(view, (0.02, 0.02), (0.98, 0.98))
    shades = "all => all.map(t => +t.dataset.shade).join()"
    texts = view.root.locator(".tam-token-text")
    first = texts.evaluate_all(shades)
    view.root.get_by_role("slider", name="frame").fill("4")
    expect(view.root.locator(".tam-box")).to_be_visible()
    expect(best).to_be_visible()
    assert texts.evaluate_all(shades) != first


def test_a_cell_under_the_pointer_marks_the_words_that_it_lights(show: Open) -> None:
    view = show(explanation())
    view.root.page.wait_for_timeout(500)
    stage, lit = view.root.locator(".tam-stage"), view.root.locator(".tam-lit")
    box = stage.bounding_box()
    assert box
    marked = set()
    for column in range(12):
        position = {"x": box["width"] * (column + 0.5) / 12, "y": box["height"] / 18}
        stage.hover(position=position)
        marked.add(tuple(lit.evaluate_all("all => all.map(token => token.dataset.i)")))
    assert len(marked) > 1
    view.root.page.mouse.move(1, 1)
    expect(lit).to_have_count(0)


def test_a_ranked_word_stays_under_the_pointer(show: Open) -> None:
    view = show(explanation())
    view.root.page.set_viewport_size({"width": 330, "height": 1000})
    view.root.page.wait_for_timeout(500)
    brush(view, (0.05, 0.05), (0.95, 0.95))
    chip = view.root.locator(".tam-ranking .tam-chip:visible").last
    before = chip.bounding_box()
    chip.hover()
    expect(view.root.locator(".tam-shown")).to_have_count(1)
    assert chip.bounding_box() == before
