"""MSEA: raw activations averaged over sizes of the picture."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

import tam_widgets as tw
from tam_widgets.capture.forcing import scales
from tam_widgets.capture.forcing.frozen_answer import FrozenAnswer
from tam_widgets.errors import UnsupportedModelError
from tam_widgets.methods.msea import _resampled, msea, probability_by_scale

from ..models.probe import photo
from .answers import ANSWER, PROMPT, explainer, explanation, frozen_answer, silent


@pytest.mark.parametrize("kind", ["qwen2_vl", "llava", "internvl"])
def test_the_pictures_own_size_gives_raw_activations(kind: str) -> None:
    frozen, tokens = frozen_answer(kind)
    found = msea(frozen, tokens, scales=(1.0,), progress=silent)
    np.testing.assert_allclose(found, explanation(kind).activations[tokens], rtol=1e-4, atol=1e-5)


def at(scale: float) -> tw.Explanation:
    """The same answer to a picture of another size."""
    (picture,) = frozen_answer("qwen2_vl")[0].pictures
    size = (round(picture.width * scale), round(picture.height * scale))
    larger = picture.resize(size, Image.Resampling.BICUBIC)
    return explainer("qwen2_vl").explain(larger, PROMPT, answer=ANSWER)


@pytest.mark.filterwarnings("ignore:at another size")
def test_scales_are_averaged_on_the_pictures_own_cells() -> None:
    frozen, tokens = frozen_answer("qwen2_vl")
    (grid,) = frozen.grids
    own = at(1.5)
    assert own.grids[0].size > grid.size
    expected = explanation("qwen2_vl").activations[tokens].astype(float)
    for index, token in enumerate(tokens):
        large = own.activations[token].reshape(own.grids[0].rows, own.grids[0].cols)
        small = Image.fromarray(large).transform(
            (grid.cols, grid.rows),
            Image.Transform.AFFINE,
            (large.shape[1] / grid.cols, 0, 0, 0, large.shape[0] / grid.rows, 0),
            Image.Resampling.BILINEAR,
        )
        expected[index] = (expected[index] + np.asarray(small).ravel()) / 2
    found = msea(frozen, tokens, scales=(1.0, 1.5), progress=silent)
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4)


def test_probabilities_are_those_of_the_answer_to_each_size() -> None:
    frozen, tokens = frozen_answer("qwen2_vl")
    found = probability_by_scale(frozen, tokens, (0.75, 1.0, 1.5))
    for scale, row in zip((0.75, 1.0, 1.5), found, strict=True):
        made = at(scale)
        expected = [made.tokens[token].probability for token in tokens]
        np.testing.assert_allclose(row, expected, rtol=1e-3)


def test_tokens_that_lose_half_of_their_probability_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    frozen, tokens = frozen_answer("qwen2_vl")
    kept, lost = tokens
    usual = scales.read

    def read(other: FrozenAnswer, asked: list[int]) -> scales.Reading:
        p = [0.8, 0.8] if other is frozen else [0.5, 0.3]
        return scales.Reading(usual(other, asked).activations, np.log(p))

    monkeypatch.setattr(scales, "read", read)
    with pytest.warns(UserWarning, match="less than half as probable") as warned:
        msea(frozen, tokens, progress=silent)
    (said,) = [str(one.message) for one in warned if "another size" in str(one.message)]
    assert f"token {lost}, " in said
    assert "(0.80 to 0.30)" in said
    assert f"token {kept}, " not in said


def test_a_model_that_always_reads_as_many_tokens_is_named() -> None:
    frozen, tokens = frozen_answer("llava")
    with pytest.raises(UnsupportedModelError, match=r"msea.*llava.* reads the same 6 × 6 visual"):
        msea(frozen, tokens, progress=silent)


@pytest.mark.parametrize("kind", ["internvl", "llava_next", "idefics3"])
def test_tiles_of_another_number_meet_at_the_same_places(kind: str) -> None:
    """A map of each cell's place, made at one size, is one of each cell's place at another."""
    one = explainer(kind)
    small, large = (
        one.frozen(one.explain(photo(size), PROMPT, answer=ANSWER))
        for size in ((110, 40), (220, 200))
    )

    def places(frozen: FrozenAnswer) -> np.ndarray:
        found = []
        for grid in frozen.grids:
            edges = np.array([grid.cell(token) for token in range(grid.size)])
            found.append((edges[:, :2] + edges[:, 2:]) / 2 / frozen.pictures[0].size)
        return np.concatenate(found).T

    assert len(small.visual) != len(large.visual)
    moved = _resampled(places(small).astype(np.float32), small, large)
    expected = places(large)
    left, top, right, bottom = np.array([grid.cell(0) for grid in small.grids]).T
    coarsest = (right - left).max() / 110, (bottom - top).max() / 40
    seen = np.abs(expected - 0.5).max(axis=0) < 0.5
    apart = np.abs(moved - expected)[:, seen].max(axis=1)
    assert (apart <= coarsest).all()
