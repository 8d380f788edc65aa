"""Every word is accounted for: with a value, or with the reason why it has none."""

from __future__ import annotations

import numpy as np
import pytest

from tam_widgets.evaluation.measures import accounts
from tam_widgets.evaluation.measures.accounts import WordAccount, account
from tam_widgets.evaluation.measures.metrics import aggregate, evaluate

CATEGORY = {"cat": 1, "dog": 2, "hot dog": 3, "park": 4, "sky": 5}
WORDS = ["The", "cat", "and", "a", "hot", "dog", "park", "under", "the", "sky", "by", "houses"]
KINDS = [
    *("function", "noun", "function", "function", "others", "noun"),
    *("others", "others", "function", "noun", "others", "noun"),
]


def lit() -> np.ndarray:
    maps = np.zeros((len(WORDS), 8, 8), np.uint8)
    maps[:, :4, :4] = 200
    return maps


def all_accounts() -> list[WordAccount]:
    mask = (lit()[0] > 0).astype(np.uint8)
    groups = [[i] for i in range(len(WORDS))]
    scores = evaluate(lit(), WORDS, groups, mask, CATEGORY, KINDS)
    return account(scores, WORDS, KINDS, CATEGORY, {1, 5})


def accounted() -> dict[str, WordAccount]:
    return {entry.text: entry for entry in all_accounts()}


def test_what_entered_has_its_values() -> None:
    cat = accounted()["cat"]
    assert (cat.iou, cat.precision, cat.recall, cat.skipped) == (1.0, 1.0, 1.0, None)
    assert accounted()["and"].quiet is not None
    assert accounted()["and"].skipped is None


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("hot dog", accounts.ABSENT),
        ("sky", accounts.NOT_SEEN),
        ("houses", accounts.NO_CATEGORY),
        ("park", accounts.NOT_TAGGED_NOUN),
        ("under", accounts.OTHER_KIND),
    ],
)
def test_what_was_left_out_has_its_reason(word: str, reason: str) -> None:
    assert accounted()[word].skipped == reason


def test_no_word_is_lost_or_counted_twice() -> None:
    assert [i for entry in all_accounts() for i in entry.words] == list(range(len(WORDS)))


def test_function_words_without_a_noun_are_listed() -> None:
    scores = evaluate(lit()[:1], ["the"], [[0]], None, CATEGORY, ["function"])
    (entry,) = account(scores, ["the"], ["function"], CATEGORY, set())
    assert entry.skipped == accounts.NO_THRESHOLD


def test_reference_mode_says_which_word_was_merged() -> None:
    words, kinds = ["hot", "dog"], ["noun", "noun"]
    maps = lit()[:2].copy()
    maps[1] = 0
    mask = (lit()[0] > 0).astype(np.uint8) * 3
    scores = evaluate(maps, words, [[0], [1]], mask, {"hot dog": 3}, kinds, "reference")
    hot, dog = account(scores, words, kinds, {"hot dog": 3}, {3})
    assert (hot.iou, hot.skipped) == (1.0, None)
    assert (dog.iou, dog.skipped) == (None, accounts.MERGED)
    assert aggregate([scores]).objects == 1
