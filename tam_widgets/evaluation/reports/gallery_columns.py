"""What the gallery has of each sample: scores, signatures, nouns, and the worst of them."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypedDict

from tam_widgets.evaluation.measures.signatures import (
    SIGNATURES,
    TEXT_OUTWEIGHS,
    signatures_of,
)
from tam_widgets.evaluation.reports.frames import sample_scores
from tam_widgets.evaluation.storage.schema import Count, Json, noun_rows
from tam_widgets.views.gallery.run import Entry

SCORES = {
    "f1_iou": "F1-IoU",
    "obj_iou": "Obj-IoU",
    "func_iou": "Func-IoU",
    "precision": "Precision",
    "recall": "Recall",
    "rouge_l": "ROUGE-L",
    "meteor": "METEOR",
}
"""Titles of the scores by which samples are sorted."""

FAITHFUL_SCORES = {
    "deletion": "Deletion",
    "insertion": "Insertion",
    "random_deletion": "Deletion at random",
    "no_image": "Without picture",
}
"""Further ones, if faithfulness was measured: means over the words that name an object."""

_SIGNATURES = [signature.name for signature in SIGNATURES]
_HALLUCINATED = "object hallucinated"


class Listed(TypedDict):
    """A sample's entry with its id and its number in the data set, as it is cached."""

    id: str
    number: Count
    entry: Entry


def listed_of(
    record: Json, method: str, scores: Collection[str] = SCORES, limit: float = TEXT_OUTWEIGHS
) -> Listed:
    """What is listed of a sample under one method.

    Args:
        record: Of the sample.
        method: Name of the method.
        scores: Names of the scores.
        limit: The run's `signatures.text_limit`.
    """
    failed = record["error"]
    entry = _unmeasured(record, scores) if failed else _measured(record, method, scores, limit)
    return {"id": record["sample"], "number": record["number"], "entry": entry}


def is_consistent(listed: Listed, samples: int, scores: Collection[str]) -> bool:
    """Whether all scores, signatures, nouns and samples that an entry refers to exist."""
    entry = listed["entry"]
    return (
        listed["number"] < samples
        and len(entry["s"]) == len(scores)
        and all(index < len(SIGNATURES) for index in entry["g"])
        and entry["k"] < len(entry["w"])
    )


def rounded(value: float | None) -> float | None:
    """A value to four digits; None for NaN and infinities, which JSON does not have."""
    return None if value is None or not math.isfinite(value) else round(value, 4)


def _unmeasured(record: Json, scores: Collection[str]) -> Entry:
    message = record["error"]["message"]
    return {"s": [None] * len(scores), "g": [], "w": [], "k": -1, "m": [], "e": message}


def _measured(record: Json, method: str, scores: Collection[str], limit: float) -> Entry:
    words = record["methods"][method]
    found = signatures_of(record, words, limit)
    values = sample_scores(record, words)
    nouns = [words[i] for i in noun_rows(words)]
    return {
        "s": [_share(rounded(values[name])) for name in scores],
        "g": [_SIGNATURES.index(name) for name in found],
        "w": [(noun["text"], noun["category"], rounded(noun["iou"])) for noun in nouns],
        "k": _worst(nouns, found.get(_HALLUCINATED, ())),
        "m": record["missed"],
    }


def _share(value: float | None) -> float | None:
    """Within 0 and 1, which normalised curves may leave by a little."""
    return None if value is None else min(max(value, 0.0), 1.0)


def _worst(nouns: Sequence[Mapping[str, Any]], hallucinated: Sequence[str]) -> int:
    """The noun that scored lowest; else one that is hallucinated; else the first; else -1."""
    scored = [i for i, noun in enumerate(nouns) if noun["iou"] is not None]
    if scored:
        return min(scored, key=lambda i: nouns[i]["iou"])
    doubtful = (i for i, noun in enumerate(nouns) if noun["text"] in hallucinated)
    return next(doubtful, 0 if nouns else -1)
