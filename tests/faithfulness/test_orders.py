"""Orders, steps and units, against plain loops."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from tam_widgets.capture.forcing.cells import Cells
from tam_widgets.errors import OptionError
from tam_widgets.explanation.geometry import Grid
from tam_widgets.faithfulness.curves import planned, removed_units
from tam_widgets.faithfulness.orders import Orders
from tam_widgets.faithfulness.protocols import PROTOCOLS, Protocol, protocol_named
from tam_widgets.faithfulness.rewriting import add_disjoint, areas
from tam_widgets.faithfulness.units import Units, drawn

VALUES = arrays(np.float64, st.integers(1, 30), elements=st.integers(-2, 2).map(float))


@given(VALUES, st.integers(0, 99))
def test_larger_values_come_first_and_all_units_once(values: np.ndarray, seed: int) -> None:
    orders = Orders(len(values), 1, seed)
    orders.add("map", "method", [values])
    (order,) = orders.places
    assert sorted(order.tolist()) == list(range(len(values)))
    assert (np.diff(values[order]) <= 0).all()


def test_equal_values_are_taken_in_an_order_of_the_seed() -> None:
    """A map of many zeros must not gain by how cells are numbered."""
    places = []
    for seed in (0, 0, 1):
        orders = Orders(100, 1, seed)
        orders.add("map", "method", [np.zeros(100)])
        places.append(orders.places[0].tolist())
    assert places[0] == places[1] != places[2]
    assert places[0] != sorted(places[0])
    assert abs(np.corrcoef(places[0], np.arange(100))[0, 1]) < 0.3


def test_equal_orders_share_a_row_and_controls_serve_all_tokens() -> None:
    orders = Orders(6, 3, seed=5)
    rising = np.arange(6.0)
    orders.add("map", "method", [rising, -rising, rising * 2])
    orders.add_random(0)
    orders.add_random(1)
    orders.add("mask", "mask", [None, rising, None])
    assert [order.rows for order in orders.named] == [
        (0, 1, 0),
        (2, 2, 2),
        (3, 3, 3),
        (-1, 0, -1),
    ]
    assert orders.places[2].tolist() != orders.places[3].tolist()


@given(st.integers(1, 2000))
def test_steps_lead_from_nothing_to_all(count: int) -> None:
    for protocol in PROTOCOLS.values():
        if protocol.share is None:
            ends = protocol.ends(count)
            assert (ends[0], ends[-1]) == (0, count)
            sizes = np.diff(ends)
            assert (sizes > 0).all()
            if protocol.step_size is None:
                assert len(sizes) == min(protocol.steps, count)
                assert sizes.max() - sizes.min() <= 1


def test_presets_have_the_steps_of_their_sources() -> None:
    assert len(PROTOCOLS["lvlm"].ends(32 * 32)) == 52 + 1
    assert len(PROTOCOLS["eagle"].ends(224 * 224)) == 64 + 1
    with pytest.raises(OptionError, match="cells, eagle, lvlm, flip"):
        protocol_named("rise")


@given(st.lists(st.permutations(range(7)), min_size=1, max_size=4), st.integers(2, 7))
def test_equal_pictures_are_read_once(orders: list[Any], steps: int) -> None:
    places = [np.array(order, np.int32) for order in orders]
    ends = Protocol("", "", steps=steps).ends(7)
    plan = planned(places, ends, turned=[1])
    asked = [frozenset(np.flatnonzero(removed_units(*one))) for one in plan.removed]
    assert len({*asked}) == len(asked)
    for row, order in enumerate(orders):
        for step, end in enumerate(ends[1:-1].tolist()):
            assert asked[plan.index[0, row, step]] == frozenset(order[:end])
            covered = order[: len(order) - end] if row == 1 else order[end:]
            assert asked[plan.index[1, row, step]] == frozenset(covered)


def test_pictures_of_maps_are_read_first_and_coarse_steps_before_fine_ones() -> None:
    places = [np.random.default_rng(row).permutation(16).astype(np.int32) for row in range(3)]
    plan = planned(places, PROTOCOLS["cells"].ends(16), first=[2])
    deletion, insertion = plan.index
    assert deletion[2, 7] == 0  # half of the units
    assert {*deletion[2, [3, 11]]} == {1, 2}
    assert deletion[2].max() < deletion[:2].min()
    alone = np.setdiff1d(insertion, deletion)  # pictures that are on no deletion curve
    assert len(alone) > 30
    assert deletion.max() < alone.min()


def test_a_random_order_needs_no_more_pictures_for_its_insertion() -> None:
    orders = Orders(40, 1, seed=0)
    orders.add_random(0)
    ends = PROTOCOLS["cells"].ends(40)
    plan = planned(orders.places, ends, orders.turned)
    assert len(plan.removed) == len(ends) - 2
    assert plan.index[0, 0].tolist() == plan.index[1, 0, ::-1].tolist()


def test_disjoint_areas_share_nothing_with_the_map() -> None:
    orders = Orders(40, 2, seed=0)
    values = [np.random.default_rng(n).random(40) for n in range(2)]
    orders.add("map", "method", values)
    add_disjoint(orders, 10, count=3)
    assert [order.kind for order in orders.named] == ["method", *["disjoint"] * 3]
    found, index = areas(orders.places, 10)
    for order in orders.named[1:]:
        for own, other in zip(orders.named[0].rows, order.rows, strict=True):
            assert not {*found[index[own]]} & {*found[index[other]]}


def frozen(grids: tuple[Grid, ...], sizes: list[tuple[int, int]]) -> Any:
    pictures = [Image.new("RGB", size) for size in sizes]
    return SimpleNamespace(grids=grids, pictures=pictures, cells=Cells(grids, sizes))


def test_cells_keep_the_values_of_the_map() -> None:
    tiles = (Grid(1, 2, (0, 0, 4, 4)), Grid(1, 2, (4, 0, 8, 4)))
    whole = Grid(1, 1, (0, 0, 8, 4), thumbnail=True)
    units = Units(frozen((*tiles, whole), [(8, 4)]), PROTOCOLS["cells"])
    assert units.of_map(np.array([1.0, 2, 3, 4, 9])).tolist() == [1, 2, 3, 4]
    assert units.numbered(np.array([[3, 0, 1, 2]], np.int32)).tolist() == [[3, 0, 1, 2]]


def test_maps_are_interpolated_bilinearly_to_pixels() -> None:
    values = np.random.default_rng(0).random(12).astype(np.float32)
    grid = Grid(3, 4, (0.0, 0.0, 40.0, 24.0))
    (plane,) = drawn(values, (grid,), [(40, 24)])
    own = Image.fromarray(values.reshape(3, 4))
    expected = np.asarray(own.resize((40, 24), Image.Resampling.BILINEAR))
    np.testing.assert_allclose(plane, expected, atol=1e-5)


def test_pixels_that_the_model_does_not_see_come_last() -> None:
    grid = Grid(1, 1, (2.0, 0.0, 6.0, 4.0))
    units = Units(frozen((grid,), [(8, 4)]), PROTOCOLS["eagle"])
    assert len(units) == 32
    (plane,) = drawn(np.array([5.0]), (grid,), [(8, 4)])
    assert plane.shape == (4, 8)
    two = Grid(1, 2, (2.0, 0.0, 6.0, 4.0))
    (plane,) = drawn(np.array([0.5, 0.7]), (two,), [(8, 4)])
    assert (plane[:, [0, 1, 6, 7]] == 0.5).all()
    assert plane[:, 2:6].min() >= 0.5


def test_squares_divide_each_picture() -> None:
    grids = (Grid(2, 2, (0, 0, 64, 64), 0), Grid(2, 2, (0, 0, 96, 64), 1))
    units = Units(frozen(grids, [(64, 64), (96, 64)]), PROTOCOLS["lvlm"])
    assert len(units) == 2 * 32 * 32
    mask = np.zeros((64, 64), bool)
    mask[:2, :2] = mask[0, 2] = True
    inside = units.means([mask, np.zeros((64, 96), bool)])
    np.testing.assert_allclose(inside[:3], [1, 1 / 4, 0])
    assert inside[3:].sum() == 0


def test_the_centre_order_goes_outwards_in_every_picture() -> None:
    grids = (Grid(3, 3, (0, 0, 9, 9), 0), Grid(3, 3, (0, 0, 90, 30), 1))
    near = Units(frozen(grids, [(9, 9), (90, 30)]), PROTOCOLS["cells"]).centrality()
    for values in near.reshape(2, 9):
        assert values.argmax() == 4
        assert {*np.argsort(values)[:4]} == {0, 2, 6, 8}
