"""Drive one explorer, wherever it is shown: in a notebook or in an exported file."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

EXPLORER = "[data-testid=tam]"
# run before a page's own scripts: nobody is new here, and is asked to a tour
TOURED = "try { localStorage.setItem('tam-widgets-tour', '1') } catch {}"  # may be forbidden
READY = f"{EXPLORER}[data-ready='1']"
STATES = "roots => roots.map(root => [root.dataset.ready, root.innerText.slice(0, 80)])"

# a short hash of an overlay's pixels
HASH = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let hash = 0;
  for (const byte of data) hash = (31 * hash + byte) | 0;
  return hash;
}"""


@dataclass(frozen=True)
class Explorer:
    """One view of an explorer."""

    root: Locator

    def token(self, panel: int, index: int) -> Locator:
        """A token in a panel's strip."""
        return self.root.locator(f".tam-token[data-panel='{panel}'][data-i='{index}']")

    def hover(self, panel: int, index: int) -> None:
        """Move the mouse over a token and see its map drawn."""
        self.token(panel, index).hover()
        self.expect_drawn(panel, index)

    def expect_drawn(self, panel: int, index: int) -> None:
        """Wait until this token's map is the one in view."""
        expect(self.root).to_have_attribute("data-drawn", f"{panel}:{index}")

    def expect_locked(self, *tokens: tuple[int, int]) -> None:
        """Wait until exactly these tokens are locked."""
        expect(self.root.locator(".tam-token[aria-selected=true]")).to_have_count(len(tokens))
        for panel, index in tokens:
            expect(self.token(panel, index)).to_have_attribute("aria-selected", "true")

    def shown(self, panel: int) -> list[int]:
        """The tokens that a panel's strip marks as drawn."""
        marked = self.root.locator(f".tam-token.tam-shown[data-panel='{panel}']")
        return [int(item.get_attribute("data-i") or -1) for item in marked.all()]

    def overlay(self, panel: int = 0) -> int:
        """A hash of the pixels of a panel's heatmap."""
        return int(self.root.locator("canvas.tam-overlay").nth(panel).evaluate(HASH))

    def setting(self, name: str) -> Locator:
        """The control of a setting."""
        return self.root.locator(f"[data-setting={name}]")

    def leave(self) -> None:
        """Take mouse and keyboard away from the explorer."""
        self.root.page.mouse.move(1, 1)
        self.root.page.evaluate("document.activeElement?.blur()")


def find_explorers(page: Page, count: int = 1) -> list[Explorer]:
    """The explorers of a page, when `count` of them are ready."""
    ready = page.locator(READY)
    try:
        expect(ready).to_have_count(count, timeout=90_000)
    except AssertionError as error:
        error.add_note(f"explorers of the page: {page.locator(EXPLORER).evaluate_all(STATES)}")
        raise
    return [Explorer(ready.nth(i)) for i in range(count)]
