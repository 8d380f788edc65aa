"""Pooled metrics, intervals and the paired test."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from tam_widgets.errors import EvaluationError
from tam_widgets.evaluation.measures.faithfulness import FAITHFULNESS
from tam_widgets.evaluation.reports.statistics import Totals, intervals, paired_difference


def made(iou: np.ndarray, below_threshold: np.ndarray) -> Totals:
    """One object and one function word a sample."""
    ones = np.ones(len(iou))
    return Totals(ones, ones, iou, iou, iou, below_threshold, *unchecked(len(iou)))


def unchecked(samples: int) -> tuple[np.ndarray, np.ndarray]:
    """Samples without words whose faithfulness was checked."""
    zeros = np.zeros((samples, len(FAITHFULNESS)))
    return zeros, zeros


def noisy(seed: int, shift: float = 0.0, samples: int = 60) -> Totals:
    rng = np.random.default_rng(seed)
    return made(0.5 + shift + 0.1 * rng.standard_normal(samples), np.full(samples, 0.9))


def test_words_are_pooled_not_samples() -> None:
    totals = Totals(
        *(np.array(c, float) for c in ([3, 1], [1, 1], [3, 0], [3, 0], [1.5, 0], [1, 0])),
        *unchecked(2),
    )
    means = totals.means()
    assert means["obj_iou"] == 0.75
    assert means["func_iou"] == 0.5
    assert means["f1_iou"] == pytest.approx(0.6)
    assert means["recall"] == 0.375


def test_without_words_there_is_no_value() -> None:
    empty = Totals(*(np.zeros(2) for _ in range(6)), *unchecked(2))
    assert all(np.isnan(value) for value in empty.means().values())
    assert np.isnan(intervals(empty)["f1_iou"]).all()


def test_faithfulness_is_pooled_over_the_words_that_were_checked() -> None:
    samples = 30
    rng = np.random.default_rng(0)
    number = FAITHFULNESS.index("deletion")
    checked, sums = (array.copy() for array in unchecked(samples))
    checked[:, number] = rng.integers(0, 4, samples)
    words = [rng.random(int(count)) for count in checked[:, number]]
    sums[:, number] = [one.sum() for one in words]
    totals = Totals(*(np.ones(samples) for _ in range(6)), checked, sums)
    means, ends = totals.means(), intervals(totals)
    assert means["deletion"] == pytest.approx(np.concatenate(words).mean())
    assert ends["deletion"][0] < means["deletion"] < ends["deletion"][1]
    assert np.isnan(means["insertion"])
    less = Totals(*(np.ones(samples) for _ in range(6)), checked, sums * 0.5)
    found = paired_difference(totals, less, "deletion")
    assert found.difference == pytest.approx(-means["deletion"] / 2)
    assert found.p < 0.001


def test_intervals_hold_the_mean_and_narrow_with_samples() -> None:
    few, many = noisy(0, samples=20), noisy(0, samples=2000)
    low, high = intervals(few)["obj_iou"]
    assert low < few.means()["obj_iou"] < high
    narrow = np.diff(intervals(many)["obj_iou"])[0]
    # the interval of a mean of n values of deviation 0.1 is about 4 · 0.1 / √n wide
    assert narrow == pytest.approx(4 * 0.1 / np.sqrt(2000), rel=0.15)
    assert narrow < high - low


def test_intervals_are_the_same_every_time() -> None:
    np.testing.assert_equal(intervals(noisy(1)), intervals(noisy(1)))


def test_intervals_and_p_are_those_of_scipy() -> None:
    first, second = noisy(1, samples=40), noisy(2, 0.02, samples=40)
    low, high = stats.bootstrap(
        [first.iou], np.mean, n_resamples=4000, method="percentile", rng=np.random.default_rng(1)
    ).confidence_interval
    own_low, own_high = intervals(first)["obj_iou"]
    width = high - low
    assert abs(own_low - low) < 0.1 * width
    assert abs(own_high - high) < 0.1 * width
    expected = stats.permutation_test(
        (first.iou, second.iou),
        lambda x, y, axis: abs(y.mean(axis) - x.mean(axis)),
        permutation_type="samples",
        alternative="greater",
        n_resamples=4000,
        rng=np.random.default_rng(1),
    ).pvalue
    assert 0.05 < expected < 0.95
    assert paired_difference(first, second, "obj_iou").p == pytest.approx(expected, abs=0.03)


def test_the_same_is_not_different() -> None:
    found = paired_difference(noisy(2), noisy(2))
    assert (found.difference, found.p) == (0, 1)


def test_a_clear_difference_is_told_in_either_direction() -> None:
    ahead = paired_difference(noisy(3), noisy(4, 0.1))
    behind = paired_difference(noisy(4, 0.1), noisy(3))
    assert ahead.low > 0
    assert ahead.p < 0.001
    assert behind.difference == pytest.approx(-ahead.difference)
    assert behind.p < 0.001


def test_false_alarms_are_as_rare_as_p_says() -> None:
    ps = [paired_difference(noisy(2 * s), noisy(2 * s + 1)).p for s in range(30)]
    assert 0.2 < np.mean(ps) < 0.8
    assert np.mean(np.array(ps) < 0.05) <= 0.2


@pytest.mark.parametrize(
    ("first", "second", "measure"),
    [(3, 4, "f1_iou"), (0, 0, "f1_iou"), (3, 3, "accuracy")],
)
def test_what_cannot_be_compared_is_refused(first: int, second: int, measure: str) -> None:
    with pytest.raises(EvaluationError, match="give"):
        paired_difference(noisy(0, samples=first), noisy(1, samples=second), measure)
