"""Traces from plain arrays, and what is refused."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import tam_widgets as tw
from tam_widgets.errors import OptionError, TraceError

from ..samples import golden_trace


def arrays(**changes: Any) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    return {
        "input_ids": [0, 1, 1, 1, 1, 2, 3],
        "answer_ids": [4, 5, 4],
        "hidden": rng.normal(size=(9, 8)).astype(np.float32),
        "classifier": rng.normal(size=(6, 8)).astype(np.float32),
        "visual": [1, 2, 3, 4],
        "prompt": [5, 6],
        "grids": [(2, 2)],
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"answer_ids": []}, "answer_ids is empty"),
        ({"hidden": np.zeros((4, 8), np.float32)}, r"need \[9, width\]"),
        ({"hidden": np.full((9, 8), np.nan, np.float32)}, "NaN or infinity, first at position 0"),
        ({"hidden": np.zeros((9, 8), np.int64)}, "floating-point"),
        ({"classifier": np.zeros((6, 5), np.float32)}, "as wide as"),
        ({"answer_ids": [4, 5, 60]}, "up to 60"),
        ({"answer_ids": [0.5, 1, 2]}, "integers"),
        ({"visual": [1, 2, 3]}, "3 visual tokens do not fill grids of 4"),
        ({"visual": [1, 2, 3, 40]}, "outside the 7 input ids"),
        ({"prompt": [-1, 5]}, "outside"),
        ({"grids": [(0, 4)]}, "empty"),
        ({"grids": [(4,)]}, "rows, cols"),
    ],
)
def test_bad_arrays(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(TraceError, match=said):
        tw.Trace.from_arrays(**arrays(**changes))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"kernel_size": 2}, "odd"),
        ({"kernel_size": -1}, "odd"),
        ({"kernel_size": 99}, "larger than the grid"),
        ({"kernel_size": "3"}, "odd"),
        ({"kernel_size": 3.0}, "odd"),
        ({"eci": "strong"}, "0 to 1"),
        ({"eci": 1.5}, "0 to 1"),
        ({"eci": float("nan")}, "0 to 1"),
        ({"compat": "published"}, "reference"),
        ({"border": "wrap"}, "border='wrap': give one of reflect, repeat"),
        ({"border": ["repeat"]}, "give one of reflect, repeat"),
        ({"leave_out": ["id"]}, "give 'class' or 'id'"),
        ({"leave_out": "word"}, "leave_out='word': give 'class' or 'id'"),
        ({"compat": "reference", "leave_out": "class"}, "leave out these or compat"),
        ({"compat": "reference", "border": "repeat"}, "leave out these or compat"),
    ],
)
def test_bad_options(options: dict[str, Any], said: str) -> None:
    with pytest.raises(OptionError, match=said):
        tw.token_activation_maps(golden_trace("image_12x16"), **options)


@pytest.mark.parametrize("name", ["image_12x16", "image_24x24", "image_37x49"])
def test_a_word_is_not_subtracted_from_itself_where_the_first_token_is_explained_by_it(
    name: str,
) -> None:
    """Reference mode and ids as published; by class, what the first token shares stays."""
    trace = golden_trace(name)
    by_class = tw.token_activation_maps(trace)
    by_id = tw.token_activation_maps(trace, leave_out="id")
    same = np.flatnonzero(trace.token_ids[1:] == trace.classes[0]) + 1
    other = np.setdiff1d(np.arange(len(trace.token_ids)), same)
    np.testing.assert_array_equal(by_class[other], by_id[other])
    for token in same:
        without = trace.relevance[token].copy()
        without[[0, *np.flatnonzero(trace.token_ids == trace.token_ids[token])]] = 0
        weights = without[:token] / (without[:token].sum() + 1e-8)
        estimate = (weights @ trace.activations[:token])[None]
        expected = tw.attribution.residual(trace.activations[[token]], estimate)
        raw = tw.token_activation_maps(trace, rgf=False)[token]
        assert np.corrcoef(raw, expected[0])[0, 1] > 1 - 1e-9


def test_no_prompt_tokens() -> None:
    maps = tw.token_activation_maps(tw.Trace.from_arrays(**arrays(prompt=[])))
    assert maps.shape == (3, 4)
    assert np.isfinite(maps).all()


def test_dtypes_and_sources_agree() -> None:
    given = arrays()
    plain = tw.Trace.from_arrays(**given)
    torch_ = tw.Trace.from_arrays(**{**given, "hidden": torch.from_numpy(given["hidden"])})
    np.testing.assert_array_equal(plain.activations, torch_.activations)
    half = torch.from_numpy(given["hidden"]).to(torch.bfloat16)
    rough = tw.Trace.from_arrays(**{**given, "hidden": half})
    np.testing.assert_allclose(rough.activations, plain.activations, atol=0.1)
    exact = tw.Trace.from_arrays(**{**given, "hidden": half.float()})
    np.testing.assert_array_equal(rough.activations, exact.activations)


def test_large_states_are_projected_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = tw.Trace.from_arrays(**arrays())
    expected, heads = whole.activations, whole.candidates(3)
    monkeypatch.setattr("tam_widgets.capture.projection.CHUNK_BYTES", 64)
    parts = tw.Trace.from_arrays(**arrays())
    np.testing.assert_allclose(parts.activations, expected, rtol=1e-6)
    np.testing.assert_array_equal(parts.candidates(3).ids, heads.ids)
    np.testing.assert_allclose(parts.candidates(3).probabilities, heads.probabilities, rtol=1e-6)


def test_candidates_are_a_softmax_over_the_vocabulary() -> None:
    given = arrays()
    trace = tw.Trace.from_arrays(**given)
    heads = trace.candidates(count=6)
    logits = given["hidden"][[4, 5, 6, 7, 8]] @ given["classifier"].T
    shares = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    np.testing.assert_allclose(heads.probabilities.sum(1), 1, rtol=1e-5)
    np.testing.assert_allclose(heads.probability, shares[range(5), [2, 3, 4, 5, 4]], rtol=1e-4)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    prompt=st.integers(0, 4),
    answer=st.integers(1, 6),
    grid=st.tuples(st.integers(1, 5), st.integers(1, 5)),
    eci=st.floats(0, 1),
    constant=st.booleans(),
)
def test_maps_are_always_finite_shares(
    seed: int, prompt: int, answer: int, grid: tuple[int, int], eci: float, constant: bool
) -> None:
    rng = np.random.default_rng(seed)
    visual = grid[0] * grid[1]
    total = visual + prompt + 1
    hidden = (
        np.ones((total + answer - 1, 3)) if constant else rng.normal(size=(total + answer - 1, 3))
    )
    trace = tw.Trace.from_arrays(
        input_ids=rng.integers(0, 5, total),
        answer_ids=rng.integers(0, 5, answer),
        hidden=hidden.astype(np.float32),
        classifier=rng.normal(size=(5, 3)).astype(np.float32),
        visual=range(visual),
        prompt=range(visual, visual + prompt),
        grids=[grid],
    )
    for compat in (None, "reference"):
        maps = tw.token_activation_maps(trace, eci=eci, compat=compat)
        assert maps.dtype == np.float32
        assert maps.shape == (prompt + answer, visual)
        assert np.isfinite(maps).all()
        assert maps.min() >= 0
        assert maps.max() <= 1


def test_full_cancellation_is_zero_not_noise() -> None:
    """A token whose activation is a multiple of its context's has nothing of its own."""
    rng = np.random.default_rng(0)
    hidden = np.abs(rng.normal(size=(9, 8))).astype(np.float32)
    classifier = np.abs(rng.normal(size=(6, 8))).astype(np.float32)
    classifier[5] = 3 * classifier[4]
    trace = tw.Trace.from_arrays(**arrays(hidden=hidden, classifier=classifier, prompt=[]))
    assert tw.token_activation_maps(trace, rgf=False)[0].max() > 0
    assert not tw.token_activation_maps(trace)[1].any()
