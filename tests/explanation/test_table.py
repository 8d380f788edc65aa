"""The table of tokens says of each what the explanation itself says."""

import sys

import numpy as np
import pytest

import tam_widgets as tw
from tam_widgets.errors import MissingExtraError, OptionError
from tam_widgets.explanation.geometry import Grid

from ..views import made


def test_a_row_a_token_with_its_text_and_candidates() -> None:
    explanation = made.with_alternatives(made.explanation())
    table = explanation.to_dataframe()
    assert table.index.name == "token"
    assert table["text"].tolist() == [token.text for token in explanation.tokens]
    assert table["kind"].tolist() == [token.kind for token in explanation.tokens]
    assert table["id"].tolist() == explanation.token_ids.tolist()
    assert table["turn"].tolist() == [0, 2, 3, 3, 3, 3, 3]
    assert table["special"].tolist() == [False] * 6 + [True]
    dog, ling = explanation.find("dogling")
    assert table["word"][dog] == table["word"][ling] == "dogling"
    assert table["word"].isna()[6]
    token = explanation.tokens[dog]
    assert table["probability"][dog] == token.probability
    assert table["candidates"][dog] == [(c.text, c.probability) for c in token.candidates]


@pytest.mark.parametrize("options", [{}, {"method": "cam"}, {"eci": 0.5, "kernel_size": 1}])
def test_numbers_are_those_of_the_maps(options: dict[str, object]) -> None:
    explanation = made.explanation()
    maps = explanation.maps(**options)
    table = explanation.to_dataframe(**options)
    np.testing.assert_allclose(table["strongest"], maps.max(axis=1))
    np.testing.assert_allclose(table["mean"], maps.mean(axis=1), rtol=1e-6)
    half = maps.max(axis=1, keepdims=True) / 2
    expected = np.where(half[:, 0] > 0, (maps >= half).mean(axis=1), 0)
    np.testing.assert_allclose(table["extent"], expected)
    (grid,) = explanation.grids
    for token in np.flatnonzero(maps.max(axis=1) > 0):
        left, top, right, bottom = grid.cell(int(maps[token].argmax()))
        assert (table["x"][token], table["y"][token]) == ((left + right) / 2, (top + bottom) / 2)
    np.testing.assert_allclose(table["image_peak"], explanation.activations.max(axis=1))
    np.testing.assert_allclose(table["text_peak"], explanation.relevance.max(axis=1))


def test_an_empty_map_is_strongest_nowhere() -> None:
    table = made.explanation(scale=0.0).to_dataframe("cam")
    assert (table["strongest"] == 0).all()
    assert (table["extent"] == 0).all()
    assert table[["image", "x", "y"]].isna().all(axis=None)


def test_of_tiles_and_a_thumbnail_the_tiles_count() -> None:
    tiles = (
        Grid(2, 2, (0, 0, 6, 8)),
        Grid(2, 2, (6, 0, 12, 8)),
        Grid(1, 1, (0, 0, 12, 8), thumbnail=True),
    )
    explanation = made.explanation(grids=tiles)
    table = explanation.to_dataframe("cam")
    np.testing.assert_allclose(table["strongest"], explanation.maps("cam")[:, :8].max(axis=1))


def test_a_frame_is_named_by_its_number() -> None:
    frames = tuple(Grid(2, 2, (0, 0, 12, 8), number, (number, number + 1.0)) for number in (0, 1))
    images = (made.stored_image(), made.stored_image())
    explanation = made.explanation(grids=frames, images=images)
    table = explanation.to_dataframe("cam")
    expected = explanation.maps("cam").argmax(axis=1) // 4
    shown = table["strongest"] > 0
    assert shown.any()
    assert table["image"][shown].tolist() == expected[shown].tolist()


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(OptionError, match="bandwidth"):
        made.explanation().to_dataframe(bandwidth=3)  # type: ignore[call-arg]


def test_without_pandas_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingExtraError, match="pip install pandas"):
        made.explanation().to_dataframe()


def test_a_saved_explanation_has_the_same_table(tmp_path: object) -> None:
    import pandas as pd

    explanation = made.explanation()
    explanation.save(f"{tmp_path}/a.safetensors")
    opened = tw.load(f"{tmp_path}/a.safetensors")
    pd.testing.assert_frame_equal(opened.to_dataframe(), explanation.to_dataframe())
