"""Drive one gallery in a notebook."""

from __future__ import annotations

import ast
import time
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.explorer import READY as EXPLORER_READY
from tests.e2e.explorer import Explorer
from tests.e2e.notebook import KERNEL_READY, Notebook

READY = "[data-testid=tam-gallery][data-ready='1']"


@dataclass(frozen=True)
class Gallery:
    """One view of a gallery."""

    root: Locator

    def card(self, sample: str) -> Locator:
        """A card in view."""
        return self.root.locator(f".tam-card[data-id='{sample}'][id]")

    def shown(self) -> list[str]:
        """Samples in view, in order."""
        cards = self.root.locator(".tam-card[id]").all()
        places = {int(c.get_attribute("aria-posinset") or 0): c for c in cards}
        return [str(places[place].get_attribute("data-id")) for place in sorted(places)]

    def expect_shown(self, count: int) -> None:
        """Wait until so many samples are left by the filters."""
        expect(self.root).to_have_attribute("data-shown", str(count))

    def expect_drawn(self, sample: str) -> None:
        """Wait until a card's picture and map can be seen."""
        pictures = self.card(sample).locator(".tam-frame > img:not([hidden])")
        expect(pictures).to_have_count(2 * self.card(sample).locator(".tam-card-side").count())
        for picture in pictures.all():
            expect(picture).to_have_js_property("complete", True)
            assert picture.evaluate("(img) => img.naturalWidth") > 0

    def tick(self, menu: str, name: str) -> None:
        """Tick or untick a name in one of the menus."""
        self.root.locator(f"[data-menu={menu}] > button").click()
        self.root.locator(f"[data-menu={menu}] input[data-name='{name}']").click()
        self.root.page.keyboard.press("Escape")

    def opened(self, sample: str) -> Explorer:
        """The explorer beside the cards, when it shows this sample."""
        expect(self.root.locator(".tam-sample")).to_have_attribute("data-sample", sample)
        expect(self.root.locator(EXPLORER_READY)).to_have_count(1)
        return Explorer(self.root.locator(EXPLORER_READY))


def find_galleries(page: Page, count: int = 1) -> list[Gallery]:
    """The galleries of a page, when `count` of them are ready."""
    ready = page.locator(READY)
    expect(ready).to_have_count(count, timeout=90_000)
    return [Gallery(ready.nth(i)) for i in range(count)]


def run(notebook: Notebook, galleries: int = 1) -> list[Gallery]:
    """Run all cells; return the galleries when that many are ready."""
    notebook.page.wait_for_function(KERNEL_READY)
    notebook.command("notebook:run-all-cells")
    return find_galleries(notebook.page, galleries)


def wait_for_python(notebook: Notebook, expression: str, expected: Any) -> None:
    """Wait until an expression in the kernel has a value."""
    for _ in range(100):
        value = notebook.evaluate(expression)
        if ast.literal_eval(value) == expected:
            return
        time.sleep(0.1)
    pytest.fail(f"{expression} is {value}, not {expected!r}")
