"""Checks what the metrics read: an answer, its maps and its mask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tam_widgets.errors import EvaluationError
from tam_widgets.evaluation.words.parts_of_speech import PartOfSpeech


@dataclass(frozen=True)
class MetricInputs:
    """What the metrics read, in one form.

    Attributes:
        maps: [tokens, h, w], 0..255.
        mask: [height, width], labels; 0 is background.
        token_groups: The pieces of each word, as indices into `maps`.
    """

    maps: NDArray[np.uint8]
    mask: NDArray[np.integer]
    token_groups: Sequence[Sequence[int]]


def checked_inputs(
    maps: ArrayLike,
    words: Sequence[str],
    token_groups: Sequence[Sequence[int]],
    mask: ArrayLike | None,
    category: Mapping[str, int],
    parts_of_speech: Sequence[str] | None,
    compat: str | None,
) -> MetricInputs:
    """Brings arguments into one form; raises `EvaluationError` if they are inconsistent."""
    if compat not in (None, "reference"):
        raise EvaluationError(f'compat {compat!r}: give None or "reference"')
    heatmaps = as_shown(maps)
    _check_words(words, token_groups, parts_of_speech, len(heatmaps))
    _check_category(category)
    return MetricInputs(heatmaps, _labels(mask, heatmaps), token_groups)


def as_shown(maps: ArrayLike) -> NDArray[np.uint8]:
    """Converts maps to the 256 levels in which they are shown: uint8(255 · value), truncated."""
    values = np.asarray(maps)
    if values.ndim != 3 or 0 in values.shape:
        raise EvaluationError(
            f"maps of shape {values.shape}: give one map per token, [tokens, h, w], none empty"
        )
    if values.dtype == np.uint8:
        return values
    if not np.issubdtype(values.dtype, np.floating):
        raise EvaluationError(
            f"maps of type {values.dtype}: give uint8 (0..255) or floating numbers (0..1)"
        )
    if not (np.min(values) >= 0 and np.max(values) <= 1):
        raise EvaluationError(
            f"floating maps from {np.min(values)} to {np.max(values)}: give finite values in 0..1"
        )
    return np.asarray(values * 255).astype(np.uint8)


def _check_words(
    words: Sequence[str],
    groups: Sequence[Sequence[int]],
    parts_of_speech: Sequence[str] | None,
    count: int,
) -> None:
    if len(groups) != len(words) or (
        parts_of_speech is not None and len(parts_of_speech) != len(words)
    ):
        given = f"{len(words)} words, {len(groups)} token groups"
        tagged = parts_of_speech is not None
        given += f" and {len(parts_of_speech or ())} parts of speech" if tagged else ""
        raise EvaluationError(f"{given}: give one group (and one part of speech) for each word")
    for word, group in zip(words, groups, strict=True):
        if not group or min(group) < 0 or max(group) >= count:
            raise EvaluationError(
                f"pieces {list(group)} of the word {word!r}, for maps of {count} tokens: "
                f"give each word at least one index from 0 to {count - 1}"
            )
    unknown = sorted(set(parts_of_speech or ()) - set(get_args(PartOfSpeech)))
    if unknown:
        raise EvaluationError(
            f"parts of speech {unknown}: give one of {list(get_args(PartOfSpeech))}"
        )


def _check_category(category: Mapping[str, int]) -> None:
    for name, label in category.items():
        if label < 1 or not name.strip():
            raise EvaluationError(
                f"label {label} of the category {name!r}: give names that are not empty and "
                "labels from 1 on (0 is the background)"
            )


def _labels(mask: ArrayLike | None, maps: NDArray[np.uint8]) -> NDArray[np.integer]:
    if mask is None:
        return np.zeros(maps.shape[1:], dtype=np.uint8)
    labels = np.asarray(mask)
    if labels.dtype == np.bool_:
        labels = labels.astype(np.uint8)
    if labels.ndim != 2 or 0 in labels.shape or not np.issubdtype(labels.dtype, np.integer):
        raise EvaluationError(
            f"mask of shape {labels.shape} and type {labels.dtype}: "
            "give integer labels, [height, width]"
        )
    return labels
