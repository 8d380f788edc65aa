"""The batched filter against the equation, written as a loop."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tam_widgets.attribution import rank_gaussian, rank_gaussian_filter
from tam_widgets.attribution.ranks import sort_planes, sorting_network, sum_planes
from tam_widgets.errors import OptionError

FIXTURE = Path(__file__).parents[1] / "fixtures" / "kernel_size.json"
GRIDS = [(1, 1), (1, 2), (2, 2), (3, 3), (4, 4), (2, 9), (9, 2), (6, 20), (20, 6)]


def looped(plane: np.ndarray, size: int, mode: str = "reflect") -> np.ndarray:
    padded, result = np.pad(plane, size // 2, mode=mode), np.zeros_like(plane)
    for cell in np.ndindex(plane.shape):
        window = padded[cell[0] : cell[0] + size, cell[1] : cell[1] + size]
        result[cell] = weighted(np.sort(window.ravel()))
    return result


def weighted(ranked: np.ndarray) -> float:
    if ranked.mean() <= 0:
        return 0
    if ranked[0] == ranked[-1]:
        return ranked[0]
    spread = ranked.std() / ranked.mean()
    weights = np.exp(-((np.arange(len(ranked)) - len(ranked) // 2) ** 2) / (2 * spread**2))
    return (ranked * weights).sum() / weights.sum()


@pytest.mark.parametrize("size", [3, 5, 7, 11])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("border", "mode"), [("reflect", "reflect"), ("repeat", "edge")])
def test_it_is_the_equation(size: int, dtype: type, border: str, mode: str) -> None:
    maps = np.random.default_rng(size).random((3, 12, 9)).astype(dtype) ** 4
    result = rank_gaussian_filter(maps, size, border)
    assert result.dtype == dtype
    expected = np.stack([looped(plane, size, mode) for plane in maps])
    np.testing.assert_allclose(result, expected, rtol=2e-7 if dtype == np.float32 else 1e-12)


def test_maps_do_not_mix_whatever_the_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    maps = np.random.default_rng(0).random((7, 6, 5), dtype=np.float32)
    whole = rank_gaussian_filter(maps)
    monkeypatch.setattr(rank_gaussian, "CHUNK_BYTES", 2 * 9 * 6 * 5 * 4)
    np.testing.assert_array_equal(rank_gaussian_filter(maps), whole)
    np.testing.assert_array_equal(rank_gaussian_filter(maps[4]), whole[4])


@pytest.mark.parametrize("shape", [(1, 5), (5, 1), (1, 1)])
def test_a_single_map_of_one_line_is_the_equation(shape: tuple[int, int]) -> None:
    plane = np.random.default_rng(0).random(shape)
    np.testing.assert_allclose(rank_gaussian_filter(plane), looped(plane, 3, "edge"), rtol=1e-12)


def test_a_repeated_border_lets_less_heat_leak_to_the_edge() -> None:
    plane = np.zeros((6, 6))
    plane[1, 1:5] = 1
    reflected = rank_gaussian_filter(plane, border="reflect")
    repeated = rank_gaussian_filter(plane, border="repeat")
    assert repeated[0].max() < reflected[0].max()
    np.testing.assert_array_equal(repeated[1:-1, 1:-1], reflected[1:-1, 1:-1])


def test_no_maps_give_no_maps() -> None:
    assert rank_gaussian_filter(np.zeros((0, 4, 4), np.float32)).shape == (0, 4, 4)


@pytest.mark.parametrize("value", [0.0, 1e-30, 0.3, 1.0])
def test_a_constant_stays(value: float) -> None:
    maps = np.full((2, 4, 5), value, np.float32)
    np.testing.assert_array_equal(rank_gaussian_filter(maps), maps)


def test_the_input_is_left_alone() -> None:
    maps = np.random.default_rng(1).random((2, 5, 5), dtype=np.float32)
    before = maps.copy()
    rank_gaussian_filter(maps)
    rank_gaussian_filter(maps, 1)[:] = -1
    np.testing.assert_array_equal(maps, before)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**16), st.sampled_from([1, 3, 5]))
def test_the_result_lies_within_the_windows(seed: int, size: int) -> None:
    rng = np.random.default_rng(seed)
    plane = (rng.random((5, 6)) * (rng.random((5, 6)) > 0.5)).astype(np.float32)
    result = rank_gaussian_filter(plane, size)
    assert plane.min() <= result.min() <= result.max() <= plane.max()


@pytest.mark.parametrize("size", [1, 2, 3, 8, 9, 25, 49, 81])
def test_the_network_sorts(size: int) -> None:
    values = np.random.default_rng(size).integers(0, 9, (size, 200)).astype(np.float32)
    np.testing.assert_array_equal(sort_planes(list(values.copy())), np.sort(values, axis=0))


def test_the_network_of_nine_sorts_every_list_of_zeros_and_ones() -> None:
    every = (np.arange(2**9)[None] >> np.arange(9)[:, None] & 1).astype(np.float32)
    np.testing.assert_array_equal(sort_planes(list(every.copy())), np.sort(every, axis=0))
    assert len(sorting_network(9)) == 26


@pytest.mark.parametrize("size", [1, 7, 8, 9, 25, 121, 169, 361])
def test_sums_equal_those_of_rows_to_the_last_bit(size: int) -> None:
    rows = np.random.default_rng(size).random((64, size), dtype=np.float32)
    expected = np.array([row.sum() for row in rows])
    np.testing.assert_array_equal(sum_planes(list(rows.T)), expected)


def allows(rows: int, cols: int, size: int) -> bool:
    try:
        rank_gaussian_filter(np.zeros((rows, cols), np.float32), size)
    except OptionError:
        return False
    return True


def filtered(rows: int, cols: int, size: int, border: Any) -> dict[str, Any]:
    values = (np.arange(rows * cols, dtype=np.float32) * 7 % 16 / 16).reshape(rows, cols)
    result = rank_gaussian_filter(values, size, border)
    return {
        "rows": rows,
        "cols": cols,
        "size": size,
        "border": border,
        "values": values.ravel().tolist(),
        "filtered": result.ravel().tolist(),
    }


def fixture() -> dict[str, Any]:
    """Windows that fit grids, and maps filtered by windows wider than the grid's shorter side."""
    return {
        "grids": [
            {
                "rows": rows,
                "cols": cols,
                "allowed": [size for size in range(-1, 24) if allows(rows, cols, size)],
            }
            for rows, cols in GRIDS
        ],
        "filtered": [
            filtered(*grid, size, border)
            for grid, size in [((1, 1), 3), ((1, 2), 3), ((2, 9), 5), ((2, 9), 9), ((6, 20), 19)]
            for border in ("reflect", "repeat")
        ],
    }


def test_the_browser_allows_and_filters_the_same() -> None:
    """After a wanted change: `python -m tests.attribution.test_rank_gaussian` writes it anew."""
    stored, now = json.loads(FIXTURE.read_text("utf-8")), json.loads(json.dumps(fixture()))
    assert now["grids"] == stored["grids"]
    for case, expected in zip(now["filtered"], stored["filtered"], strict=True):
        np.testing.assert_allclose(case.pop("filtered"), expected.pop("filtered"), atol=1e-6)
        assert case == expected


if __name__ == "__main__":
    FIXTURE.write_text(json.dumps(fixture()) + "\n", "utf-8")
