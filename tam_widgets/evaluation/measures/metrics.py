"""Obj-IoU, Func-IoU and F1-IoU: how plausible the maps of an answer are (TAM, arXiv 2506.23270).

A word for an object should light up that object (Obj-IoU); a word such as "the" should light up
nothing (Func-IoU). F1-IoU is the harmonic mean of the two.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tam_widgets.errors import EvaluationError
from tam_widgets.evaluation.measures.inputs import MetricInputs, checked_inputs
from tam_widgets.evaluation.measures.overlap import Overlap, foreground, harmonic_mean, overlap
from tam_widgets.evaluation.words.categories import (
    Lemma,
    Mention,
    find_mentions,
    published_mentions,
    word_labels,
)
from tam_widgets.evaluation.words.parts_of_speech import default_parts_of_speech

Compat = Literal["reference"] | None


@dataclass(frozen=True)
class Region:
    """A noun of the answer with what its map covers.

    Attributes:
        mention: Which words, and the label that they name (-1: no category).
        threshold: Otsu's threshold of its map, 0..255; of several pieces, the largest.
        overlap: With the mask; of several pieces, the one with the best IoU. None if the mask does
            not have that label.
    """

    mention: Mention
    threshold: float
    overlap: Overlap | None


@dataclass(frozen=True)
class Scores:
    """The metrics of one answer. Values are in 0..1; larger is better.

    Attributes:
        obj_iou: One per object that is named and that the mask contains, in reading order.
        precision: Share of the map's foreground that lies on the object, for the same objects.
        recall: Share of the object that the map's foreground covers, for the same objects.
        func_iou: One per function word: the share of its map below the nouns' mean threshold. Empty
            if the answer has no noun, since there is no threshold then.
        labels: One per word: that of its category, -1 for a noun without one, 0 for other words.
        regions: Every noun, also those without a label or a place in the mask.
        objects: Which regions `obj_iou`, `precision` and `recall` belong to.
        function_words: Which words `func_iou` belongs to.
        threshold: The mean of the nouns' thresholds, 0..255; None without nouns.
    """

    obj_iou: tuple[float, ...]
    precision: tuple[float, ...]
    recall: tuple[float, ...]
    func_iou: tuple[float, ...]
    labels: tuple[int, ...]
    regions: tuple[Region, ...]
    objects: tuple[int, ...]
    function_words: tuple[int, ...]
    threshold: float | None


@dataclass(frozen=True)
class Summary:
    """The metrics over many answers: means over all objects and over all function words.

    Attributes:
        obj_iou: Mean over objects, 0..1; NaN if there is none.
        func_iou: Mean over function words, 0..1; NaN if there is none.
        f1_iou: Harmonic mean of the two.
        precision: Mean over objects.
        recall: Mean over objects.
        samples: Number of answers.
        objects: Number of objects in the mean.
        function_words: Number of function words in the mean.
        absent: Number of objects that are named but not in the mask; they are not in the means.
        without_objects: Number of answers without an object in the mean.
    """

    obj_iou: float
    func_iou: float
    f1_iou: float
    precision: float
    recall: float
    samples: int
    objects: int
    function_words: int
    absent: int
    without_objects: int


def score_maps(
    maps: ArrayLike,
    words: Sequence[str],
    token_groups: Sequence[Sequence[int]],
    mask: ArrayLike | None,
    category: Mapping[str, int],
    parts_of_speech: Sequence[str] | None = None,
    compat: Compat = None,
    lemma: Lemma | None = None,
) -> Scores:
    """Measures the maps of one answer against a labelled mask.

    Args:
        maps: [tokens, h, w], uint8 (0..255) or floating (0..1, cut to 255 steps as they are shown).
        words: The words of the answer, in order.
        token_groups: The pieces of each word, as indices into `maps`.
        mask: [height, width], integer labels; 0 is background. None: nothing is labelled.
        category: Label, from 1 on, of each category name.
        parts_of_speech: ``"noun"``, ``"function"`` or ``"others"`` for each word. None: words that
            name a category are nouns, and English closed-class words are function words.
        compat: ``"reference"`` gives the values of the published evaluation, with its faults: "dog"
            counts as "hot dog" if that category comes later, a compound is matched word by word and
            merged afterwards (also with an unrelated object before it if the mask does not have its
            label), and an empty foreground has precision NaN.
        lemma: Gives a noun's dictionary form, for matching words to categories.

    Returns:
        The scores, one per object and one per function word.

    Raises:
        EvaluationError: The arguments are inconsistent; the message says which, and how to mend
            them.
        MissingExtraError: OpenCV is not installed (extra ``eval``).
    """
    inputs = checked_inputs(maps, words, token_groups, mask, category, parts_of_speech, compat)
    published = compat == "reference"
    mentions = (published_mentions if published else find_mentions)(
        words, parts_of_speech, category, lemma
    )
    labels = word_labels(mentions, len(words))
    regions = [_region(inputs, mention, math.nan if published else 0.0) for mention in mentions]
    objects = _merged_as_published(regions, labels) if published else _objects(regions)
    threshold = _mean(region.threshold for region in regions) if regions else None
    below_threshold = _function_words(
        inputs, parts_of_speech or default_parts_of_speech(words, labels), threshold
    )
    return Scores(
        obj_iou=tuple(o.iou for o in _overlaps(regions, objects)),
        precision=tuple(o.precision for o in _overlaps(regions, objects)),
        recall=tuple(o.recall for o in _overlaps(regions, objects)),
        func_iou=tuple(below_threshold.values()),
        labels=labels,
        regions=tuple(regions),
        objects=tuple(objects),
        function_words=tuple(below_threshold),
        threshold=threshold,
    )


def aggregate(scores: Iterable[Scores]) -> Summary:
    """Averages over answers; all objects, and all function words, count the same.

    Raises:
        EvaluationError: There are no scores.
    """
    every = list(scores)
    if not every:
        raise EvaluationError("no scores to average: evaluate at least one answer first")
    obj_iou = _mean(v for s in every for v in s.obj_iou)
    func_iou = _mean(v for s in every for v in s.func_iou)
    return Summary(
        obj_iou=obj_iou,
        func_iou=func_iou,
        f1_iou=harmonic_mean(obj_iou, func_iou),
        precision=_mean(v for s in every for v in s.precision),
        recall=_mean(v for s in every for v in s.recall),
        samples=len(every),
        objects=sum(len(s.obj_iou) for s in every),
        function_words=sum(len(s.func_iou) for s in every),
        absent=sum(_is_absent(region) for s in every for region in s.regions),
        without_objects=sum(not s.obj_iou for s in every),
    )


def _region(inputs: MetricInputs, mention: Mention, empty: float) -> Region:
    truth = inputs.mask == mention.label
    labelled = mention.label > 0 and bool(truth.any())
    thresholds, overlaps = [], []
    for piece in (p for word in mention.words for p in inputs.token_groups[word]):
        threshold, predicted = foreground(inputs.maps[piece], *truth.shape)
        thresholds.append(threshold)
        if labelled:
            overlaps.append(overlap(predicted, truth, empty))
    best = max(overlaps, key=lambda o: o.iou, default=None)
    return Region(mention, max(thresholds), best)


def _objects(regions: Sequence[Region]) -> list[int]:
    return [i for i, region in enumerate(regions) if region.overlap is not None]


def _overlaps(regions: Sequence[Region], objects: Sequence[int]) -> list[Overlap]:
    return [o for i in objects if (o := regions[i].overlap) is not None]


def _merged_as_published(regions: Sequence[Region], labels: Sequence[int]) -> list[int]:
    """Keeps the better of the last two values wherever two neighbouring words have one label.

    The last two need not belong to these words: if the mask lacks the label, they are older ones.
    """
    iou = [region.overlap.iou if region.overlap is not None else 0.0 for region in regions]
    kept: list[int] = []
    for i, region in enumerate(regions):
        if region.mention.label > 0:
            kept += [i] if region.overlap is not None else []
            (word,) = region.mention.words
            if len(kept) > 1 and labels[word - 1] == labels[word]:
                kept[-2:] = [max(kept[-2:], key=iou.__getitem__)]
    return kept


def _function_words(
    inputs: MetricInputs, parts_of_speech: Sequence[str], threshold: float | None
) -> dict[int, float]:
    if threshold is None:
        return {}
    return {
        i: _mean(_share_below(inputs.maps[piece], threshold) for piece in group)
        for i, group in enumerate(inputs.token_groups)
        if parts_of_speech[i] == "function"
    }


def _share_below(heatmap: NDArray[np.uint8], threshold: float) -> float:
    return int(np.count_nonzero(heatmap < threshold)) / heatmap.size


def _is_absent(region: Region) -> bool:
    return region.mention.label > 0 and region.overlap is None


def _mean(values: Iterable[float]) -> float:
    every = list(values)
    return sum(every) / len(every) if every else math.nan
