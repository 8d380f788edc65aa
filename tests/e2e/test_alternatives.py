"""Other words in a token's place, and the contrast with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from playwright.sync_api import expect

from tam_widgets import Explanation
from tam_widgets.explanation.types import Alternative
from tests.e2e.explorer import Explorer
from tests.e2e.samples import PROMPT, explanation

START = len(PROMPT)

Open = Callable[..., Explorer]


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
    chips = view.root.locator(".tam-choice .tam-candidates").first.get_by_role("button")
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
