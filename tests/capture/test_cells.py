"""Which pixels each visual token covers: means over them, and maps from values of cells."""

from __future__ import annotations

import numpy as np
import pytest

from tam_widgets.capture.forcing.cells import NOWHERE, Cells
from tam_widgets.explanation.geometry import Grid

SIZE = (50, 30)
"""Width and height of each picture."""

GRIDS = {
    "whole": [Grid(3, 5, (0, 0, 50, 30))],
    "uneven": [Grid(4, 7, (0, 0, 50, 30))],
    "padded": [Grid(5, 5, (0, -10, 50, 40))],
    "cropped": [Grid(3, 3, (10, 0, 40, 30))],
    "two pictures": [Grid(3, 5, (0, 0, 50, 30)), Grid(2, 2, (0, 0, 50, 30), image=1)],
    "video": [Grid(3, 5, (0, 0, 50, 30), time=(0, 1), frames=2)],
    "tiles": [
        Grid(3, 3, (0, 0, 25, 30)),
        Grid(3, 3, (25, 0, 50, 30)),
        Grid(2, 4, (0, 0, 50, 30), thumbnail=True),
    ],
}


@pytest.fixture(params=GRIDS)
def grids(request: pytest.FixtureRequest) -> list[Grid]:
    return GRIDS[request.param]


def pixels_of(grid: Grid, token: int) -> list[tuple[int, int]]:
    """The pixels whose centres lie in a cell."""
    left, top, right, bottom = grid.cell(token)
    return [
        (x, y)
        for x in range(SIZE[0])
        for y in range(SIZE[1])
        if left <= x + 0.5 < right and top <= y + 0.5 < bottom
    ]


def sizes(grids: list[Grid]) -> list[tuple[int, int]]:
    return [SIZE] * max(grid.image + grid.frames for grid in grids)


def test_means_are_those_of_the_pixels_in_each_cell(grids: list[Grid]) -> None:
    rng = np.random.default_rng(0)
    values = [rng.random((SIZE[1], SIZE[0])) for _ in sizes(grids)]
    expected = []
    for grid in grids:
        for token in range(grid.size):
            found = [
                values[image][y, x]
                for image in range(grid.image, grid.image + grid.frames)
                for x, y in pixels_of(grid, token)
            ]
            expected.append(np.mean(found) if found else 0.0)
    np.testing.assert_allclose(Cells(grids, sizes(grids)).means(values), expected)


def test_cells_have_the_values_that_they_are_given(grids: list[Grid]) -> None:
    cells = Cells(grids, sizes(grids))
    values = np.random.default_rng(0).random((2, len(cells)))
    maps = cells.spread(values)
    assert maps.shape == (2, sum(grid.size for grid in grids))
    np.testing.assert_array_equal(maps[:, cells.tokens], values)
    beside = np.concatenate(
        [[not pixels_of(grid, token) for token in range(grid.size)] for grid in grids]
    )
    assert not maps[:, beside].any()


def test_a_thumbnail_shows_the_mean_of_the_tiles() -> None:
    cells = Cells(GRIDS["tiles"], [SIZE])
    (map_,) = cells.spread(np.arange(18.0)[None])
    shown = np.arange(18.0)[cells.labels[0]]
    assert (cells.labels[0] != NOWHERE).all()
    np.testing.assert_allclose(map_[18], shown[:15, :12].mean())
