"""Spans, boxes on the picture, other words in a token's place, turns: in an exported file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from tam_widgets import Explanation
from tam_widgets.export import to_html
from tam_widgets.parts import Alternative, Turn
from tests.e2e.explorer import Explorer, find_explorers
from tests.e2e.samples import PROMPT, explanation, film

START = len(PROMPT)
PIECES = (" A", " red", " air", "plane", " over", " the", " sea", ".")
OTHER = (" The", " air", "plane", " is", " red", ".")
AIR, OTHER_AIR = START + PIECES.index(" air"), START + OTHER.index(" air")

Open = Callable[..., Explorer]


@pytest.fixture
def show(tmp_path: Path, new_page: Callable[..., Page]) -> Open:
    """Exports explanations to one file and opens it."""

    def open_file(*explanations: Explanation, **options: object) -> Explorer:
        to_html(explanations, tmp_path / "words.html")
        page = new_page(offline=True, color_scheme="light", **options)
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        page.goto((tmp_path / "words.html").as_uri())
        return find_explorers(page)[0]

    return open_file


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
    view.root.get_by_role("button", name="words").click()
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
    given = {**record.provenance, "finish": "given"}
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
    expect(view.root.get_by_text("share of their map that lies in the box")).to_be_visible()
    shares = [float("0" + text) for text in chips.locator(".tam-probability").all_inner_texts()]
    assert len(shares) == 5
    assert shares == sorted(shares, reverse=True)
    best = chips.first.locator(".tam-word").inner_text()
    chips.first.click()
    (token,) = view.shown(0)
    assert view.token(0, token).inner_text().strip() == best
    shades = view.root.locator(".tam-ink").evaluate_all("all => all.map(ink => +ink.dataset.shade)")
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


def with_alternatives(record: Explanation, token: int) -> Explanation:
    """Two other words in a token's place: a candidate, and one of two pieces."""
    count = len(record.tokens)
    rows = np.stack([np.roll(record.activations[token], shift) for shift in (30, 60, 90)])
    return replace(
        record,
        alternatives=(
            Alternative(token, " other", (3,), 0.2),
            Alternative(token, " hot dog", (91, 92), None),
        ),
        alternative_activations=rows,
        alternative_relevance=np.zeros((3, count), np.float32),
    )


def test_another_word_is_seen_in_a_tokens_place(show: Open) -> None:
    view = show(with_alternatives(explanation(), START + 2))
    chips = view.root.locator(".tam-candidates").first.get_by_role("button")
    view.token(0, START + 3).click()
    expect(chips).to_have_count(0)
    view.token(0, START + 2).click()
    expect(chips).to_have_count(3)
    own, other, pieces = chips.all()
    expect(pieces).to_have_text("hot dog2 pieces")
    view.leave()
    pictures = [view.overlay()]
    other.hover()
    pictures.append(view.overlay())
    pieces.hover()
    pictures.append(view.overlay())
    assert len(set(pictures)) == 3
    view.leave()
    assert view.overlay() == pictures[0]  # pointing is no choice
    other.click()
    view.leave()
    assert view.overlay() == pictures[1]
    expect(other).to_have_attribute("aria-pressed", "true")
    expect(view.root.get_by_text("The map of “other” in the place of “dog”.")).to_be_visible()
    view.hover(0, START + 2)
    assert view.overlay() == pictures[0]  # the word itself is pointed at
    own.click()
    view.leave()
    assert view.overlay() == pictures[0]
    view.expect_locked((0, START + 2))


def test_contrast_has_two_ends(show: Open) -> None:
    view = show(with_alternatives(explanation(), START + 2))
    view.token(0, START + 2).click()
    view.leave()
    before = view.overlay()
    contrast = view.root.get_by_role("button", name="contrast")
    contrast.click()
    expect(contrast).to_have_attribute("aria-pressed", "true")
    view.leave()
    assert view.overlay() != before
    assert view.root.locator(".tam-end").all_inner_texts() == ["dog", "other"]
    upper, middle, lower = view.root.locator(".tam-number").all_inner_texts()
    assert (upper[0], middle, lower[0]) == ("+", "0", "−")
    assert upper[1:] == lower[1:]
    view.token(0, START + 5).click()
    view.leave()
    assert view.root.locator(".tam-end").all_inner_texts() == ["", ""]


def test_other_words_are_reached_by_keys(show: Open) -> None:
    view = show(with_alternatives(explanation(), START + 2))
    keyboard = view.root.page.keyboard
    view.token(0, START + 2).focus()
    before = view.overlay()
    keyboard.press("Tab")
    keyboard.press("Tab")
    expect(view.root.locator(".tam-candidate:focus")).to_contain_text("other")
    assert view.overlay() != before
    keyboard.press("Enter")
    view.expect_locked((0, START + 2))
    expect(view.root.get_by_text("in the place of")).to_be_visible()


def test_a_box_on_a_film_stays_and_asks_the_frame_in_view(show: Open) -> None:
    record = film(frames=8, patch=2)
    view = show(record)
    best = view.root.locator(".tam-chip:visible .tam-word").first
    view.root.page.wait_for_timeout(500)
    brush(view, (0.02, 0.02), (0.98, 0.98))
    shades = "all => all.map(ink => +ink.dataset.shade).join()"
    inks = view.root.locator(".tam-ink")
    first = inks.evaluate_all(shades)
    view.root.get_by_role("slider", name="frame").fill("4")
    expect(view.root.locator(".tam-box")).to_be_visible()
    expect(best).to_be_visible()
    assert inks.evaluate_all(shades) != first
