"""RISE, against its equation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from tam_widgets.methods.rise import rise

from .answers import MadeAnswer, brightness, frozen_answer, silent


def test_few_masks_give_what_the_equation_says() -> None:
    frozen, tokens = frozen_answer("qwen2_vl")
    variants: list[Sequence[Image.Image]] = []

    class Watched:
        def __getattr__(self, name: str) -> object:
            return getattr(frozen, name)

        def log_probabilities(self, given: object, *args: object, **options: object) -> object:
            variants.extend(given)  # type: ignore[call-overload]
            return frozen.log_probabilities(variants, *args, **options)

        def blank(self, _fill: str) -> list[Image.Image]:
            return [Image.new("RGB", frozen.pictures[0].size)]

    found = rise(Watched(), tokens, count=5, seed=3, progress=silent)
    p = np.exp(frozen.log_probabilities(variants, tokens))
    picture = np.asarray(frozen.pictures[0], float)
    masks = np.array([np.asarray(one[0], float).sum(axis=2) for one in variants])
    masks /= picture.sum(axis=2)  # black where hidden
    (grid,) = frozen.grids
    expected = np.zeros_like(found)
    for cell in range(grid.size):
        left, top, right, bottom = (round(edge) for edge in grid.cell(cell))
        own = masks[:, top:bottom, left:right].mean(axis=(1, 2))
        expected[:, cell] = own @ p / own.sum() - p.mean(axis=0)
    np.testing.assert_allclose(found, expected, atol=0.01 * np.abs(expected).max())


def test_it_finds_what_a_token_rests_on() -> None:
    def probability(pictures: Sequence[Image.Image], token: int) -> float:
        seen = brightness(pictures)
        return float(0.1 + 0.8 * seen[1, 2]) if token == 5 else 0.5

    frozen = MadeAnswer(probability)
    found, same = rise(frozen, [5, 6], count=300, progress=silent)
    assert found.argmax() == 4 * 1 + 2
    assert abs(found[12]) < 0.1 * found.max()  # far away
    np.testing.assert_allclose(same, 0, atol=1e-12)  # no mask changes this token
    assert frozen.asked == 300


def test_a_seed_gives_the_same_masks() -> None:
    def probability(pictures: Sequence[Image.Image], _token: int) -> float:
        return float(0.1 + 0.8 * brightness(pictures)[1, 2])

    def maps(seed: int) -> np.ndarray:
        return rise(MadeAnswer(probability), [5], count=5, seed=seed, progress=silent)

    np.testing.assert_array_equal(maps(1), maps(1))
    assert not np.array_equal(maps(1), maps(2))
