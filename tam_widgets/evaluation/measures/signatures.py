"""Failure signatures: what failed samples look like, each with its definition and source."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

from tam_widgets.evaluation.measures.word_outcomes import ABSENT, NO_CATEGORY, NOT_SEEN

Row = Mapping[str, Any]
Find = Callable[[Row, Sequence[Row], float], list[str]]

LOW_OBJ_IOU = 0.2
HIGH_FUNC_IOU = 0.9
MANY_PARTS = 4
SMALL_PART = 0.5
WEAK = 0.5
MOSTLY_BESIDE = 0.5
TEXT_OUTWEIGHS = 0.5
WEAKEST = 0.2
"""Largest share of a run's samples that can be text-driven."""
SHOWN = 1 / 255
"""Maps are measured in 256 steps; values below the first are lost."""

_TAM = "TAM, arXiv 2506.23270"
_CHAIR = "CHAIR: Rohrbach et al., Object Hallucination in Image Captioning, EMNLP 2018"


@dataclass(frozen=True)
class Signature:
    """A kind of failure.

    Attributes:
        name: Short name, the same in reports and views.
        meaning: Its definition, with the limits that the code uses.
        source: Where the idea comes from. Limits are this package's own.
        find: Finds the words or categories that show it in a sample's record and the rows of one
            method, given the run's `text_limit`; none if it does not hold.
    """

    name: str
    meaning: str
    source: str
    find: Find


def signatures_of(
    sample: Row, words: Sequence[Row], limit: float = TEXT_OUTWEIGHS
) -> dict[str, list[str]]:
    """The signatures that a sample shows under one method, with the words concerned.

    Args:
        sample: A record as `scoring.score_sample` makes it.
        words: Its rows of one method.
        limit: The `text_limit` of its run.
    """
    found = {signature.name: signature.find(sample, words, limit) for signature in SIGNATURES}
    return {name: concerned for name, concerned in found.items() if concerned}


def text_limit(samples: Iterable[Sequence[Row]]) -> float:
    """The share of the scale under which a noun's map counts as driven by text in a run.

    How strong maps are beside text depends on the model and the prompt: one limit for all runs
    would hold on most samples of some. So it is lowered until at most `WEAKEST` of the samples have
    a noun whose map stays under it.

    Args:
        samples: The rows of one method, of every measured sample of the run.
    """
    every = list(samples)
    weakest = sorted(min(peaks) for words in every if (peaks := _peaks(words)))
    allowed = math.ceil(WEAKEST * len(every))
    return min([TEXT_OUTWEIGHS, *weakest[allowed : allowed + 1]])


def _peaks(words: Sequence[Row]) -> list[float]:
    """Those of maps that are not empty."""
    return [row["peak"] for row in _nouns(words) if row["peak"] >= SHOWN]


def _collapse(_: Row, words: Sequence[Row], __: float) -> list[str]:
    objects = [row for row in words if row["iou"] is not None]
    shares = [row["below_threshold"] for row in words if row["below_threshold"] is not None]
    if not objects or not shares or fmean(shares) < HIGH_FUNC_IOU:
        return []
    low = fmean(row["iou"] for row in objects) < LOW_OBJ_IOU
    return [row["text"] for row in objects] if low else []


def _scattered(_: Row, words: Sequence[Row], __: float) -> list[str]:
    return [
        row["text"]
        for row in _nouns(words)
        if row["parts"] >= MANY_PARTS and row["largest_part"] < SMALL_PART
    ]


def _empty(_: Row, words: Sequence[Row], __: float) -> list[str]:
    return [r["text"] for r in _nouns(words) if r["peak"] < SHOWN and (r["activation"] or 0) > 0]


def _missed(sample: Row, _: Sequence[Row], __: float) -> list[str]:
    return list(sample["missed"])


def _hallucinated(_: Row, words: Sequence[Row], __: float) -> list[str]:
    nouns = _nouns(words)
    known = [row["activation"] for row in nouns if row["activation"] is not None]
    usual = median(known) if known else 0.0
    return [
        row["text"]
        for row in nouns
        if row["skipped"] == ABSENT
        or (row["skipped"] == NO_CATEGORY and (row["activation"] or 0.0) < WEAK * usual)
    ]


def _outside(_: Row, words: Sequence[Row], __: float) -> list[str]:
    return [
        row["text"]
        for row in _nouns(words)
        if row["skipped"] == NOT_SEEN or row["beside"] > MOSTLY_BESIDE
    ]


def _text_driven(_: Row, words: Sequence[Row], limit: float) -> list[str]:
    return [row["text"] for row in _nouns(words) if SHOWN <= row["peak"] < limit]


def _nouns(words: Sequence[Row]) -> list[Row]:
    return [row for row in words if row["part_of_speech"] == "noun"]


SIGNATURES = (
    Signature(
        "background collapse",
        "The maps are quiet everywhere, also on objects: mean Obj-IoU under "
        f"{LOW_OBJ_IOU} while mean Func-IoU is at least {HIGH_FUNC_IOU}.",
        f"{_TAM}: the reason why F1-IoU joins the two",
        _collapse,
    ),
    Signature(
        "scattered noise",
        f"A noun's foreground (above its Otsu threshold) falls into at least {MANY_PARTS} parts "
        f"on the grid, and the largest holds less than {SMALL_PART:.0%} of it.",
        f"{_TAM}: what the rank Gaussian filter should remove",
        _scattered,
    ),
    Signature(
        "empty after ECI",
        "A noun has raw activation, and less than 1/255 of the scale is left of it once "
        "interference is subtracted: its map is empty as it is measured.",
        f"{_TAM}: the residual of the estimated causal inference, all 0",
        _empty,
    ),
    Signature(
        "object missed",
        "A category that the model saw in the picture is not named in the answer.",
        f"recall of objects, the counterpart of {_CHAIR}",
        _missed,
    ),
    Signature(
        "object hallucinated",
        "A noun names a category that the picture does not show; or, where it names none, so that "
        f"the mask cannot tell, its largest raw activation is under {WEAK:.0%} of the median of "
        "the answer's nouns.",
        f"{_CHAIR}; weak support is this package's own",
        _hallucinated,
    ),
    Signature(
        "outside of what the model saw",
        "A noun names an object that lies wholly beside the crop that the model saw, or more than "
        f"{MOSTLY_BESIDE:.0%} of its map's weight lies on padding beside the picture.",
        "this package's geometry: LLaVA-1.5 sees the central square only",
        _outside,
    ),
    Signature(
        "text-driven",
        "The text says more than the picture: some earlier text counts more than twice as much for "
        "a noun as any place of the picture does (map and text normalised together, the map stays "
        f"under {TEXT_OUTWEIGHS}), and the "
        f"sample is among the {WEAKEST:.0%} of its run that have the weakest maps.",
        f"{_TAM}: joint normalisation of map and text relevance",
        _text_driven,
    ),
)
"""Every signature, in the order in which reports list them."""
