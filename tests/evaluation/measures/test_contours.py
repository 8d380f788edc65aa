"""Outlines of a mask's objects."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from tam_widgets.evaluation.measures.contours import MAX_RINGS, UNITS, contours
from tam_widgets.views.outline import Ring

CATEGORY = {"cat": 1, "dog": 2, "hot dog": 3}


def painted(rings: list[Ring], height: int, width: int) -> np.ndarray:
    """The area that outlines enclose, their holes left out."""
    area = np.zeros((UNITS, UNITS), bool)
    for ring in rings:
        inner = Image.new("1", (UNITS, UNITS))
        ImageDraw.Draw(inner).polygon([*zip(ring[::2], ring[1::2], strict=True)], fill=1)
        area ^= np.asarray(inner)
    rows, cols = (((np.arange(side) + 0.5) * UNITS / side).astype(int) for side in (height, width))
    return area[rows][:, cols]


def test_each_category_that_is_there_has_its_own() -> None:
    mask = np.zeros((300, 400), np.int64)
    mask[30:60, 40:200], mask[100:200, 300:] = 1, 3
    found = contours(mask, CATEGORY)
    assert [*found] == ["cat", "hot dog"]
    (ring,) = found["cat"]
    assert ring[::2] == pytest.approx([100, 100, 500, 500], abs=3)
    assert sorted(ring[1::2]) == pytest.approx([100, 100, 200, 200], abs=4)


@given(
    width=st.integers(200, 600),
    height=st.integers(200, 600),
    centre=st.tuples(st.floats(0.2, 0.8), st.floats(0.2, 0.8)),
    radius=st.floats(0.1, 0.5),
    hole=st.floats(0, 0.6),
)
@settings(deadline=None)
def test_they_enclose_the_mask(
    width: int, height: int, centre: tuple[float, float], radius: float, hole: float
) -> None:
    y, x = np.mgrid[:height, :width]
    distance = np.hypot(x / width - centre[0], y / height - centre[1])
    mask = (distance < radius) & (distance > hole * radius)
    again = painted(contours(mask.astype(np.uint8), CATEGORY)["cat"], height, width)
    assert (again & mask).sum() / (again | mask).sum() > 0.9


def test_the_pixels_of_a_small_mask_are_no_corners() -> None:
    mask = np.tri(100, dtype=np.uint8)
    (ring,) = contours(mask, CATEGORY)["cat"]
    assert len(ring) // 2 <= 8


def test_specks_beside_an_object_are_left_out_and_one_alone_is_kept() -> None:
    mask = np.zeros((1000, 1000), np.uint8)
    mask[100:400, 100:400] = mask[::100, 600] = 1
    mask[700, 700] = 2
    found = contours(mask, CATEGORY)
    assert len(found["cat"]) == 1
    assert found["dog"] == [[701, 701]]


def test_a_crowd_has_only_so_many() -> None:
    mask = np.kron(np.eye(2, dtype=np.uint8)[[0, 1] * 10][:, [0, 1] * 10], np.ones((20, 20)))
    assert len(contours(mask.astype(np.uint8), CATEGORY)["cat"]) <= MAX_RINGS
    assert contours(np.zeros((3, 4), np.uint8), CATEGORY) == {}
