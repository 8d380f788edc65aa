"""Which words of an answer name which category of a labelled mask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tam_widgets.evaluation.nouns import plain, same_noun

UNKNOWN = -1
"""Label of a noun that names no category."""
NOT_A_NOUN = 0


@dataclass(frozen=True)
class Mention:
    """A noun, or a compound of adjacent words, in an answer.

    Attributes:
        words: Indices of its words, adjacent and ascending.
        label: The mask's label of the category that it names, or -1 where it names none.
    """

    words: tuple[int, ...]
    label: int


def find_mentions(
    words: Sequence[str], kinds: Sequence[str] | None, category: Mapping[str, int]
) -> list[Mention]:
    """Matches words to categories: the longest category first, each word once, left to right.

    "dog" is no "hot dog", and "hot dog" is no "dog" where there is a category "hot dog". Either
    number matches; where two categories fit, the one spelt exactly so wins.

    Args:
        words: The words of the answer, in order.
        kinds: ``"noun"``, ``"function"`` or ``"others"`` a word; the last word of a match must be a
            noun. None: any words may match.
        category: Label of each category name; a name may have several words.

    Returns:
        Mentions in reading order: every match, and every further noun with the label -1.
    """
    longest = max((len(name.split()) for name in category), default=1)
    found, start = [], 0
    while start < len(words):
        mention = _longest_match(words, kinds, category, start, longest)
        if mention is None and kinds is not None and kinds[start] == "noun":
            mention = Mention((start,), UNKNOWN)
        if mention is not None:
            found.append(mention)
        start += len(mention.words) if mention is not None else 1
    return found


def published_mentions(
    words: Sequence[str], kinds: Sequence[str] | None, category: Mapping[str, int]
) -> list[Mention]:
    """Matches each noun by itself to the last category that shares a word with it, as published.

    That makes "dog" a "hot dog" where that category comes later. A plural is a word with one final
    s.
    """
    found = []
    for i, word in enumerate(words):
        label = _last_sharing(word, category)
        if kinds[i] == "noun" if kinds is not None else label != UNKNOWN:
            found.append(Mention((i,), label))
    return found


def word_labels(mentions: Sequence[Mention], count: int) -> tuple[int, ...]:
    """Spreads mentions over ``count`` words: a label a word, 0 for what is no noun."""
    labels = [NOT_A_NOUN] * count
    for mention in mentions:
        for i in mention.words:
            labels[i] = mention.label
    return tuple(labels)


def _longest_match(
    words: Sequence[str],
    kinds: Sequence[str] | None,
    category: Mapping[str, int],
    start: int,
    longest: int,
) -> Mention | None:
    for end in range(min(start + longest, len(words)), start, -1):
        if kinds is None or kinds[end - 1] == "noun":
            label = _label(" ".join(words[start:end]), category)
            if label is not None:
                return Mention(tuple(range(start, end)), label)
    return None


def _label(phrase: str, category: Mapping[str, int]) -> int | None:
    exact = (label for name, label in category.items() if plain(name) == plain(phrase))
    either = (label for name, label in category.items() if same_noun(phrase, name))
    return next(exact, next(either, None))


def _last_sharing(word: str, category: Mapping[str, int]) -> int:
    label = UNKNOWN
    for name, value in category.items():
        if any(_published_lemma(part) == _published_lemma(word) for part in name.split()):
            label = value
    return label


def _published_lemma(word: str) -> str:
    return word.lower().replace("-", "").removesuffix("s")
