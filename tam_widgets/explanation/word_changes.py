"""Which words of an answer are other ones in another answer."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from .words import HasTokens, Word, words


def changed_words(one: HasTokens, other: HasTokens) -> tuple[list[int], list[int]]:
    """Compares two answers word by word, and case by case.

    The words that both have in the same order are unchanged; punctuation does not count.

    Args:
        one: An explanation.
        other: Another one.

    Returns:
        Indices of the answer tokens of changed words, ascending, for each of the two. Where words
        are replaced, both have some; where words are added, only the one that has them.
    """
    ours, theirs = words(one.tokens, "answer"), words(other.tokens, "answer")
    texts = [word.text for word in ours], [word.text for word in theirs]
    changed: list[Word] = []
    changed_there: list[Word] = []
    for kind, *edges in SequenceMatcher(None, *texts, autojunk=False).get_opcodes():
        if kind != "equal":
            changed += ours[slice(*edges[:2])]
            changed_there += theirs[slice(*edges[2:])]
    return _tokens(changed), _tokens(changed_there)


def _tokens(several: Sequence[Word]) -> list[int]:
    return sorted({token for word in several for token in word.tokens})
