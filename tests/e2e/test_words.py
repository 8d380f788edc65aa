"""Words, spans and turns, in the exported file and in JupyterLab."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from playwright.sync_api import Locator, Page, expect

from tam_widgets.explanation.types import Turn
from tests.e2e.explorer import Explorer
from tests.e2e.notebook import open_notebook, write_notebook
from tests.e2e.samples import PROMPT, explanation
from tests.e2e.server import Server

START = len(PROMPT)
PIECES = (" A", " red", " air", "plane", " over", " the", " sea", ".")
OTHER = (" The", " air", "plane", " is", " red", ".")
AIR, OTHER_AIR = START + PIECES.index(" air"), START + OTHER.index(" air")

Open = Callable[..., Explorer]


def drag(view: Explorer, start: Locator, end: Locator) -> None:
    mouse = view.root.page.mouse
    start.hover()
    mouse.down()
    end.hover()
    mouse.up()


def locked(panel: int, tokens: Sequence[int]) -> list[tuple[int, int]]:
    return [(panel, token) for token in tokens]


def test_a_word_is_taken_whole_and_its_twin_too(show: Open) -> None:
    view = show(explanation(PIECES), explanation(OTHER, title="b"))
    view.hover(0, AIR + 1)
    assert view.shown(0) == [AIR + 1]
    piece = view.overlay()
    view.root.get_by_role("button", name="words", exact=True).click()
    view.hover(0, AIR + 1)
    assert view.shown(0) == [AIR, AIR + 1]
    assert view.shown(1) == [OTHER_AIR, OTHER_AIR + 1]
    assert view.overlay() != piece
    expect(view.root.locator(".tam-span-text").first).to_have_text("airplane")
    view.token(0, AIR).click()
    view.expect_locked(*locked(0, (AIR, AIR + 1)))
    view.token(0, AIR + 1).click()
    view.expect_locked()
    view.token(0, AIR).focus()
    view.root.page.keyboard.press("ArrowRight")
    view.expect_drawn(0, AIR + 2)


def test_a_drag_over_tokens_locks_a_span(show: Open) -> None:
    view = show(explanation())
    drag(view, view.token(0, START + 4), view.token(0, START + 1))
    span = [START + i for i in (1, 2, 3, 4)]
    view.expect_locked(*locked(0, span))
    assert view.shown(0) == span  # the pointer still rests on its end
    expect(view.root.locator(".tam-span-text")).to_have_text("small dog and the")
    view.hover(0, START + 7)
    assert view.shown(0) == [START + 7]
    view.leave()
    expect(view.root.locator(".tam-shown")).to_have_count(4)


def test_shift_extends_a_span_by_mouse_and_keys(show: Open) -> None:
    view = show(explanation())
    keyboard = view.root.page.keyboard
    view.token(0, START + 2).click()
    view.token(0, START + 5).click(modifiers=["Shift"])
    view.expect_locked(*locked(0, range(START + 2, START + 6)))
    view.token(0, START).click(modifiers=["Shift"])
    view.expect_locked(*locked(0, range(START, START + 3)))
    keyboard.press("Escape")
    view.expect_locked()
    view.token(0, START + 6).focus()
    for key in ("ArrowLeft", "ArrowLeft", "ArrowRight"):
        keyboard.press(f"Shift+{key}")
    view.expect_locked(*locked(0, (START + 5, START + 6)))
    assert view.shown(0) == [START + 5, START + 6]


def test_several_tokens_become_one_map_as_chosen(show: Open) -> None:
    view = show(explanation())
    choice = view.setting("aggregate")
    view.token(0, START + 2).click()
    expect(choice).to_be_hidden()
    view.token(0, START + 4).click(modifiers=["Shift"])
    ends, pictures = {}, set()
    for how in ("max", "mean", "first", "sum"):
        choice.select_option(how)
        pictures.add(view.overlay())
        ends[how] = float(view.root.locator(".tam-number").first.inner_text())
    assert len(pictures) > 2  # three of them differ in form, the sum from the mean in its scale
    assert ends["mean"] < ends["max"] < ends["sum"]
    assert ends["sum"] == pytest.approx(3 * ends["mean"], abs=0.03)


def test_the_turns_of_a_conversation_are_set_apart(show: Open) -> None:
    record = explanation(prompt=(" What", "?", " Dogs", ".", " Where", "?"))
    count = len(record.tokens)
    bounds = (("user", 0, 2), ("assistant", 2, 4), ("user", 4, 6), ("assistant", 6, count))
    turns = tuple(Turn(role, start, stop) for role, start, stop in bounds)
    given = {**record.provenance, "finish_reason": "given"}
    view = show(replace(record, turns=turns, provenance=given))
    strip = view.root.get_by_role("listbox")
    groups = strip.get_by_role("group")
    assert [group.inner_text().split("\n")[0].strip() for group in groups.all()[:3]] == [
        "What?",
        "Dogs.",
        "Where?",
    ]
    names = [group.get_attribute("aria-label") for group in groups.all()]
    assert names == [
        "Prompt, turn 1 of 4",
        "Earlier answer, turn 2 of 4",
        "Prompt, turn 3 of 4",
        "Answer",
    ]
    view.hover(0, 2)
    assert view.shown(0) == [2]
    expect(strip.get_by_text("given, not generated")).to_be_visible()


# what a copy in the strip would put on the clipboard
COPY = """(token) => {
  const clipboardData = new DataTransfer();
  token.dispatchEvent(new ClipboardEvent("copy", { clipboardData, bubbles: true }));
  return clipboardData.getData("text/plain");
}"""


def test_the_words_in_view_can_be_copied(show: Open) -> None:
    view = show(explanation())
    drag(view, view.token(0, START + 1), view.token(0, START + 3))
    assert view.token(0, START + 3).evaluate(COPY) == "small dog and"


def test_python_and_the_browser_share_span_box_and_granularity(
    server: Server, new_page: Callable[..., Page]
) -> None:
    explanation(PIECES).save(server.root / "words.safetensors")
    made = "import tam_widgets as tw\nview = tw.Explorer(tw.load('words.safetensors'))"
    write_notebook(server, "words.ipynb", made, "view")
    notebook = open_notebook(server, new_page(), "words.ipynb")
    (view,) = notebook.run()
    cells = notebook.page.locator(".jp-Cell").count()
    notebook.evaluate("setattr(view, 'granularity', 'word')")
    view.token(0, AIR + 1).click()
    view.expect_locked((0, AIR), (0, AIR + 1))
    notebook.evaluate("setattr(view, 'box', [0, 0, 8, 8, 40, 40])")
    expect(view.root.locator(".tam-box")).to_be_visible()
    view.root.locator(".tam-stage").focus()
    for key in ("ArrowRight", "Shift+ArrowDown", "b", "a", "x"):
        notebook.page.keyboard.press(key)
    seen = "(sorted(view.selected), view.box)"
    expected = repr(([(0, AIR), (0, AIR + 1)], [0, 0, 48.0, 32.0, 56.0, 48.0]))
    for _ in range(100):
        if notebook.evaluate(seen) == expected:
            break
        time.sleep(0.1)
    assert notebook.evaluate(seen) == expected
    assert notebook.page.locator(".jp-Cell").count() == cells
