"""What the gallery lists of each sample: scores, signatures, nouns, and the worst of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, NotRequired, TypedDict

from msgspec import Meta

from tam_widgets.evaluation.measures.signatures import SIGNATURES, signatures_of
from tam_widgets.evaluation.reports.frames import noun_rows, sample_scores
from tam_widgets.evaluation.storage.schema import Count, Json, Share

if TYPE_CHECKING:
    from tam_widgets.evaluation.reports.sides import Side

VERSION = 1
SCORES = {
    "f1_iou": "F1-IoU",
    "obj_iou": "Obj-IoU",
    "func_iou": "Func-IoU",
    "precision": "Precision",
    "recall": "Recall",
    "rouge_l": "ROUGE-L",
    "meteor": "METEOR",
}
"""Scores by which cases are sorted, with their names as shown."""

_SIGNATURES = [signature.name for signature in SIGNATURES]
_HALLUCINATED = "object hallucinated"


class Case(TypedDict):
    """What `case_of` gives, with the sample's id and number; a kept one is checked by it."""

    id: str
    number: Count
    s: Annotated[list[Share | None], Meta(min_length=len(SCORES), max_length=len(SCORES))]
    g: list[Annotated[int, Meta(ge=0, lt=len(_SIGNATURES))]]
    w: list[tuple[str, str | None, Share | None]]
    k: Annotated[int, Meta(ge=-1)]
    m: list[str]
    e: NotRequired[str]


def case_of(record: Json, method: str) -> Json:
    """One sample under one method.

    Returns:
        ``s``: the scores, None where there is none; ``g``: indices of the signatures; ``w``: text,
        category and IoU of each noun; ``k``: index of the worst, -1 without nouns; ``m``: missed
        categories; ``e``: why it could not be measured, where it could not.
    """
    if record.get("error"):
        empty: Json = {"s": [None] * len(SCORES), "g": [], "w": [], "k": -1, "m": []}
        return empty | {"e": record["error"]["message"]}
    words = record["methods"][method]
    found = signatures_of(record, words)
    scores = sample_scores(record, words)
    nouns = [words[i] for i in noun_rows(words)]
    return {
        "s": [rounded(scores[name]) for name in SCORES],
        "g": [_SIGNATURES.index(name) for name in found],
        "w": [[noun["text"], noun["category"], rounded(noun["iou"])] for noun in nouns],
        "k": _worst(nouns, found.get(_HALLUCINATED, ())),
        "m": record["missed"],
    }


def paired(sides: Sequence[Side]) -> Json:
    """Pairs the samples of one or two sides by their ids: all that the gallery lists.

    Cases come in the order of the first side's data set, then those that only the second has.

    Raises:
        EvaluationError: Two samples of a side have one id.
    """
    listed = [side.cases for side in sides]
    names = sorted({name for cases in listed for case in cases.values() for name in _names(case)})
    index = {name: i for i, name in enumerate(names)}
    ids = dict.fromkeys(sample for cases in listed for sample in cases)
    return {
        "version": VERSION,
        "dataset": sides[0].report.settings["dataset"]["name"],
        "scores": [{"name": name, "label": label} for name, label in SCORES.items()],
        "signatures": [{"name": s.name, "meaning": s.meaning} for s in SIGNATURES],
        "categories": names,
        "sides": [_facts(side, title) for side, title in zip(sides, titles(sides), strict=True)],
        "cases": [
            {"id": sample, "sides": [_indexed(cases.get(sample), index) for cases in listed]}
            for sample in ids
        ],
    }


def titles(sides: Sequence[Side]) -> list[str]:
    """Names that tell sides apart: model and method, and the folder where these are equal."""
    short = [f"{side.model}, {side.method}" for side in sides]
    if len(set(short)) == len(short):
        return short
    return [f"{name} ({side.report.folder.name})" for name, side in zip(short, sides, strict=True)]


def twin(noun: tuple[str, Any], nouns: Sequence[tuple[str, Any]]) -> int | None:
    """Index of the noun of another answer that shows the same: the same word, or its category.

    Args:
        noun: Text and category; a category is None or -1 where there is none.
        nouns: Those of the other answer.
    """
    text, category = noun[0].lower(), noun[1]
    same = (i for i, (other, _) in enumerate(nouns) if other.lower() == text)
    named = category not in (None, -1)
    akin = (i for i, (_, other) in enumerate(nouns) if named and other == category)
    return next(same, next(akin, None))


def rounded(value: float | None) -> float | None:
    """To four digits; None for NaN and infinities, which JSON does not know."""
    return None if value is None or not math.isfinite(value) else round(value, 4)


def _worst(nouns: Sequence[Mapping[str, Any]], hallucinated: Sequence[str]) -> int:
    """The noun that scored lowest; else one that is hallucinated; else the first; else -1."""
    scored = [i for i, noun in enumerate(nouns) if noun["iou"] is not None]
    if scored:
        return min(scored, key=lambda i: nouns[i]["iou"])
    doubtful = (i for i, noun in enumerate(nouns) if noun["text"] in hallucinated)
    return next(doubtful, 0 if nouns else -1)


def _names(case: Json) -> list[str]:
    return [*case["m"], *(name for _, name, _ in case["w"] if name is not None)]


def _indexed(case: Json | None, index: Mapping[str, int]) -> Json | None:
    if case is None:
        return None
    listed = {key: value for key, value in case.items() if key != "number"}
    words = [[text, index.get(name, -1), iou] for text, name, iou in case["w"]]
    return listed | {"w": words, "m": [index[name] for name in case["m"]]}


def _facts(side: Side, title: str) -> Json:
    return {
        "title": title,
        "model": side.model,
        "method": side.method,
        "models": side.report.models,
        "methods": side.report.methods,
        "summary": side.summary,
    }
