"""Controls: maps in which no model has a part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tam_widgets.capture.forcing.cells import Cells
from tam_widgets.explanation.geometry import Grid
from tam_widgets.methods import CENTRE, EDGES, RANDOM


@dataclass
class Pictures:
    """The part of a frozen answer that controls read."""

    pictures: list[Image.Image]
    grids: list[Grid]

    @property
    def cells(self) -> Cells:
        return Cells(self.grids, [picture.size for picture in self.pictures])

    @property
    def visual(self) -> range:
        return range(sum(grid.size for grid in self.grids))


def pictures() -> Pictures:
    """A wide picture of two halves, padded to a square, and a plain one."""
    halves = Image.new("RGB", (60, 40))
    halves.paste((255, 255, 255), (30, 0, 60, 40))
    grids = [Grid(6, 6, (0, -10, 60, 50)), Grid(2, 2, (0, 0, 20, 20), image=1)]
    return Pictures([halves, Image.new("RGB", (20, 20), (9, 99, 9))], grids)


def maps(method: Any, *tokens: int, **options: Any) -> np.ndarray:
    return np.asarray(method.model_maps(pictures(), tokens, **options))


def test_random_maps_differ_by_token_and_seed_only() -> None:
    both = maps(RANDOM, 3, 4)
    assert both.shape == (2, 40)
    assert not np.allclose(both[0], both[1])
    np.testing.assert_array_equal(maps(RANDOM, 4)[0], both[1])
    assert not np.allclose(maps(RANDOM, 4, seed=1)[0], both[1])


def test_the_centre_is_nearest_to_itself() -> None:
    one, other = maps(CENTRE, 3, 4)
    np.testing.assert_array_equal(one, other)
    square = one[:36].reshape(6, 6)
    assert square[2:4, 2:4].min() > np.delete(square, [2, 3], axis=0).max()
    np.testing.assert_allclose(square, square[::-1, ::-1])
    assert not square[[0, 5]].any()  # beside the picture
    np.testing.assert_allclose(one[36:], 0.5)  # half-way to the corners


def test_edges_are_where_luminance_changes() -> None:
    (found,) = maps(EDGES, 3)
    square = found[:36].reshape(6, 6)
    np.testing.assert_array_equal(np.flatnonzero(square.sum(axis=0)), [2, 3])
    assert not square[[0, 5]].any()
    assert not found[36:].any()


@pytest.mark.parametrize("method", [RANDOM, CENTRE, EDGES], ids=lambda method: method.name)
def test_no_pass_is_announced(method: Any) -> None:
    assert method.passes(pictures(), 5, **method.defaults) == (0, 0)
