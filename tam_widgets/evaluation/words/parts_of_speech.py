"""Parts of speech of English words without a tagger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

PartOfSpeech = Literal["noun", "function", "others"]

_ARTICLES = "a an the"
_DETERMINERS = "this that these those each every either neither some any no all both another such"
_CONJUNCTIONS = "and or but nor yet"
_PRONOUNS = (
    "i me myself you yourself yourselves he him himself she her herself it itself we us ourselves "
    "they them themselves oneself there"
)
_POSSESSIVES = "my mine your yours his hers its our ours their theirs one's"
_QUESTION_WORDS = (
    "who whom whose which what whoever whichever whatever where when why how wherever whenever"
)
_MODAL_VERBS = "can cannot could may might must shall should will would"

FUNCTION_WORDS = frozenset(
    word
    for words in (
        _ARTICLES,
        _DETERMINERS,
        _CONJUNCTIONS,
        _PRONOUNS,
        _POSSESSIVES,
        _QUESTION_WORDS,
        _MODAL_VERBS,
    )
    for word in words.split()
)
"""Closed-class English words. As in TAM's evaluation, prepositions and numbers are not among
them."""


def default_parts_of_speech(words: Sequence[str], labels: Sequence[int]) -> list[PartOfSpeech]:
    """Tags words without a tagger.

    Args:
        words: The words of an answer.
        labels: One per word; not 0 if the word belongs to the name of a category.

    Returns:
        ``"noun"`` for words that name a category, ``"function"`` for those of `FUNCTION_WORDS`,
        else ``"others"``: nouns outside the categories are not recognised.
    """
    return [_part_of_speech(word, label) for word, label in zip(words, labels, strict=True)]


def _part_of_speech(word: str, label: int) -> PartOfSpeech:
    if label != 0:
        return "noun"
    return "function" if word.casefold() in FUNCTION_WORDS else "others"
