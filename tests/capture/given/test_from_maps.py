"""Maps of another tool become an explanation that every view can show."""

from __future__ import annotations

import io
import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import tam_widgets as tw
from tam_widgets import errors
from tam_widgets.views.wire import encode

TOKENS = ["A", " dog", " barks", "."]


def picture(size: tuple[int, int] = (48, 32)) -> Image.Image:
    rng = np.random.default_rng(0)
    return Image.fromarray(rng.integers(0, 255, (size[1], size[0], 3)).astype(np.uint8))


def maps(rows: int = 4, cols: int = 6, tokens: int = 4) -> np.ndarray:
    return np.random.default_rng(1).random((tokens, rows, cols))


def given(**changes: Any) -> tw.Explanation:
    everything = {"picture": picture(), "tokens": TOKENS, "maps": {"mine": maps()}}
    return tw.Explanation.from_maps(**everything | changes)


def test_maps_keep_their_places_and_are_scaled_together() -> None:
    ex = given(maps={"mine": 3 * maps()}, prompt="What is there?")
    assert (ex.text, ex.prompt_text) == ("A dog barks.", "What is there?")
    assert [grid.rect for grid in ex.grids] == [(0, 0, 48, 32)]
    np.testing.assert_allclose(ex.map(ex.find("dog"))[0], maps()[1] / maps().max(), rtol=1e-6)
    assert ex.extra_methods["mine"].fixed["largest"] == pytest.approx(3 * maps().max())
    assert ex.extra_tokens["mine"] == tuple(range(ex.prompt_length, len(ex)))
    assert not ex.maps()[: ex.prompt_length].any()


@pytest.mark.parametrize("form", ["path", "array", "bytes"])
def test_pictures_of_any_source(form: str, tmp_path: Path) -> None:
    picture().save(tmp_path / "a.png")
    buffer = io.BytesIO()
    picture().save(buffer, "PNG")
    sources = {
        "path": tmp_path / "a.png",
        "array": np.asarray(picture()),
        "bytes": buffer.getvalue(),
    }
    assert given(picture=sources[form]).images == given().images


def test_tam_is_absent_and_says_so() -> None:
    ex = given()
    assert list(ex.methods) == ["mine"]
    assert ex.default_method == "mine"
    with pytest.raises(errors.OptionError, match=r"raw activations.*its methods are mine"):
        ex.maps("tam")
    with pytest.raises(errors.OptionError, match="raw activations"):
        ex.maps(tw.METHODS["tam"].variant("TAM, window 5", kernel_size=5))
    with pytest.raises(errors.OptionError, match="needs the raw activations"):
        tw.anatomy(ex, "dog")
    with pytest.raises(errors.OptionError, match="needs the raw activations"):
        tw.exercise(ex)
    with pytest.raises(errors.OptionError, match="only its last layer"):
        ex.at_layer(1)


def test_saved_and_loaded(tmp_path: Path) -> None:
    signed = tw.Method("a gradient", "gradient", "somebody 2026")
    ex = given(
        maps={"mine": maps(), "a gradient": maps() - 0.5},
        methods=[signed],
        probabilities=[0.5, 0.25, 1, 0],
        name="their model",
    )
    ex.save(tmp_path / "a.safetensors")
    again = tw.load(tmp_path / "a.safetensors")
    assert (again.default_method, again.title) == ("mine", "their model")
    assert again.tokens == ex.tokens
    assert [token.probability for token in again.tokens] == pytest.approx([0.5, 0.25, 1, 0])
    for name in ex.methods:
        np.testing.assert_array_equal(again.maps(name), ex.maps(name))
    found = again.methods["a gradient"]
    assert (found.label, found.source, found.signed) == ("gradient", "somebody 2026", True)
    assert not again.methods["mine"].signed


def test_every_view_opens(tmp_path: Path) -> None:
    ex = given(log_probabilities=np.log([0.5, 0.25, 0.9, 0.8]))
    header, _ = encode([ex])
    assert [method["name"] for method in header["methods"]] == ["mine"]
    strongest = [1, 2][int(maps().max(axis=(1, 2))[1:3].argmax())]  # of words but "A"
    assert header["atRest"] == [[strongest]]
    view = tw.Explorer(ex)
    assert view.method == "mine"
    assert 'method="mine"' in view.code
    assert "image/jpeg" in view._repr_mimebundle_()[0]
    ex.to_html(tmp_path / "a.html")
    assert '"method": "mine"' in (tmp_path / "a.html").read_text("utf-8")
    ex.to_png(tmp_path / "a.png")
    ex.figure("dog").save(tmp_path / "a.pdf")
    table = ex.to_dataframe()
    assert table["image_peak"].isna().all()
    assert table["strongest"].max() == 1


def test_beside_an_explanation_with_activations(tmp_path: Path) -> None:
    from tests.views import made

    other = made.explanation()
    ex = given(picture=other.images[0], tokens=[" a", " dog"], maps=maps(3, 4, 2))
    view = tw.compare(other, ex)
    assert view.methods == ["tam", "map"]
    assert tw.compare(other, ex, method="cam").methods == []
    assert [one.word for one in tw.agreement(other, ex)] == ["a"]
    header, _ = encode([other, ex])
    assert {"tam", "map"} <= {method["name"] for method in header["methods"]}
    assert header["panels"][1]["activations"]["shape"] == [0, 0]
    view.to_html(tmp_path / "a.html")
    assert tw.compare(ex, ex).methods == []


