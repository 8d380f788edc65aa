"""EAGLE's search, where the best order is known; and its regions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image

from tam_widgets.methods.eagle import cell_regions, eagle, passes

from .answers import MadeAnswer, brightness, frozen_answer, silent

WEIGHTS = np.random.default_rng(0).permutation(16) / 200


def additive(pictures: Sequence[Image.Image], token: int) -> float:
    """Each cell adds its own weight; the other token's weights are in reverse order."""
    weights = WEIGHTS if token == 5 else WEIGHTS[::-1]
    return float(0.1 + (brightness(pictures).ravel() * weights).sum())


def test_values_are_the_sums_of_what_is_left_to_gain() -> None:
    frozen = MadeAnswer(additive)
    found = eagle(frozen, [5, 6], regions=16, progress=silent)
    gains = 2 * WEIGHTS  # shown in one picture, hidden in the other
    expected = np.array([gains[gains <= own].sum() for own in gains])
    np.testing.assert_allclose(found, [expected, expected[::-1]], atol=1e-9)
    assert frozen.asked == sum(passes(frozen, 2, regions=16))


def test_a_pair_that_counts_only_together_is_found_by_what_it_hides() -> None:
    def probability(pictures: Sequence[Image.Image], _token: int) -> float:
        seen = brightness(pictures)
        return float(0.05 + 0.9 * min(seen[0, 0], seen[2, 3]))

    (found,) = eagle(MadeAnswer(probability), [5], regions=16, progress=silent)
    assert set(np.argsort(found)[-2:]) == {0, 11}
    np.testing.assert_allclose(np.delete(found, [0, 11]), 0, atol=1e-9)


@pytest.mark.parametrize("count", [1, 5, 12])
def test_regions_divide_all_cells(count: int) -> None:
    frozen, _ = frozen_answer("qwen2_vl")
    found = cell_regions(frozen, count)
    assert len(found) == len(frozen.cells)
    assert 1 <= len(np.unique(found)) <= count
    np.testing.assert_array_equal(np.unique(found), np.arange(found.max() + 1))


def test_regions_follow_colour_and_place() -> None:
    frozen = MadeAnswer(additive)
    halves = Image.new("RGB", (16, 16))
    halves.paste((255, 0, 0), (0, 0, 4, 16))
    frozen.pictures = (halves,)
    found = cell_regions(frozen, 4).reshape(4, 4)
    assert not set(found[:, 0]) & set(found[:, 1:].ravel())
    for region in np.unique(found):
        rows, cols = np.nonzero(found == region)
        assert np.ptp(rows) + np.ptp(cols) <= 5
