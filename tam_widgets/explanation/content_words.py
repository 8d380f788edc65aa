"""The words of an answer that say something: no articles, pronouns, prepositions, forms of "be"."""

from __future__ import annotations

from ..contract import CONTRACT
from .words import HasTokens, Word, words

_FUNCTION_WORDS = frozenset(CONTRACT.function_words.split())


def content_words(explanation: HasTokens) -> list[Word]:
    """The words of an answer without English function words and words without a letter.

    In another language all its words count.
    """
    return [word for word in words(explanation.tokens, "answer") if is_content(word)]


def is_content(word: Word) -> bool:
    """Whether a word has a letter and is no English function word."""
    has_letter = any(character.isalpha() for character in word.text)
    return has_letter and word.key not in _FUNCTION_WORDS