def test_large_maps_are_averaged_over_areas() -> None:
    wide = np.zeros((4, 100, 256))
    wide[1, :, :128] = 1
    wide[1, :, :64] = 3
    with pytest.warns(UserWarning, match="100 x 256 values.* to 25 x 64 cells") as caught:
        ex = given(maps={"pixels": wide})
    assert caught[0].filename == __file__
    (found,) = ex.map(1)
    assert found.shape == (25, 64)
    np.testing.assert_allclose(found.mean(), wide[1].mean() / 3, rtol=1e-6)
    np.testing.assert_allclose(found[:, [0, 20, 40]].mean(axis=0), [1, 1 / 3, 0], atol=1e-6)


def test_several_methods_share_the_finest_grid() -> None:
    coarse = np.zeros((4, 2, 2))
    coarse[0, 1, 1] = 5
    ex = given(maps={"fine": maps(4, 6), "coarse": coarse})
    assert (ex.grids[0].rows, ex.grids[0].cols) == (4, 6)
    expected = np.zeros((4, 6))
    expected[2:, 3:] = 1
    np.testing.assert_allclose(ex.map(0, "coarse")[0], expected)


def test_a_part_of_the_picture() -> None:
    ex = given(rect=(8, 0, 40, 32))
    assert ex.grids[0].rect == (8, 0, 40, 32)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"maps": maps()[:3]}, "3 maps of 'map' are given for 4 tokens"),
        ({"maps": {"mine": maps()[0]}}, r"the shape \(4, 6\): \[tokens, rows, cols\]"),
        ({"maps": {"mine": maps()[:, None]}}, "add up channels first"),
        ({"maps": {}}, "at least one method's maps"),
        ({"maps": {"mine": [["a"]]}}, "no array of numbers, but a list"),
        ({"maps": {"mine": maps() * 1j}}, "no array of numbers"),
        ({"maps": {"tam": maps()}}, "the name of a method of tam_widgets"),
        ({"maps": {"occlusion": maps()}}, r"such as 'occlusion \(other tool\)'"),
        ({"maps": {" ": maps()}}, "give each method a name"),
        ({"maps": {"mine": np.where(maps() > 0.9, np.nan, 0)}}, r"not finite at \[\d, \d, \d\]"),
        ({"methods": [tw.Method("other")]}, "describes 'other', of which there are no maps"),
        ({"methods": ["mine"]}, "a list of descriptions"),
        ({"tokens": "A dog"}, "a list of the answer's tokens"),
        ({"tokens": ["A", 3, " dog", "."]}, r"tokens\[1\]=3: give texts"),
        ({"tokens": ["", " ", "", ""]}, "the answer is empty"),
        ({"tokens": ["▁A", "▁dog", "▁barks", "."]}, "the entry of a vocabulary"),
        ({"prompt": ["a"]}, "prompt="),
        ({"probabilities": [0.5, 1, 1]}, r"the shape \(3,\): \(4,\), one value for each token"),
        ({"probabilities": [0.5, 1, 1.2, 1]}, r"probabilities\[2\] is 1.2: give values from 0"),
        ({"log_probabilities": [0, 0, 0.5, 0]}, r"log_probabilities\[2\] is 0.5"),
        ({"log_probabilities": [0, -math.inf, 0, 0]}, "finite and at most 0"),
        ({"log_probabilities": [0] * 4, "probabilities": [1] * 4}, "give one of them"),
        ({"rect": (0, 0, 49, 32)}, "within the picture of 48 x 32 pixels"),
        ({"rect": (0, 0, 1, 1)}, "seem to be shares of the picture of 48 x 32 pixels"),
        ({"rect": (0, 0, 4)}, "left, top, right, bottom in pixels"),
        ({"name": 3}, "name=3"),
    ],
)
def test_what_does_not_fit_is_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(errors.OptionError, match=message):
        given(**changes)


def test_a_missing_picture_is_named() -> None:
    with pytest.raises(errors.ImageError, match="no such file"):
        given(picture="missing.png")


def test_words_without_spaces_are_warned_of() -> None:
    with pytest.warns(UserWarning, match="'Adogbarksso', which has no spaces") as caught:
        given(tokens=["A", "dog", "barks", "so"])
    assert caught[0].filename == __file__


def test_maps_without_a_value_are_warned_of() -> None:
    with pytest.warns(UserWarning, match="the maps of 'none' are all 0") as caught:
        given(maps={"mine": maps(), "none": 0 * maps()})
    assert len(caught) == 1
    assert caught[0].filename == __file__


def test_nothing_loads_torch(tmp_path: Path) -> None:
    import subprocess

    code = (
        "import numpy as np, sys, tam_widgets as tw\n"
        "tw.Explanation.from_maps(np.zeros((8, 8, 3), np.uint8), ['a'], np.ones((1, 2, 2)))\n"
        "assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path.cwd())
