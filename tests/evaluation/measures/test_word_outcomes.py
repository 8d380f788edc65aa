"""Every word has an outcome: a value, or with the reason why it has none."""

from __future__ import annotations

import numpy as np
import pytest

from tam_widgets.evaluation.measures import word_outcomes
from tam_widgets.evaluation.measures.metrics import aggregate, score_maps
from tam_widgets.evaluation.measures.word_outcomes import WordOutcome, outcomes_of

CATEGORY = {"cat": 1, "dog": 2, "hot dog": 3, "park": 4, "sky": 5}
WORDS = ["The", "cat", "and", "a", "hot", "dog", "park", "under", "the", "sky", "by", "houses"]
PARTS_OF_SPEECH = [
    *("function", "noun", "function", "function", "others", "noun"),
    *("others", "others", "function", "noun", "others", "noun"),
]


def lit() -> np.ndarray:
    maps = np.zeros((len(WORDS), 8, 8), np.uint8)
    maps[:, :4, :4] = 200
    return maps


def all_outcomes() -> list[WordOutcome]:
    mask = (lit()[0] > 0).astype(np.uint8)
    groups = [[i] for i in range(len(WORDS))]
    scores = score_maps(lit(), WORDS, groups, mask, CATEGORY, PARTS_OF_SPEECH)
    return outcomes_of(scores, WORDS, PARTS_OF_SPEECH, CATEGORY, {1, 5})


def by_text() -> dict[str, WordOutcome]:
    return {entry.text: entry for entry in all_outcomes()}


def test_what_entered_has_its_values() -> None:
    cat = by_text()["cat"]
    assert (cat.iou, cat.precision, cat.recall, cat.skipped) == (1.0, 1.0, 1.0, None)
    assert by_text()["and"].below_threshold is not None
    assert by_text()["and"].skipped is None


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("hot dog", word_outcomes.ABSENT),
        ("sky", word_outcomes.NOT_SEEN),
        ("houses", word_outcomes.NO_CATEGORY),
        ("park", word_outcomes.NOT_TAGGED_NOUN),
        ("under", word_outcomes.OTHER_KIND),
    ],
)
def test_what_was_left_out_has_its_reason(word: str, reason: str) -> None:
    assert by_text()[word].skipped == reason


def test_no_word_is_lost_or_counted_twice() -> None:
    assert [i for entry in all_outcomes() for i in entry.words] == list(range(len(WORDS)))


def test_function_words_without_a_noun_are_listed() -> None:
    scores = score_maps(lit()[:1], ["the"], [[0]], None, CATEGORY, ["function"])
    (entry,) = outcomes_of(scores, ["the"], ["function"], CATEGORY, set())
    assert entry.skipped == word_outcomes.NO_THRESHOLD


def test_reference_mode_says_which_word_was_merged() -> None:
    words, parts_of_speech = ["hot", "dog"], ["noun", "noun"]
    maps = lit()[:2].copy()
    maps[1] = 0
    mask = (lit()[0] > 0).astype(np.uint8) * 3
    scores = score_maps(maps, words, [[0], [1]], mask, {"hot dog": 3}, parts_of_speech, "reference")
    hot, dog = outcomes_of(scores, words, parts_of_speech, {"hot dog": 3}, {3})
    assert (hot.iou, hot.skipped) == (1.0, None)
    assert (dog.iou, dog.skipped) == (None, word_outcomes.MERGED)
    assert aggregate([scores]).objects == 1
