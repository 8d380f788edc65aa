"""Outlines in the format of COCO: painted as pycocotools paints them, or refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pycocotools import mask as coco_mask

from tam_widgets.evaluation.datasets.outlines import checked_size, painted

HEIGHT, WIDTH = 9, 14
MASKS = arrays(bool, (HEIGHT, WIDTH))
CORNER = st.tuples(st.floats(-9, 25), st.floats(-9, 25))
POLYGONS = st.lists(st.lists(CORNER, min_size=3, max_size=7), min_size=1, max_size=3)


@given(MASKS)
def test_run_lengths_as_numbers_or_text_are_those_of_pycocotools(mask: np.ndarray) -> None:
    encoded = coco_mask.encode(np.asfortranarray(mask.astype(np.uint8)))
    text = {"size": [HEIGHT, WIDTH], "counts": encoded["counts"].decode()}
    assert (painted(text, HEIGHT, WIDTH) == mask).all()
    down = np.concatenate([[False], mask.T.ravel(), [not mask[-1, -1]]])
    lengths = np.diff(np.flatnonzero(down[1:] != down[:-1]), prepend=0)
    numbers = {"size": [HEIGHT, WIDTH], "counts": lengths.tolist()}
    assert (painted(numbers, HEIGHT, WIDTH) == mask).all()


def test_long_runs_are_read_too() -> None:
    mask = np.zeros((2000, 3000), np.uint8)
    mask[700:1900, 1000:2900] = 1
    mask[3, 5] = 1
    encoded = coco_mask.encode(np.asfortranarray(mask))
    text = {"size": [2000, 3000], "counts": encoded["counts"].decode()}
    assert (painted(text, 2000, 3000) == mask).all()


@given(POLYGONS)
def test_polygons_in_and_near_the_picture_are_those_of_pycocotools(
    polygons: list[list[tuple[float, float]]],
) -> None:
    flat = [[number for corner in corners for number in corner] for corners in polygons]
    codes = coco_mask.frPyObjects(flat, HEIGHT, WIDTH)
    expected = coco_mask.decode(codes).any(axis=2)
    assert (painted(flat, HEIGHT, WIDTH) == expected).all()
    assert (painted([[1, 1], [2, 2, 3, 3], *flat], HEIGHT, WIDTH) == expected).all()


def counts(counts: Any, size: Any = (HEIGHT, WIDTH)) -> dict[str, Any]:
    return {"size": list(size) if isinstance(size, tuple) else size, "counts": counts}


@pytest.mark.parametrize(
    ("outline", "message"),
    [
        (None, "not None"),
        (7, "not 7"),
        ("abc", "not 'abc'"),
        ([], r"not \[\]"),
        ([[]], "3 corners"),
        ([[1, 2]], "3 corners"),
        ([[0, 0, 4, 4]], "3 corners"),
        ([[0, 0, 4, 0, 4, 4, 0]], "x, y"),
        ([0, 0, 4, 0, 4, 4], "not 0"),
        ([["0", "0", "4", "0", "4", "4"]], "not numbers"),
        ([[True] * 6], "not numbers"),
        ([[0, 0, 4, 0, 4, None]], "not numbers"),
        ([[float("nan")] * 6], "not finite"),
        ([[0, 0, float("inf"), 0, 4, 4]], "not finite"),
        ([[-1e9, 0, 1e9, 0, 1e9, 1e9]], "near the picture"),
        ([[1e9, 0, 1e9, 1, 1e9, 2]], "near the picture"),
        ([[0, 0, 1e308, 0, -1e308, 1e308]], "near the picture"),
        ([[0, 0, 10**400, 0, 4, 4]], "too far away"),
        ([[0, 0, 1e5, 1, 0, 2] * 9], "near the picture"),
        (counts([16, 8]), "24 pixels in a picture of 126"),
        (counts([126, 80]), "206 pixels"),
        (counts([-16, 142]), "-16"),
        (counts([10**12], (10**6, 10**6)), "of size"),
        (counts([126], [WIDTH, HEIGHT]), "of size"),
        (counts([126], "9"), "of size"),
        (counts([126], None), "of size"),
        (counts([126.0]), "whole numbers"),
        (counts(["126"]), "whole numbers"),
        (counts([10**400]), "whole numbers"),
        (counts(None), "as numbers or as text"),
        (counts({"a": 1}), "as numbers or as text"),
        (counts([]), "0 pixels"),
        (counts(""), "empty"),
        (counts("00"), "0 pixels"),
        (counts("oooooo"), "cut off"),
        (counts("o" * 40 + "0"), "41 letters"),
        (counts("~~~~"), "other letters"),
        (counts("a\0"), "other letters"),
        (counts("é"), "other letters"),
        ({}, "of size None"),
    ],
)
def test_an_outline_that_is_none_is_refused_before_it_is_painted(
    outline: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=message) as refused:
        painted(outline, HEIGHT, WIDTH)
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize(
    ("height", "width"),
    [
        (2**31, 1),
        (10**6, 10**6),
        (10**400, 1),
        (0, 6),
        (6, -1),
        (4.5, 6),
        (float("nan"), 6),
        (float("inf"), 6),
        (True, 6),
        ("4", 6),
        (None, 6),
        ([4], 6),
    ],
)
def test_sizes_of_no_picture_are_refused(height: Any, width: Any) -> None:
    with pytest.raises(ValueError, match="height"):
        checked_size(height, width)


def test_whole_numbers_are_sizes_in_either_form() -> None:
    assert checked_size(4.0, 6) == (4, 6)
