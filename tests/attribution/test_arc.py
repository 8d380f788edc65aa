"""Rank-biased overlap, and TAM whose context is weighted by it."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tam_widgets as tw
from tam_widgets.attribution import rank_biased_overlap, token_activation_maps
from tam_widgets.errors import OptionError
from tests.samples import golden_trace
from tests.views.made import explanation, with_layers


def plain(one: list[int], other: list[int], p: float) -> float:
    """The definition, depth by depth."""
    k = len(one)
    shared = [len({*one[:d]} & {*other[:d]}) for d in range(1, k + 1)]
    total = sum(x / d * p**d for d, x in enumerate(shared, 1))
    return shared[-1] / k * p**k + (1 - p) / p * total


@pytest.mark.parametrize(
    ("one", "other", "p", "expected"),
    [
        ([1, 2, 3], [1, 2, 3], 0.9, 1),
        ([1, 2, 3], [4, 5, 6], 0.9, 0),
        ([1], [1], 0.3, 1),
        ([1, 2], [2, 1], 0.5, 0.5),
        ([1, 2], [1, 3], 0.5, 0.75),  # half at depth 1, and 1/2 · (1/4 + 1/4) beyond
        ([1, 2], [3, 1], 0.5, 0.25),
        ([1, 2, 3], [3, 2, 1], 0.5, 0.375),  # 0, 1/2 · 1/4 and 1/8 of the depths, 1/8 beyond
    ],
)
def test_cases_by_hand(one: list[int], other: list[int], p: float, expected: float) -> None:
    overlap = rank_biased_overlap(np.array([one, other]), p)
    np.testing.assert_allclose(overlap, [[1, expected], [expected, 1]], atol=1e-7)


LISTS = st.integers(1, 12).flatmap(
    lambda k: st.lists(
        st.lists(st.integers(0, 20), min_size=k, max_size=k, unique=True), min_size=1
    )
)


@settings(max_examples=60, deadline=None)
@given(lists=LISTS, p=st.floats(0.05, 0.99))
def test_it_is_the_definition(lists: list[list[int]], p: float) -> None:
    overlap = rank_biased_overlap(np.array(lists), p)
    expected = [[plain(one, other, p) for other in lists] for one in lists]
    np.testing.assert_allclose(overlap, expected, atol=1e-6)
    np.testing.assert_array_equal(overlap, overlap.T)
    assert overlap.dtype == np.float32
    assert 0 <= overlap.min() <= overlap.max() <= 1


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 999), p=st.floats(0.05, 0.99))
def test_names_of_the_items_do_not_matter(seed: int, p: float) -> None:
    rng = np.random.default_rng(seed)
    lists = np.stack([rng.permutation(9)[:5] for _ in range(4)])
    renamed = rng.permutation(1000)[:9][lists]
    np.testing.assert_array_equal(rank_biased_overlap(lists, p), rank_biased_overlap(renamed, p))


def test_a_swap_further_down_costs_less() -> None:
    ranked = np.arange(6)
    swaps = [[*ranked[:d], ranked[d + 1], ranked[d], *ranked[d + 2 :]] for d in range(5)]
    scores = rank_biased_overlap(np.array([ranked, *swaps]))[0, 1:]
    assert (np.diff(scores) > 0).all()


@pytest.mark.parametrize("p", [0, 1, -1, 2, math.nan])
def test_a_persistence_outside_its_range_is_refused(p: float) -> None:
    with pytest.raises(OptionError, match="persistence"):
        rank_biased_overlap(np.array([[1]]), p)


def test_lists_without_ranks_are_refused() -> None:
    with pytest.raises(OptionError, match=r"lists of shape \(3, 0\)"):
        rank_biased_overlap(np.zeros((3, 0), int))


def test_arc_is_tam_with_other_weights() -> None:
    """The equations written out, from the published code's data."""
    trace = golden_trace("image_12x16")
    lists = trace.likely_ids.tolist()
    weights = np.array([[plain(one, other, 0.9) for other in lists] for one in lists])
    residuals = []
    for i, own in enumerate(trace.activations.astype(float)):
        before = [k for k in range(i) if trace.classes[k] != trace.classes[i]]
        share = weights[i, before] / (weights[i, before].sum() + 1e-8)
        estimate = share @ trace.activations[before]
        scale = own @ estimate / (estimate @ estimate) if estimate.any() else 0
        residuals.append(np.maximum(own - scale * estimate, 0))
    substituted = token_activation_maps(trace, rgf=False, weights=weights.astype(np.float32))
    maps = tw.METHODS["arc"].compute(trace)
    filtered = token_activation_maps(trace, weights=weights.astype(np.float32))
    np.testing.assert_allclose(maps, filtered, atol=1e-5)
    for own, shown in zip(residuals, substituted, strict=True):  # scaled by a line, row by row
        slope = np.ptp(shown) / np.ptp(own)
        np.testing.assert_allclose(shown - shown.min(), slope * (own - own.min()), atol=1e-4)
    assert not np.allclose(maps, trace_maps := token_activation_maps(trace), atol=1e-3)
    assert maps.shape == trace_maps.shape


def test_without_inference_arc_is_tam() -> None:
    made = with_layers(explanation())
    np.testing.assert_array_equal(made.maps("arc", eci=0), made.maps(eci=0))
    for options in ({"kernel_size": 1}, {"border": "repeat"}, {"leave_out": "id"}):
        assert made.maps("arc", **options).shape == made.activations.shape
    at_one = replace(made.at_layer(1), likely_ids=made.likely_ids)
    np.testing.assert_array_equal(made.maps("arc", layer=1), at_one.maps("arc"))


def test_older_files_have_no_arc() -> None:
    old = tw.load(Path(__file__).parents[1] / "fixtures" / "explanation_v4.safetensors")
    assert "arc" not in old.methods
    with pytest.raises(OptionError, match="older file lacks: explain again"):
        old.maps("arc")
    assert "arc" in with_layers(old).methods
