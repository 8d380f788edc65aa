"""Maps of two explanations on a common raster, and how far they agree, here and in the browser."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tam_widgets as tw
from tam_widgets.explanation.agreement import correlation, overlap
from tam_widgets.explanation.common_raster import (
    common_raster,
    grids_on,
    resample,
    same_pictures,
    seen_by_both,
)
from tests.views.made import explanation, stored_image

FIXTURE = Path(__file__).parents[1] / "fixtures" / "agreement.json"
KNOWN = json.loads(FIXTURE.read_text("utf-8")) if FIXTURE.exists() else {}

WHOLE = (0.0, 0.0, 12.0, 8.0)
CASES: dict[str, tuple[list[tw.Grid], list[tw.Grid]]] = {
    "one grid in both": ([tw.Grid(2, 3, WHOLE)], [tw.Grid(2, 3, WHOLE)]),
    "24 x 24 and 16 x 16": ([tw.Grid(24, 24, WHOLE)], [tw.Grid(16, 16, WHOLE)]),
    "wide cells and high cells": ([tw.Grid(4, 2, WHOLE)], [tw.Grid(2, 6, WHOLE)]),
    "the middle, and the whole": ([tw.Grid(4, 4, (2.0, 0.0, 10.0, 8.0))], [tw.Grid(3, 5, WHOLE)]),
    "two halves that overlap by a part": (
        [tw.Grid(3, 4, (0.0, 0.0, 7.0, 8.0))],
        [tw.Grid(4, 3, (4.0, 1.0, 12.0, 8.0))],
    ),
    "tiles beside their thumbnail": (
        [
            tw.Grid(2, 2, (0.0, 0.0, 6.0, 8.0)),
            tw.Grid(2, 2, (6.0, 0.0, 12.0, 8.0)),
            tw.Grid(1, 2, WHOLE, thumbnail=True),
        ],
        [tw.Grid(3, 3, WHOLE)],
    ),
    "tiles with a gap": (
        [tw.Grid(2, 2, (0.0, 0.0, 4.0, 8.0)), tw.Grid(2, 2, (7.0, 0.0, 12.0, 8.0))],
        [tw.Grid(4, 6, WHOLE)],
    ),
    "no overlap": ([tw.Grid(2, 2, (0.0, 0.0, 6.0, 8.0))], [tw.Grid(2, 2, (6.0, 0.0, 12.0, 8.0))]),
}


def case(name: str, first: list[tw.Grid], second: list[tw.Grid], number: int) -> dict[str, Any]:
    rng = np.random.default_rng(number)
    maps = [rng.random((1, sum(grid.size for grid in grids))) for grids in (first, second)]
    maps = [np.round(values * values, 3).astype(np.float32) for values in maps]
    raster = common_raster(*([*grids_on(g, 0).values()] for g in (first, second)))
    found = {"name": name, "grids": [[as_json(g) for g in grids] for grids in (first, second)]}
    found["maps"] = [values[0].astype(float).round(3).tolist() for values in maps]
    if raster is None:
        return {**found, "raster": None}
    own, other = (
        resample(values, grids_on(grids, 0), raster)
        for values, grids in zip(maps, (first, second), strict=True)
    )
    both = seen_by_both(own, other)
    a, b = own.values[0][both], other.values[0][both]
    return {
        **found,
        "raster": {"rows": raster.rows, "cols": raster.cols, "rect": list(raster.rect)},
        "values": [one.values[0].ravel().round(9).tolist() for one in (own, other)],
        "both": both.ravel().astype(int).tolist(),
        "correlation": round(correlation(a, b), 9),
        "overlap": round(overlap(a, b), 9),
    }


def as_json(grid: tw.Grid) -> dict[str, Any]:
    known = {"rows": grid.rows, "cols": grid.cols, "rect": list(grid.rect), "image": grid.image}
    return {**known, "time": None, "frames": grid.frames, "thumbnail": grid.thumbnail}


def fixture() -> list[dict[str, Any]]:
    return [case(name, *grids, i) for i, (name, grids) in enumerate(CASES.items())]


def test_the_browser_computes_the_same() -> None:
    """After a wanted change: `python -m tests.explanation.test_agreement` writes it anew."""
    assert fixture() == KNOWN


def test_the_common_raster_is_the_finer_one_over_what_both_may_have_seen() -> None:
    found = {one["name"]: one["raster"] for one in fixture()}
    assert found["24 x 24 and 16 x 16"] == {"rows": 24, "cols": 24, "rect": list(WHOLE)}
    assert found["wide cells and high cells"]["rows"] == 4
    assert found["wide cells and high cells"]["cols"] == 6
    assert found["the middle, and the whole"]["rect"] == [2, 0, 10, 8]
    assert found["no overlap"] is None


def test_cells_in_a_gap_do_not_count() -> None:
    (gap,) = (one for one in fixture() if one["name"] == "tiles with a gap")
    both = np.reshape(gap["both"], (gap["raster"]["rows"], gap["raster"]["cols"]))
    assert both.all(axis=0).tolist() == [True, True, False, True, True, True]


rows = st.integers(1, 6)
shapes = st.tuples(rows, rows)
seeds = st.integers(0, 2**20)


def noise(seed: int, grid: tw.Grid) -> Any:
    return np.random.default_rng(seed).random((1, grid.size)).astype(np.float32)


@given(shapes, shapes, st.floats(0, 1, width=32))
def test_a_constant_map_stays_constant(
    one: tuple[int, int], two: tuple[int, int], value: float
) -> None:
    grid, other = tw.Grid(*one, WHOLE), tw.Grid(*two, (2.0, 1.0, 11.0, 7.0))
    raster = common_raster([grid], [other])
    assert raster is not None
    found = resample(np.full((1, grid.size), value, np.float32), {0: grid}, raster)
    assert found.values == pytest.approx(value, abs=1e-9)
    assert found.seen == pytest.approx(1)


@given(shapes, shapes, seeds)
def test_a_map_keeps_its_mean_on_another_raster(
    one: tuple[int, int], two: tuple[int, int], seed: int
) -> None:
    grid, other = tw.Grid(*one, WHOLE), tw.Grid(*two, WHOLE)
    values = noise(seed, grid)
    for raster in (other, common_raster([grid], [other])):
        assert raster is not None
        found = resample(values, {0: grid}, raster).values
        assert found.mean() == pytest.approx(values.mean(dtype=np.float64), abs=1e-9)


@given(shapes, shapes, seeds)
def test_agreement_is_symmetric_and_full_with_itself(
    one: tuple[int, int], two: tuple[int, int], seed: int
) -> None:
    grid, other = tw.Grid(*one, WHOLE), tw.Grid(*two, WHOLE)
    assert common_raster([grid], [other]) == common_raster([other], [grid])
    raster = common_raster([grid], [other])
    assert raster is not None
    a = resample(noise(seed, grid), {0: grid}, raster).values.ravel()
    b = resample(noise(seed + 1, other), {0: other}, raster).values.ravel()
    for measure in (correlation, overlap):
        assert measure(a, b) == pytest.approx(measure(b, a), abs=1e-9, nan_ok=True)
    assert overlap(a, a) == 1
    if np.ptp(a) > 1e-3:
        assert correlation(a, a) == pytest.approx(1)
        assert correlation(a, -2 * a + 1) == pytest.approx(-1)


def test_what_cannot_be_measured_is_nan() -> None:
    flat, ramp = np.full(4, 0.1), np.arange(4.0)
    assert math.isnan(correlation(flat, ramp))
    assert math.isnan(overlap(np.zeros(4), ramp))
    assert math.isnan(overlap(ramp - 4, ramp))
    assert overlap(np.array([1.0, 0, 0]), np.array([0, 0, 1.0])) == 0


def test_words_are_compared_occurrence_by_occurrence() -> None:
    first = explanation((" a", " dog", "ling", ",", " Dogling", " runs"))
    second = explanation((" The", " dog", "ling", " and", " dogling", " dogling"))
    found = tw.agreement(first, second)
    assert [one.word for one in found] == ["dogling", "Dogling"]
    assert [one.tokens for one in found] == [((3, 4), (3, 4)), ((6,), (6,))]


def test_an_explanation_agrees_with_itself() -> None:
    ex = explanation()
    for kind in ("answer", "prompt"):
        found = tw.agreement(ex, ex, method="cam", kind=kind)  # type: ignore[arg-type]
        assert [one.word for one in found] == [word.text for word in ex.words(kind)]  # type: ignore[arg-type]
        for one in found:
            assert one.correlation == pytest.approx(1)
            assert one.overlap == 1


def test_the_numbers_are_those_of_the_maps() -> None:
    first = explanation(grids=(tw.Grid(4, 4, WHOLE),))
    second = explanation(grids=(tw.Grid(2, 2, WHOLE),))
    (word,) = (one for one in tw.agreement(first, second, method="cam") if one.word == "a")
    own = first.map(word.tokens[0], "cam")[0].astype(float)
    other = second.map(word.tokens[1], "cam")[0].astype(float).repeat(2, 0).repeat(2, 1)
    assert word.correlation == pytest.approx(np.corrcoef(own.ravel(), other.ravel())[0, 1])
    areas = own >= own.max() / 2, other >= other.max() / 2
    assert word.overlap == (areas[0] & areas[1]).sum() / (areas[0] | areas[1]).sum()


def test_options_reach_the_maps() -> None:
    first = explanation(grids=(tw.Grid(4, 4, WHOLE),))
    second = explanation(grids=(tw.Grid(3, 3, WHOLE),), scale=0.5)
    by_size = [tw.agreement(first, second, "tam-no-eci", kernel_size=size) for size in (1, 3)]
    assert by_size[0] != by_size[1]
    assert by_size[0] == tw.agreement(first, second, "tam-no-eci", kernel_size=1)
    with pytest.raises(tw.errors.OptionError, match="no_such"):
        tw.agreement(first, second, method="no_such")


@pytest.mark.parametrize("other", [None, "a path"])
def test_what_is_no_explanation_is_called_so(other: Any) -> None:
    with pytest.raises(tw.errors.OptionError, match="is not an explanation"):
        tw.agreement(explanation(), other)


def test_other_pictures_are_refused() -> None:
    with pytest.raises(tw.errors.OptionError, match="no picture in common"):
        tw.agreement(explanation(), explanation(images=(stored_image(24, 16),)))
    left, right = (
        explanation(grids=(tw.Grid(2, 2, rect),)) for rect in ((0, 0, 5, 8), (6, 0, 12, 8))
    )
    with pytest.raises(tw.errors.OptionError, match="no common part"):
        tw.agreement(left, right)


def test_the_pictures_are_paired_by_what_they_show() -> None:
    dog, cup = stored_image(), stored_image(24, 16)
    assert same_pictures([cup, dog], [dog]) == [(1, 0)]
    assert same_pictures([dog, dog], [dog]) == [(0, 0)]
    grids = tuple(tw.Grid(2, 2, (0, 0, 12, 8), image) for image in (0, 1))
    both = explanation(grids=grids, images=(cup, dog))
    alone = explanation()
    assert [one.word for one in tw.agreement(both, alone)] == ["a", "dogling", "b", "runs", "b"]


def test_the_list_makes_a_table() -> None:
    pandas = pytest.importorskip("pandas")
    table = pandas.DataFrame(tw.agreement(explanation(), explanation()))
    assert table.columns.tolist() == ["word", "tokens", "correlation", "overlap"]


if __name__ == "__main__":
    text = "[\n" + ",\n".join(json.dumps(one) for one in fixture()) + "\n]\n"
    FIXTURE.write_text(text, "utf-8")
