"""A check in an exported page, opened from disk with the network off."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

import tam_widgets as tw
from tests.e2e.accessibility import violations
from tests.e2e.explorer import EXPLORER, Explorer


@pytest.fixture(scope="module")
def checked() -> tuple[tw.Explanation, int]:
    """An explanation with a check of its noun."""
    explainer, scene = tw.demo.explainer("llava"), tw.demo.scene(seed=7)
    explanation = explainer.explain(scene.image, scene.prompt, progress=False)
    (token, *_) = explanation.find(scene.groups[0].noun)
    check = explainer.check(explanation, token, fill="black", random_orders=2, progress=False)
    return explanation.with_check(check), token


def test_a_page_shows_a_check_and_greys_the_picture_in_step(
    checked: tuple[tw.Explanation, int], show: Callable[..., Explorer]
) -> None:
    explanation, token = checked
    view = show(explanation)
    (check,) = explanation.checks
    view.token(0, token).click()
    view.leave()
    view.root.get_by_role("button", name="checked", exact=True).click()
    expect(view.root.locator(".tam-check-verdict")).to_contain_text("random orders")
    slider = view.root.get_by_role("slider", name="Share of the picture removed")
    slider.focus()
    for _ in range(5):
        view.root.page.keyboard.press("ArrowRight")
    expect(view.root.locator(".tam-check-value")).to_contain_text("25 % removed")
    filled = view.root.locator("canvas.tam-filled").evaluate(FILLED, list(_grid(explanation)))
    removed = {int(unit) for unit in check.ranking[check.order("tam").rows[0]][:64]}
    assert {cell for cell, black in enumerate(filled) if black} == removed
    assert violations(view.root.page, EXPLORER) == []
    view.root.page.keyboard.press("Escape")
    expect(view.root.locator("canvas.tam-filled")).to_have_count(0)


def test_a_finger_greys_the_picture(
    checked: tuple[tw.Explanation, int], show: Callable[..., Explorer]
) -> None:
    explanation, token = checked
    view = show(explanation, has_touch=True)
    view.root.page.set_viewport_size({"width": 390, "height": 800})
    view.token(0, token).tap()  # shows its map
    view.token(0, token).tap()  # locks it
    view.root.get_by_role("button", name="checked", exact=True).tap()
    slider = view.root.get_by_role("slider", name="Share of the picture removed")
    box = slider.bounding_box()
    assert box
    assert box["height"] >= 24
    slider.tap(position={"x": box["width"] / 2, "y": box["height"] / 2})
    expect(view.root.locator(".tam-check-value")).to_contain_text("% removed")
    expect(view.root.locator("canvas.tam-filled")).to_be_visible()
    assert violations(view.root.page, EXPLORER) == []


# whether the middle of each cell is filled
FILLED = """(canvas, [rows, cols]) => {
  const context = canvas.getContext("2d");
  return Array.from({ length: rows * cols }, (_, i) => {
    const [row, col] = [Math.floor(i / cols), i % cols];
    const x = canvas.width * (col + 0.5) / cols, y = canvas.height * (row + 0.5) / rows;
    return context.getImageData(x, y, 1, 1).data[3] > 0;
  });
}"""


def _grid(explanation: tw.Explanation) -> tuple[int, int]:
    (grid,) = explanation.grids
    return grid.rows, grid.cols
