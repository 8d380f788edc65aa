"""Which words of an answer are other ones in another answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    found = replacements(one, other)
    return _tokens(pair[0] for pair in found), _tokens(pair[1] for pair in found)


def replacements(one: HasTokens, other: HasTokens) -> list[tuple[list[Word], list[Word]]]:
    """The runs of words that differ, in order: those of one answer, and those in their place.

    Args:
        one: As for `changed_words`.
        other: As for `changed_words`.
    """
    ours, theirs = words(one.tokens, "answer"), words(other.tokens, "answer")
    texts = [word.text for word in ours], [word.text for word in theirs]
    return [
        (ours[slice(*edges[:2])], theirs[slice(*edges[2:])])
        for kind, *edges in SequenceMatcher(None, *texts, autojunk=False).get_opcodes()
        if kind != "equal"
    ]


def _tokens(runs: Iterable[Sequence[Word]]) -> list[int]:
    return sorted({token for run in runs for word in run for token in word.tokens})
