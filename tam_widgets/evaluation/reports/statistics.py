"""Pooled metrics of many samples, their intervals, and tests of differences.

Samples, not words, are drawn: words of one answer are not independent of each other. Draws are
weights of the samples' sums, one matrix product for all of them: SciPy's `permutation_test` copies
every sample of every draw, which takes longer, and its `bootstrap` has no interval where a draw
holds no object.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tam_widgets.errors import EvaluationError
from tam_widgets.evaluation.measures.faithfulness import FAITHFULNESS

Floats = NDArray[np.float64]

LEVEL = 0.95
BOOTSTRAP_DRAWS = 2_000
PERMUTATIONS = 10_000
SEED = 0
_CHUNK = 250
_TIE = 1e-12


@dataclass(frozen=True)
class Totals:
    """Sums over the words of each sample.

    Attributes:
        objects: Number of objects, [samples].
        function_words: Number of function words, [samples].
        iou: Sum over objects, [samples].
        precision: Sum over objects, [samples].
        recall: Sum over objects, [samples].
        below_threshold: Sum over function words, [samples].
        checked: Number of words with each measure of `FAITHFULNESS`, [samples, measures].
        faithfulness: Sum over these words, [samples, measures].
    """

    objects: Floats
    function_words: Floats
    iou: Floats
    precision: Floats
    recall: Floats
    below_threshold: Floats
    checked: Floats
    faithfulness: Floats

    def __len__(self) -> int:
        return len(self.objects)

    def pooled(self, weights: Floats) -> dict[str, Floats]:
        """Means over all words.

        Args:
            weights: How often each sample counts, [draws, samples].

        Returns:
            ``obj_iou``, ``func_iou``, ``f1_iou``, ``precision``, ``recall`` and those of
            `FAITHFULNESS`, [draws] each; NaN if there is nothing to average.
        """
        objects, functions = weights @ self.objects, weights @ self.function_words
        obj = _share(weights @ self.iou, objects)
        func = _share(weights @ self.below_threshold, functions)
        checks = _share(weights @ self.faithfulness, weights @ self.checked)
        return {
            "obj_iou": obj,
            "func_iou": func,
            "f1_iou": f1(obj, func),
            "precision": _share(weights @ self.precision, objects),
            "recall": _share(weights @ self.recall, objects),
            **dict(zip(FAITHFULNESS, checks.T, strict=True)),
        }

    def means(self) -> dict[str, float]:
        """The pooled means of all samples, each counted once."""
        pooled = self.pooled(np.ones((1, len(self))))
        return {name: float(values[0]) for name, values in pooled.items()}


@dataclass(frozen=True)
class Difference:
    """The difference of two models or methods on the same samples.

    Attributes:
        measure: What is compared.
        first: Value of the first.
        second: Value of the second.
        difference: Second less first.
        low: Lower end of the difference's 95 % bootstrap interval.
        high: Its upper end.
        p: Two-sided p-value of the paired permutation test.
        samples: Number of samples that both were measured on.
    """

    measure: str
    first: float
    second: float
    difference: float
    low: float
    high: float
    p: float
    samples: int


def f1(obj: Floats, func: Floats) -> Floats:
    """Harmonic means; 0 if both are 0."""
    return _share(2 * obj * func, obj + func, empty=0.0)


def intervals(totals: Totals) -> dict[str, tuple[float, float]]:
    """95 % percentile bootstrap intervals of the pooled metrics; samples are drawn."""
    drawn = [totals.pooled(weights) for weights in _bootstrap(len(totals))]
    found = {}
    for name in drawn[0]:
        low, high = _ends(np.concatenate([draw[name] for draw in drawn]))
        found[name] = (low, high)
    return found


def paired_difference(first: Totals, second: Totals, measure: str = "f1_iou") -> Difference:
    """Compares two models or methods on the same samples.

    The permutation test swaps the two within samples at random: its p-value is the share of swaps
    (the observed one among them) with a difference at least as large.

    Args:
        first: Totals of one method or model.
        second: Of the other, the same samples in the same order.
        measure: ``"f1_iou"``, ``"obj_iou"``, ``"func_iou"``, ``"precision"``, ``"recall"``, or one
            of `FAITHFULNESS`.

    Raises:
        EvaluationError: There are no samples, their numbers differ, or there is no such measure.
    """
    if len(first) != len(second) or len(first) == 0:
        raise EvaluationError(
            f"{len(first)} and {len(second)} samples: give totals of the same samples, one or more"
        )
    a, b = first.means(), second.means()
    if measure not in a:
        raise EvaluationError(f"measure {measure!r}: give one of {', '.join(a)}")
    observed = b[measure] - a[measure]
    spread = np.concatenate(
        [second.pooled(w)[measure] - first.pooled(w)[measure] for w in _bootstrap(len(first))]
    )
    low, high = _ends(spread)
    p = _permutation_p(first, second, measure, observed)
    return Difference(measure, a[measure], b[measure], observed, low, high, p, len(first))


def _permutation_p(first: Totals, second: Totals, measure: str, observed: float) -> float:
    if np.isnan(observed):
        return float("nan")
    both = Totals(
        *(np.concatenate(pair) for pair in zip(_columns(first), _columns(second), strict=True))
    )
    extreme = 1
    for swap in _swaps(len(first)):
        one = both.pooled(np.hstack([1 - swap, swap]))[measure]
        other = both.pooled(np.hstack([swap, 1 - swap]))[measure]
        extreme += int(np.count_nonzero(np.abs(other - one) >= abs(observed) - _TIE))
    return extreme / (PERMUTATIONS + 1)


def _columns(totals: Totals) -> Sequence[Floats]:
    return [getattr(totals, name) for name in Totals.__dataclass_fields__]


def _bootstrap(samples: int) -> Iterator[Floats]:
    rng = np.random.default_rng(SEED)
    for _ in range(BOOTSTRAP_DRAWS // _CHUNK):
        yield rng.multinomial(samples, np.full(samples, 1 / samples), _CHUNK).astype(float)


def _swaps(samples: int) -> Iterator[Floats]:
    rng = np.random.default_rng(SEED)
    for _ in range(PERMUTATIONS // _CHUNK):
        yield rng.integers(0, 2, (_CHUNK, samples)).astype(float)


def _ends(values: Floats) -> tuple[float, float]:
    known = values[~np.isnan(values)]
    if not len(known):
        return float("nan"), float("nan")
    low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def _share(part: Floats, whole: Floats, empty: float = np.nan) -> Floats:
    filled = np.where(np.isnan(whole), np.nan, empty)
    return np.divide(part, whole, out=filled, where=whole > 0)
