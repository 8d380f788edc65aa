"""Occlusion, against a plain loop over windows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image

from tam_widgets.capture.forcing.cells import Cells
from tam_widgets.explanation.geometry import Grid
from tam_widgets.methods.occlusion import OCCLUSION, occlusion, passes

from .answers import MadeAnswer, brightness, frozen_answer, silent


@pytest.mark.parametrize("window", [1, 2, 4])
def test_a_cell_has_the_mean_drop_of_the_windows_over_it(window: int) -> None:
    frozen, tokens = frozen_answer("qwen2_vl")
    (grid,) = frozen.grids
    full = frozen.log_probabilities([frozen.pictures], tokens)[0]
    (picture,) = frozen.pictures
    red, green, blue = np.asarray(picture).reshape(-1, 3).mean(axis=0).round().astype(int)
    drops: dict[int, list[np.ndarray]] = {cell: [] for cell in range(grid.size)}
    step = max(1, window // 2)
    for row in range(0, grid.rows - window + step, step):
        for col in range(0, grid.cols - window + step, step):
            hidden = picture.copy()
            own = [
                r * grid.cols + c
                for r in range(row, min(row + window, grid.rows))
                for c in range(col, min(col + window, grid.cols))
            ]
            for cell in own:
                left, top, right, bottom = (round(edge) for edge in grid.cell(cell))
                hidden.paste((int(red), int(green), int(blue)), (left, top, right, bottom))
            drop = full - frozen.log_probabilities([[hidden]], tokens)[0]
            for cell in own:
                drops[cell].append(drop)
    expected = np.array([np.mean(drops[cell], axis=0) for cell in range(grid.size)]).T
    found = occlusion(frozen, tokens, window=window, progress=silent)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_windows_of_several_sizes_are_averaged() -> None:
    frozen, tokens = frozen_answer("qwen2_vl")
    each = [occlusion(frozen, tokens, window=side, progress=silent) for side in (1, 2, 4)]
    found = occlusion(frozen, tokens, progress=silent)
    np.testing.assert_allclose(found, np.mean(each, axis=0), atol=1e-6)


def test_what_speaks_against_a_token_is_negative() -> None:
    def probability(pictures: Sequence[Image.Image], _token: int) -> float:
        seen = brightness(pictures)
        return float(0.5 * np.exp(0.3 * seen[0, 0] - 0.2 * seen[3, 3]))

    found = occlusion(MadeAnswer(probability), [5], window=1, progress=silent)
    expected = np.zeros(16)
    expected[0], expected[15] = 0.3, -0.2
    np.testing.assert_allclose(found, [expected], atol=1e-12)
    assert OCCLUSION.signed


def test_no_pass_is_spent_on_padding() -> None:
    frozen = MadeAnswer(lambda _pictures, _token: 0.5, size=(16, 8))
    frozen.grids = (Grid(4, 4, (0, -4, 16, 12)),)
    frozen.cells = Cells(frozen.grids, [(16, 8)])
    assert passes(frozen, 1, window=1) == (1 + 8, 0)
    occlusion(frozen, [5], window=1, progress=silent)
    assert frozen.asked == 1 + 8
