"""ROUGE-L and METEOR against captions."""

from __future__ import annotations

import pytest

from tam_widgets.evaluation.measures.text_scores import meteor_variant, text_scores


def test_the_same_text_scores_highest() -> None:
    scores = text_scores("A dog runs on the beach.", ["A cat.", "A dog runs on the beach."])
    assert scores.rouge_l == 1
    assert scores.meteor == pytest.approx(1, abs=0.01)


def test_rouge_l_is_the_longest_common_subsequence() -> None:
    # 2 of 3 words in common, in order: precision, recall and F are 2/3
    assert text_scores("a red dog", ["a big dog"]).rouge_l == pytest.approx(2 / 3)


def test_meteor_matches_stems() -> None:
    stems = text_scores("dogs running", ["dog runs"]).meteor
    assert stems is not None
    assert stems > 0.4
    assert text_scores("cats", ["dog runs"]).meteor == 0


def test_an_empty_answer_scores_nothing_and_no_caption_gives_no_score() -> None:
    assert text_scores("", ["a dog"]).rouge_l == 0
    assert text_scores("a dog", []) == (text_scores("", []))
    assert text_scores("a dog", []).rouge_l is None


def test_the_variant_says_whether_synonyms_count() -> None:
    assert "synonyms" in meteor_variant()
