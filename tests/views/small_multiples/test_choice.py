"""Which words a figure shows, and what it says of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import tam_widgets as tw
from tam_widgets.attribution import METHODS, Method
from tam_widgets.errors import OptionError, TokenIndexError
from tam_widgets.explanation.explanation import Explanation
from tam_widgets.views.small_multiples.cell import Cell
from tam_widgets.views.small_multiples.figure import Figure
from tests.views.made import explanation


def cells(figure: Figure) -> list[Cell]:
    return [cell for band in figure._sheet.bands for cell in band.cells]


def titles(figure: Figure) -> list[str]:
    return [cell.title for cell in cells(figure)]


def test_words_are_texts_tokens_and_spans() -> None:
    record = explanation((" a", " dog", "ling", " runs"))
    figure = record.figure(["dogling", 3, [2, 3], np.int64(-2)])
    assert titles(figure) == ["dogling", "dog", "a dog", "runs"]
    spans = [cell.views[0].still.parts[0].values for cell in cells(figure)]
    np.testing.assert_array_equal(spans[2], record.map([2, 3])[0])
    np.testing.assert_array_equal(spans[0], record.map(record.find("dogling"))[0])


def test_one_word_may_be_given_alone() -> None:
    assert titles(explanation().figure("dogling")) == ["dogling"]
    assert titles(explanation().figure(2)) == ["a"]


def test_without_words_the_content_words_in_their_order() -> None:
    record = explanation((" the", " dog", " and", " the", " dog", " saw", " a", " cat"))
    assert titles(record.figure()) == ["dog", "saw", "cat"]


def test_of_many_words_the_strongest_and_the_caption_names_the_others() -> None:
    names = [f" word{chr(97 + i)}" for i in range(15)]
    record = explanation(tuple(names))
    maps = np.zeros((len(record.tokens), record.visual_length), np.float32)
    maps[2:17, 0] = np.linspace(0.1, 1, 15)[::-1]
    maps[2:17, 0][[3, 7, 9]] = 0.01
    figure = record.with_maps("mine", maps).figure(methods="mine")
    kept = [name.strip() for i, name in enumerate(names) if i not in (3, 7, 9)]
    assert titles(figure) == kept
    assert "Words with weaker maps, not shown: wordd, wordh, wordj." in figure.caption


def test_a_word_that_is_written_twice_is_shown_where_it_is_stronger() -> None:
    record = explanation((" dog", " dog"))
    maps = np.zeros((len(record.tokens), record.visual_length), np.float32)
    maps[2, 0], maps[3, 1] = 0.5, 0.75
    (cell,) = cells(record.with_maps("mine", maps).figure(methods="mine"))
    assert cell.detail == "p 0.50, max 0.75"


def test_probability_is_that_of_all_pieces() -> None:
    (cell,) = cells(explanation().figure("dogling", scale="shared"))
    assert cell.detail == "p 0.25"


def test_several_methods_are_columns() -> None:
    figure = explanation().figure(["dogling", "a"], ["tam", "cam"])
    sheet = figure._sheet
    assert sheet.heads == ["TAM", "plain CAM"]
    assert [band.heading for band in sheet.bands] == ["dogling, p 0.25", "a, p 0.50"]
    assert repr(figure).startswith("<Figure of 2 words by 2 methods")


def test_more_words_than_methods_stand_side_by_side() -> None:
    sheet = explanation().figure(["dogling", "a", 0], ["tam", "cam"])._sheet
    assert list(sheet.heads) == []
    assert [band.heading for band in sheet.bands] == ["TAM", "plain CAM"]
    assert [len(band.cells) for band in sheet.bands] == [3, 3]


def test_variants_and_one_s_own_maps_are_methods() -> None:
    record = explanation()
    own = record.with_maps(Method("mine", "my method", signed=True), record.activations / 2 - 0.5)
    window = METHODS["tam"].variant("window 1", kernel_size=1)
    figure = own.figure("dogling", [window, "mine"])
    assert figure._sheet.heads == ["window 1", "my method"]
    plain, signed = (cell.views[0] for cell in cells(figure))
    tokens = record.find("dogling")
    expected = record.map(tokens, kernel_size=1)[0]
    np.testing.assert_array_equal(plain.still.parts[0].values, expected)
    assert (plain.paint.diverging, signed.paint.diverging) == (False, True)
    keys = [(key.low, key.high, key.text.partition(",")[0]) for key in figure._sheet.keys]
    assert keys == [
        ("0", "1", "window 1 for the word"),
        ("−1", "+1", "my method for (orange) and against (blue) the word"),
    ]
    assert "window 1 (ECI 1, window 1, border repeat)" in figure.caption


def test_a_shared_scale_is_one_for_all_even_of_sums() -> None:
    figure = explanation().figure(["a", [2, 3, 4]], scale="shared", aggregate="sum")
    ends = {cell.views[0].paint.end for cell in cells(figure)}
    assert len(ends) == 1
    assert ends.pop() > 1
    (key,) = figure._sheet.keys
    assert key.text == "evidence for the word, on one scale for all maps"


def test_models_have_a_band_each_with_the_same_words() -> None:
    left = explanation((" a", " dog", " runs"))
    right = replace(explanation((" two", " cats", " dog")), provenance={"model": "made/other"})
    figure = tw.compare(left, right).figure()
    assert [band.heading for band in figure._sheet.bands] == ["by-hand", "other"]
    assert titles(figure) == ["dog", "runs", "two", "cats"] * 2
    missing = [cell.title for cell in cells(figure) if cell.detail == "not in this answer"]
    assert missing == ["two", "cats", "runs"]
    assert not cells(figure)[2].views[0].still.parts[0].values.any()


def test_tokens_of_a_comparison_are_those_of_the_first_panel() -> None:
    left, right = explanation((" a", " dog")), explanation((" dog", " a"))
    figure = tw.compare(left, right).figure([3])
    values = [cell.views[0].still.parts[0].values for cell in cells(figure)]
    np.testing.assert_array_equal(values[0], left.map(3)[0])
    np.testing.assert_array_equal(values[1], right.map(2)[0])


@pytest.mark.parametrize("ours_first", [True, False])
def test_maps_of_another_tool_beside_tam(ours_first: bool) -> None:
    ours = explanation((" a", " dog", " runs"))
    maps = np.random.default_rng(0).random((3, 4, 4))
    theirs = tw.Explanation.from_maps(
        ours.images[0], ["a", " dog", " runs"], {"saliency": maps}, name="their model"
    )
    pair = (ours, theirs) if ours_first else (theirs, ours)
    headings = ["by-hand, TAM", "their model, saliency"]
    view = tw.compare(*pair)
    for figure in (view.figure("dog"), view.figure()):
        found = [band.heading for band in figure._sheet.bands]
        assert found == (headings if ours_first else headings[::-1])
        for band, one in zip(figure._sheet.bands, pair, strict=True):
            dog = next(cell for cell in band.cells if cell.title == "dog")
            expected = one.map(one.find("dog"))[0]
            np.testing.assert_array_equal(dog.views[0].still.parts[0].values, expected)
    each = view.figure("dog", ["tam", "saliency"])
    missing = [band.heading for band in each._sheet.bands if "no map" in band.cells[0].detail]
    assert {*missing} == {"by-hand, saliency", "their model, TAM"}


def test_a_view_s_settings_are_its_figure_s() -> None:
    view = tw.Explorer(explanation(), method="cam", scale="shared", colormap="jet", threshold=0.5)
    figure = view.figure("dogling")
    (cell,) = cells(figure)
    paint = cell.views[0].paint
    assert (paint.end, paint.colormap, paint.threshold) == (1, "jet", 0.5)
    assert "Maps: plain CAM; below 50% of the scale nothing is drawn" in figure.caption
    assert cells(view.figure("dogling", colormap="viridis"))[0].views[0].paint.colormap == "viridis"


def test_the_caption_says_what_was_explained() -> None:
    record = explanation((" A", " dog."), ("What", " is\nit?"), finish_reason="length")
    assert record.figure("dog").caption == (
        "by-hand. Prompt: “What is it?” Answer: “A dog.” (cut off at max_new_tokens). Maps: TAM "
        "(ECI 1, window 3, border repeat); smoothed between the model's cells. p: the model's "
        "probability of the word; max: the map's maximum."
    )


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"words": []}, "give texts such as 'dog'"),
        ({"words": 1.5}, "words=1.5: give texts"),
        ({"words": [1.5]}, "1.5 among the words"),
        ({"methods": 3}, "methods=3: give the name"),
        ({"words": "zebra"}, "'zebra' does not occur in the answer"),
        ({"methods": []}, "give the name of a method"),
        ({"methods": ["tam", "tam"]}, "each of them once"),
        ({"methods": "occlusion"}, "is computed with the model"),
        ({"methods": "nothing"}, "nothing"),
        ({"opacity": 2}, "opacity=2: give a number from 0 to 1"),
        ({"scale": "own"}, "scale='own': give one of token, shared"),
        ({"colour": 1}, "colour=…: a figure takes eci"),
        ({"kernel_size": 2}, "kernel_size"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said(given: dict, message: str) -> None:
    with pytest.raises(OptionError) as caught:
        explanation().figure(**given)
    assert message in str(caught.value)


@pytest.mark.parametrize("words", [[99], [[]], [[0, 99]]])
def test_tokens_that_are_not_there(words: list) -> None:
    with pytest.raises(TokenIndexError):
        explanation().figure(words)


def test_an_answer_without_content_words() -> None:
    with pytest.raises(OptionError, match="no content words"):
        explanation((" it", " is", ".")).figure()


def test_words_that_no_model_wrote() -> None:
    view = tw.compare(explanation(), explanation())
    with pytest.raises(OptionError, match="zebra"):
        view.figure("zebra")


def test_the_explanation_is_not_changed() -> None:
    record: Explanation = explanation()
    record.figure("dogling", [METHODS["tam"].variant("window 1", kernel_size=1)])
    assert "window 1" not in record.methods
