"""Tiles as one grid: every cell is the visual token that covers it, and nothing else is joined."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tam_widgets as tw
from tam_widgets.capture.inputs.encoding import encode
from tam_widgets.explanation.geometry import Grid, in_view
from tam_widgets.explanation.mosaic import mosaic

from ..models import tiny
from ..models.probe import photo

FIXTURE = Path(__file__).parents[1] / "fixtures" / "mosaic.json"
TILED = [
    "internvl",
    "idefics3",
    "aya_vision",
    "cohere2_vision",
    "ovis2",
    "lfm2_vl",
    "llama4",
    "llava_next",
    "llava_onevision",
]
SIDES = st.integers(1, 4)


@st.composite
def cut(draw: st.DrawFn) -> tuple[list[Grid], np.ndarray, tuple[int, int]]:
    """Tiles of a picture, in any order of tiles and thumbnail, with what each token shows."""
    down, across, rows, cols = (draw(SIDES) for _ in range(4))
    width, height = draw(st.integers(20, 900)), draw(st.integers(20, 900))
    whole = np.arange(down * rows * across * cols).reshape(down * rows, across * cols)
    picture = Grid(down, across, (0, 0, width, height))
    tiles = []
    for number in draw(st.permutations(range(picture.size))):
        row, col = divmod(number, across)
        values = whole[row * rows : (row + 1) * rows, col * cols : (col + 1) * cols]
        tiles.append((Grid(rows, cols, picture.cell(number)), values.ravel()))
    if draw(st.booleans()):
        thumbnail = Grid(2, 3, picture.rect, thumbnail=True)
        tiles.insert(draw(st.integers(0, len(tiles))), (thumbnail, np.full(6, -1)))
    return [grid for grid, _ in tiles], np.concatenate([v for _, v in tiles]), whole.shape


@given(cut())
def test_a_picture_cut_into_tiles_is_put_together_again(
    case: tuple[list[Grid], np.ndarray, tuple[int, int]],
) -> None:
    grids, values, (rows, cols) = case
    joined = mosaic(grids)
    assert joined is not None
    assert (joined.grid.rows, joined.grid.cols) == (rows, cols)
    np.testing.assert_array_equal(
        joined.planes(values[None])[0], np.arange(rows * cols).reshape(rows, cols)
    )


@given(rows=st.integers(1, 9), cols=st.integers(1, 9), thumbnail=st.booleans())
def test_a_single_grid_stays_what_it_is(rows: int, cols: int, thumbnail: bool) -> None:
    grid = Grid(rows, cols, (-3.25, 0.1, 77.7, 40.3), thumbnail=thumbnail)
    joined = mosaic([grid])
    assert joined is not None
    assert joined.grid == grid
    maps = np.random.default_rng(0).random((2, grid.size))
    np.testing.assert_array_equal(joined.planes(maps), maps.reshape(2, rows, cols))


@pytest.mark.parametrize(
    "other",
    [
        Grid(1, 2, (3, 0, 9, 8)),
        Grid(1, 2, (9, 0, 15, 8)),
        Grid(2, 4, (6, 0, 12, 8)),
        Grid(1, 2, (6, 8, 12, 16)),
        Grid(1, 2, (6e9, 0, 6e9 + 6, 8)),
    ],
    ids=["overlap", "gap", "other cells", "no rectangle", "far away"],
)
def test_tiles_of_no_common_raster_are_not_joined(other: Grid) -> None:
    assert mosaic([Grid(1, 2, (0, 0, 6, 8)), other]) is None


@pytest.mark.parametrize("size", [(300, 170), (131, 290), (60, 50)])
@pytest.mark.parametrize("kind", TILED)
def test_each_cell_covers_what_the_family_says_of_its_token(
    kind: str, size: tuple[int, int]
) -> None:
    model, processor = tiny.MODELS[kind]()
    family = tw.models.family_of(model.config)
    grids = encode(family, model, processor, "What?", [photo(size)]).grids
    joined = mosaic(grids)
    assert joined is not None
    cells = [grid.cell(number) for grid in grids for number in range(grid.size)]
    shown = joined.order.ravel()
    assert len(shown) == sum(grid.size for grid in grids if not grid.thumbnail or len(grids) == 1)
    expected = np.array([cells[token] for token in shown])
    found = np.array([joined.grid.cell(number) for number in range(joined.grid.size)])
    np.testing.assert_allclose(found, expected, atol=1e-6)


LEFT, RIGHT = Grid(2, 2, (0, 0, 40, 40)), Grid(2, 2, (40, 0, 80, 40))
WHOLE = Grid(1, 2, (0, 0, 80, 40), thumbnail=True)
QUARTERS = [Grid(1, 1, (x, y, x + 10.0, y + 10.0)) for y in (0.0, 10.0) for x in (0.0, 10.0)]
CASES: dict[str, list[Grid]] = {
    "two tiles": [LEFT, RIGHT],
    "from right to left": [RIGHT, LEFT],
    "beyond the picture": [Grid(2, 2, (-20, -5, 20, 35)), Grid(2, 2, (20, -5, 60, 35))],
    "with a thumbnail": [LEFT, RIGHT, WHOLE],
    "thumbnail first": [WHOLE, LEFT, RIGHT],
    "a thumbnail alone": [WHOLE],
    "tiles of other heights": [LEFT, Grid(4, 2, (40, 0, 80, 80)), Grid(2, 2, (0, 40, 40, 80))],
    "four cells": QUARTERS,
    "rounded inwards": [Grid(2, 2, (0, 0, 39, 40)), RIGHT],
    "a quarter of a cell off": [LEFT, Grid(2, 2, (45, 0, 85, 40))],
    "more than a quarter of a cell off": [LEFT, Grid(2, 2, (45.5, 0, 85.5, 40))],
    "half a cell off": [LEFT, Grid(2, 2, (50, 0, 90, 40))],
    "a quarter of a cell too wide": [LEFT, Grid(2, 2, (40, 0, 85, 40))],
    "half a cell too high": [LEFT, Grid(2, 2, (40, 0, 80, 50))],
    "overlap": [LEFT, Grid(2, 2, (20, 0, 60, 40))],
    "twice the same": [LEFT, LEFT],
    "overlap and gap of one size": [LEFT, LEFT, Grid(2, 2, (80, 0, 120, 40))],
    "gap": [LEFT, Grid(2, 2, (60, 0, 100, 40))],
    "far away": [LEFT, Grid(2, 2, (4e9, 0, 4e9 + 40, 40))],
    "other cells": [LEFT, Grid(4, 4, (40, 0, 80, 40))],
    "no rectangle": [LEFT, Grid(2, 2, (40, 40, 80, 80))],
    "a corner is missing": QUARTERS[:3],
}


def described(name: str, grids: list[Grid]) -> dict[str, Any]:
    joined = mosaic(grids)
    return {
        "name": name,
        "grids": [
            {"rows": one.rows, "cols": one.cols, "rect": one.rect, "thumbnail": one.thumbnail}
            for one in grids
        ],
        "tiles": in_view(grids),
        "thumbnail": in_view(grids, thumbnail=True),
        "joined": joined
        and {
            "rows": joined.grid.rows,
            "cols": joined.grid.cols,
            "rect": joined.grid.rect,
            "cells": joined.order.ravel().tolist(),
        },
    }


def fixture() -> list[dict[str, Any]]:
    """Grids of one picture: which are drawn, and what they are joined into."""
    return [described(name, grids) for name, grids in CASES.items()]


def test_the_browser_joins_the_same_tiles() -> None:
    """After a wanted change: `python -m tests.explanation.test_mosaic` writes it anew."""
    assert json.loads(json.dumps(fixture())) == json.loads(FIXTURE.read_text("utf-8"))


if __name__ == "__main__":
    FIXTURE.write_text(json.dumps(fixture()) + "\n", "utf-8")
