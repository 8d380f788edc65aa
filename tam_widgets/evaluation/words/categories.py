"""Matches the words of an answer to the categories of a labelled mask."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tam_widgets.evaluation.words.nouns import inflected, plain

Lemma = Callable[[str], str]

UNKNOWN = -1
"""Label of a noun that names no category."""
NOT_A_NOUN = 0


@dataclass(frozen=True)
class Mention:
    """A noun, or a compound of adjacent words, in an answer.

    Attributes:
        words: Indices of its words, adjacent and ascending.
        label: The mask's label of the category that it names, or -1 if it names none.
    """

    words: tuple[int, ...]
    label: int


def find_mentions(
    words: Sequence[str],
    parts_of_speech: Sequence[str] | None,
    category: Mapping[str, int],
    lemma: Lemma | None = None,
) -> list[Mention]:
    """Matches words to categories: the longest category first, each word once, left to right.

    "dog" does not match "hot dog"; "hot dog" does not match "dog" if there is a category "hot dog".
    Singular and plural match; of two categories that fit, the one with the same spelling wins.

    Args:
        words: The words of the answer, in order.
        parts_of_speech: ``"noun"``, ``"function"`` or ``"others"`` for each word; the last word of
            a match must be a noun. None: any words may match.
        category: Label of each category name; a name may have several words.
        lemma: Also matches nouns with equal lemmas; without it, only rules for plurals are used.

    Returns:
        Mentions in reading order: every match, and every further noun with the label -1.
    """
    tags = None if parts_of_speech is None else tuple(parts_of_speech)
    return list(_found(tuple(words), tags, tuple(category.items()), lemma))


def published_mentions(
    words: Sequence[str],
    parts_of_speech: Sequence[str] | None,
    category: Mapping[str, int],
    lemma: Lemma | None = None,
) -> list[Mention]:
    """Matches each noun by itself to the last category that shares a word with it, as published.

    That makes "dog" a "hot dog" if that category comes later.

    Args:
        words: As for `find_mentions`.
        parts_of_speech: As for `find_mentions`.
        category: As for `find_mentions`.
        lemma: Words match if their lemmas are equal; `word_without_s` by default.
    """
    lemma = lemma or word_without_s
    label_of = {lemma(part): label for name, label in category.items() for part in name.split()}
    found = []
    for i, word in enumerate(words):
        label = label_of.get(lemma(word), UNKNOWN)
        if parts_of_speech[i] == "noun" if parts_of_speech is not None else label != UNKNOWN:
            found.append(Mention((i,), label))
    return found


def word_without_s(word: str) -> str:
    """The simplest lemma: lower case, no hyphens, no final s."""
    return word.lower().replace("-", "").removesuffix("s")


def word_labels(mentions: Sequence[Mention], count: int) -> tuple[int, ...]:
    """Labels of ``count`` words: one per word, 0 for words that are not nouns."""
    labels = [NOT_A_NOUN] * count
    for mention in mentions:
        for i in mention.words:
            labels[i] = mention.label
    return tuple(labels)


class _Names:
    """Finds the category of a phrase in constant time.

    Of several categories that fit, one with the same spelling comes before one in the other number,
    and that before one with the same lemma; among equals, the first.
    """

    def __init__(self, category: Mapping[str, int], lemma: Lemma | None) -> None:
        self.longest = max((len(name.split()) for name in category), default=1)
        self._lemma = lemma
        self._exact: dict[str, int] = {}
        self._either: dict[str, int] = {}
        self._lemmas: dict[str, int] = {}
        for name, label in category.items():
            self._exact.setdefault(plain(name), label)
            for form in inflected(name):
                self._either.setdefault(form, label)
            if lemma is not None:
                self._lemmas.setdefault(_lemma_of(name, lemma), label)

    def label(self, phrase: str) -> int | None:
        form = plain(phrase)
        if form in self._exact:
            return self._exact[form]
        if form in self._either:
            return self._either[form]
        for singular in inflected(phrase):
            if singular in self._exact:
                return self._exact[singular]
        return self._lemmas.get(_lemma_of(phrase, self._lemma)) if self._lemma else None


@lru_cache(maxsize=2**14)
def _lemma_of(phrase: str, lemma: Lemma) -> str:
    *modifiers, head = phrase.split() or [""]
    return plain(" ".join([*modifiers, lemma(plain(head))]))


@lru_cache(maxsize=64)  # each method of an evaluation asks the same of an answer
def _found(
    words: tuple[str, ...],
    parts_of_speech: tuple[str, ...] | None,
    category: tuple[tuple[str, int], ...],
    lemma: Lemma | None,
) -> tuple[Mention, ...]:
    names = _cached_names(category, lemma)
    found, start = [], 0
    while start < len(words):
        mention = _longest_match(words, parts_of_speech, names, start)
        if mention is None and parts_of_speech is not None and parts_of_speech[start] == "noun":
            mention = Mention((start,), UNKNOWN)
        if mention is not None:
            found.append(mention)
        start += len(mention.words) if mention is not None else 1
    return tuple(found)


@lru_cache(maxsize=64)
def _cached_names(items: tuple[tuple[str, int], ...], lemma: Lemma | None) -> _Names:
    return _Names(dict(items), lemma)


def _longest_match(
    words: Sequence[str], parts_of_speech: Sequence[str] | None, names: _Names, start: int
) -> Mention | None:
    for end in range(min(start + names.longest, len(words)), start, -1):
        if parts_of_speech is None or parts_of_speech[end - 1] == "noun":
            label = names.label(" ".join(words[start:end]))
            if label is not None:
                return Mention(tuple(range(start, end)), label)
    return None
