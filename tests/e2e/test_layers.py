"""The layers of a word in an exported page, opened from disk with the network off."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import tam_widgets as tw
from tests.e2e.accessibility import violations
from tests.e2e.explorer import Explorer, find_explorers

THEMES = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
}


@pytest.fixture(scope="module")
def layered() -> tuple[tw.Explanation, int]:
    """An explanation with all its layers, and its noun."""
    explainer, scene = tw.demo.explainer("qwen2-vl"), tw.demo.scene(seed=7)
    explanation = explainer.explain(scene.image, scene.prompt, layers="all", progress=False)
    (token, *_) = explanation.find(scene.groups[0].noun)
    return explanation, token


@pytest.fixture
def opened(
    layered: tuple[tw.Explanation, int], tmp_path: Path, new_page: Callable[..., Page]
) -> Callable[..., Explorer]:
    """Opens the page, locks the noun, and asks for its layers."""
    explanation, token = layered
    explanation.to_html(tmp_path / "layers.html", layers=True)

    def open_page(**options: object) -> Explorer:
        page = new_page(offline=True, bypass_csp=True, **options)
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        page.goto((tmp_path / "layers.html").as_uri())
        (view,) = find_explorers(page)
        view.token(0, token).click()
        view.leave()
        view.root.get_by_role("button", name="layers", exact=True).click()
        return view

    return open_page


def test_a_page_shows_a_word_at_each_layer(opened: Callable[..., Explorer]) -> None:
    view = opened()
    slider = view.root.get_by_role("slider", name="Decoder layer")
    expect(slider).to_have_attribute("aria-valuetext", "layer 3 of 3")
    dot, legend = view.root.locator(".tam-layer-dot"), view.root.locator(".tam-quantity")
    seen = {(view.overlay(), dot.get_attribute("cx"))}
    slider.focus()
    for layer in (2, 1):
        view.root.page.keyboard.press("ArrowLeft")
        expect(slider).to_have_attribute("aria-valuetext", f"layer {layer} of 3")
        expect(legend).to_contain_text(f"at layer {layer}")
        seen.add((view.overlay(), dot.get_attribute("cx")))
    maps, places = zip(*seen, strict=True)
    assert (len({*maps}), len({*places})) == (3, 3)
    view.root.page.keyboard.press("Escape")
    expect(slider).to_have_count(0)
    assert "at layer" not in legend.inner_text()


@pytest.mark.parametrize("theme", THEMES)
def test_no_theme_has_a_fault(opened: Callable[..., Explorer], theme: str) -> None:
    view = opened(**THEMES[theme])
    expect(view.root.get_by_role("slider", name="Decoder layer")).to_be_visible()
    for width in ("auto", "320px"):
        view.root.page.evaluate("(width) => { document.body.style.width = width; }", width)
        assert violations(view.root.page, "html") == []
