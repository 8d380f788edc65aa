"""How close an answer is to the captions that people wrote: ROUGE-L and METEOR."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from tam_widgets.errors import MissingExtraError
from tam_widgets.evaluation.words.language import WORDNET, nltk_has


@dataclass(frozen=True)
class TextScores:
    """Scores of one answer, 0..1; None where there is no caption to compare with.

    Attributes:
        rouge_l: F-measure of the longest common subsequence, the best over the captions.
        meteor: METEOR, the best over the captions.
    """

    rouge_l: float | None
    meteor: float | None


def text_scores(answer: str, captions: Sequence[str]) -> TextScores:
    """Compares an answer with its reference captions.

    Args:
        answer: The model's text.
        captions: What people wrote; may be empty.

    Raises:
        MissingExtraError: The extra ``eval`` is not installed.
    """
    if not captions:
        return TextScores(None, None)
    return TextScores(_rouge_l(answer, captions), _meteor(answer, captions))


def meteor_variant() -> str:
    """Which METEOR is computed here: synonyms count only where WordNet's data is installed."""
    return "with WordNet's synonyms" if _has_synonyms() else "exact words and stems, no synonyms"


@cache
def _has_synonyms() -> bool:
    return nltk_has(WORDNET)


def _rouge_l(answer: str, captions: Sequence[str]) -> float:
    scorer = _scorer()
    return max(float(scorer.score(caption, answer)["rougeL"].fmeasure) for caption in captions)


@cache
def _scorer() -> Any:
    try:
        from rouge_score.rouge_scorer import RougeScorer
    except ImportError as error:
        raise MissingExtraError(
            'rouge-score is not installed: install the extra "eval" with pip install '
            '"tam-widgets[eval]"'
        ) from error
    return RougeScorer(["rougeL"])


def _meteor(answer: str, captions: Sequence[str]) -> float:
    from nltk.translate.meteor_score import meteor_score

    references = [caption.lower().split() for caption in captions]
    synonyms = {} if _has_synonyms() else {"wordnet": _NoSynonyms()}
    return float(meteor_score(references, answer.lower().split(), **synonyms))


class _NoSynonyms:
    """Stands in for WordNet where its data is missing: no word has a synonym."""

    def synsets(self, _word: str) -> list[Any]:
        return []
