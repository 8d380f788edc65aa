"""The outcome of every word of an answer: what it scored, or why it was left out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tam_widgets.evaluation.measures.metrics import Region, Scores
from tam_widgets.evaluation.words.categories import Lemma, find_mentions
from tam_widgets.evaluation.words.parts_of_speech import PartOfSpeech

NO_CATEGORY = "names no category of the data set"
ABSENT = "names a category that the picture does not show"
NOT_SEEN = "names an object outside of what the model saw"
MERGED = "merged into a neighbouring word of the same category"
NOT_TAGGED_NOUN = "names a category, but is tagged as no noun"
NO_THRESHOLD = "function word of an answer without nouns"
OTHER_KIND = "neither noun nor function word"


@dataclass(frozen=True)
class WordOutcome:
    """A word, or a compound that names one category, with its scores or the reason for none.

    Attributes:
        text: As written.
        words: Indices of its words.
        part_of_speech: ``"noun"``, ``"function"`` or ``"others"``.
        category: Name of the category that it names, if any.
        iou: With the object, 0..1, if it counts in Obj-IoU.
        precision: Pixel precision, likewise.
        recall: Pixel recall, likewise.
        below_threshold: Share of its map below the nouns' threshold, 0..1, if it counts in
            Func-IoU.
        threshold: A noun's Otsu threshold, 0..255.
        skipped: Why it counts in neither; None if it counts in one.
    """

    text: str
    words: tuple[int, ...]
    part_of_speech: PartOfSpeech
    category: str | None = None
    iou: float | None = None
    precision: float | None = None
    recall: float | None = None
    below_threshold: float | None = None
    threshold: float | None = None
    skipped: str | None = None


def outcomes_of(
    scores: Scores,
    words: Sequence[str],
    parts_of_speech: Sequence[PartOfSpeech],
    category: Mapping[str, int],
    shown: Collection[int],
    lemma: Lemma | None = None,
) -> list[WordOutcome]:
    """The outcome of every word, in reading order.

    Args:
        scores: Of the answer.
        words: Its words.
        parts_of_speech: One for each word, as the scores were made with.
        category: Label of each category name.
        shown: Labels of the whole mask, also outside of what the model saw.
        lemma: As the scores were made with.
    """
    names = {label: name for name, label in category.items()}
    missed = dict(_heads(words, parts_of_speech, category, lemma))
    nouns = {r.mention.words[0]: (i, r) for i, r in enumerate(scores.regions)}
    inner = {i for r in scores.regions for i in r.mention.words[1:]}
    shares = dict(zip(scores.function_words, scores.func_iou, strict=True))
    found = []
    for i, word in enumerate(words):
        if i in nouns:
            found.append(_noun(scores, *nouns[i], words, names, shown))
        elif parts_of_speech[i] == "function":
            why_not = None if i in shares else NO_THRESHOLD
            share = shares.get(i)
            found.append(
                WordOutcome(word, (i,), "function", below_threshold=share, skipped=why_not)
            )
        elif i not in inner:
            why = NOT_TAGGED_NOUN if i in missed else OTHER_KIND
            name = names.get(missed.get(i, 0))
            found.append(WordOutcome(word, (i,), parts_of_speech[i], category=name, skipped=why))
    return found


def _noun(
    scores: Scores,
    number: int,
    region: Region,
    words: Sequence[str],
    names: Mapping[int, str],
    shown: Collection[int],
) -> WordOutcome:
    mention, overlap = region.mention, region.overlap
    entered = number in scores.objects
    return WordOutcome(
        text=" ".join(words[i] for i in mention.words),
        words=mention.words,
        part_of_speech="noun",
        category=names.get(mention.label),
        iou=overlap.iou if entered and overlap else None,
        precision=overlap.precision if entered and overlap else None,
        recall=overlap.recall if entered and overlap else None,
        threshold=region.threshold,
        skipped=None if entered else _why(region, shown),
    )


def _why(region: Region, shown: Collection[int]) -> str:
    if region.mention.label <= 0:
        return NO_CATEGORY
    if region.overlap is not None:
        return MERGED
    return NOT_SEEN if region.mention.label in shown else ABSENT


def _heads(
    words: Sequence[str],
    parts_of_speech: Sequence[PartOfSpeech],
    category: Mapping[str, int],
    lemma: Lemma | None,
) -> Iterator[tuple[int, int]]:
    """Last words of category names that are not tagged as nouns, with the label."""
    for mention in find_mentions(words, None, category, lemma):
        head = mention.words[-1]
        if parts_of_speech[head] == "others":
            yield head, mention.label
