"""What is tried in a host: one explorer or one gallery, by mouse, as a person would."""

from __future__ import annotations

import re
from typing import Final

from playwright.sync_api import Frame, Locator, Page, expect

EXPLORER: Final = "[data-testid=tam][data-ready='1']"
ANATOMY: Final = "[data-testid=tam-anatomy][data-ready='1']"
GALLERY: Final = "[data-testid=tam-gallery][data-ready='1']"
PATIENCE: Final = 30_000

# the map's pixels as one number
PIXELS: Final = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.reduce((sum, byte) => (31 * sum + byte) | 0, 0);
}"""

# the first ancestor, through shadow roots, that hides a part of the view for good
HIDES: Final = """(root) => {
  const { top, right: end } = root.getBoundingClientRect();
  const view = { right: end, bottom: top + root.scrollHeight };
  let box = root;
  while ((box = box.assignedSlot ?? box.parentElement ?? box.getRootNode().host)) {
    const { overflowX, overflowY } = getComputedStyle(box);
    const { right, bottom } = box.getBoundingClientRect();
    const hidden = (overflow) => overflow === "hidden" || overflow === "clip";
    if (hidden(overflowY) ? view.bottom > bottom + 1 : overflowY !== "visible") {
      if (hidden(overflowY)) return `${box.tagName.toLowerCase()}.${box.className} hides the end`;
      return "";
    }
    if (hidden(overflowX) && view.right > right + 1)
      return `${box.tagName.toLowerCase()}.${box.className} hides the right side`;
  }
  return "";
}"""


def find(page: Page, selector: str, timeout: int = 60_000) -> Locator:
    """The one element of that kind, in the page or in one of its frames."""
    for _ in range(timeout // 250):
        for frame in page.frames:
            if has(frame, selector):
                return frame.locator(selector).first
        page.wait_for_timeout(250)
    raise AssertionError(f"no {selector} within {timeout // 1000} s")


def has(frame: Frame, selector: str) -> bool:
    return not frame.is_detached() and frame.locator(selector).count() > 0


def words(root: Locator) -> list[Locator]:
    """Four words of the answer, which begins with "There is a laptop"."""
    tokens = root.locator(".tam-answer .tam-token")
    return [tokens.nth(i) for i in range(4)]


def hover(root: Locator) -> None:
    """The map follows the mouse, and the view keeps its size."""
    overlay = root.locator("canvas.tam-overlay").first
    expect(overlay).to_be_visible(timeout=PATIENCE)
    widths, maps = set(), set()
    for word in words(root):
        word.hover()
        expect(root).to_have_attribute("data-drawn", name(word), timeout=PATIENCE)
        maps.add(overlay.evaluate(PIXELS))
        widths.add(root.evaluate("(root) => root.getBoundingClientRect().width"))
    assert len(maps) > 1, "the map stays the same"
    assert len(widths) == 1, f"the width changes: {', '.join(f'{w:g}' for w in sorted(widths))}"
    assert max(widths) > 280, f"only {max(widths):g} pixels wide"


def whole(root: Locator, page: Page) -> None:
    """No part of it is hidden where nobody can scroll to it, also in a narrow window."""
    for width in (600, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(500)
        hidden = root.evaluate(HIDES)
        assert not hidden, f"{width} pixels wide: {hidden}"


def name(word: Locator) -> str:
    return f"{word.get_attribute('data-panel')}:{word.get_attribute('data-i')}"


def click(root: Locator, page: Page) -> None:
    """A click locks a word, and the app shows what Python has got."""
    word = words(root)[-1]
    word.click()
    expect(word).to_have_attribute("aria-selected", "true", timeout=PATIENCE)
    in_python(page, r"[\[(]{2}0, " + str(word.get_attribute("data-i")))
    page.wait_for_timeout(500)  # what Python answers must not take it back
    expect(word).to_have_attribute("aria-selected", "true")


def in_python(page: Page, value: str) -> None:
    """The app's own text shows the value, which it has from Python."""
    said = page.get_by_text(re.compile(f"In Python: {value}"))
    expect(said.first).to_be_visible(timeout=PATIENCE)


def box(root: Locator, page: Page) -> None:
    """A box drawn on the picture ranks the words."""
    stage = root.locator(".tam-stage").first
    stage.scroll_into_view_if_needed()
    area = stage.bounding_box()
    assert area, "no picture"
    page.mouse.move(area["x"] + 0.3 * area["width"], area["y"] + 0.3 * area["height"])
    page.mouse.down()
    page.mouse.move(area["x"] + 0.7 * area["width"], area["y"] + 0.7 * area["height"], steps=5)
    page.mouse.up()
    expect(root.locator(".tam-box").first).to_be_visible(timeout=PATIENCE)
    expect(root.locator(".tam-ranking .tam-chip").first).to_be_visible(timeout=PATIENCE)


def asks(root: Locator) -> None:
    """A check of a locked word, asked with the mouse, gives its curve and a verdict."""
    hover(root)
    word = words(root)[-1]
    word.click()
    expect(word).to_have_attribute("aria-selected", "true", timeout=PATIENCE)
    root.locator("[data-question=check]").first.click()
    verdict = root.locator(".tam-check-verdict").first
    expect(verdict).to_contain_text("random orders", timeout=2 * PATIENCE)
    expect(root.get_by_role("button", name="checked", exact=True)).to_be_visible(timeout=PATIENCE)


def steps(root: Locator) -> None:
    """Keys go from step to step, also after a press on what takes no keyboard."""
    shell = root.locator(".tam-anatomy")
    root.locator(".tam-step-button").nth(6).click()
    expect(shell).to_have_attribute("data-step", "7", timeout=PATIENCE)
    best = root.locator(".tam-step-text [data-number=scale]").get_attribute("data-value")
    root.get_by_role("button", name="to the minimum").click()
    expect(root.locator("output")).to_have_attribute("data-value", str(best), timeout=PATIENCE)
    root.locator(".tam-step-text").click()
    root.page.keyboard.press("5")
    expect(shell).to_have_attribute("data-step", "5", timeout=PATIENCE)
    height = shell.evaluate("(shell) => shell.getBoundingClientRect().height")
    assert height < 900, f"{height:g} pixels high"


def cards(gallery: Locator) -> None:
    """Cards with pictures and maps."""
    pictures = gallery.locator(".tam-card[id] .tam-frame > img:not([hidden])")
    expect(pictures.nth(3)).to_be_visible(timeout=PATIENCE)
    expect(pictures.nth(3)).to_have_js_property("complete", True)


def opens(gallery: Locator) -> None:
    """A click on a card opens its sample in an explorer."""
    gallery.locator(".tam-card[id]").first.click()
    explorer = gallery.locator(EXPLORER)
    expect(explorer).to_have_count(1, timeout=PATIENCE)
    words(explorer)[0].hover()
    expect(explorer).to_have_attribute("data-drawn", name(words(explorer)[0]), timeout=PATIENCE)


def chosen(gallery: Locator, page: Page) -> None:
    """Python knows which sample is open."""
    in_python(page, rf"\['{gallery.locator('.tam-sample').get_attribute('data-sample')}")
