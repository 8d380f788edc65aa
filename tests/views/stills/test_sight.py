"""A still picture shows what the explorer shows under the same settings."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tam_widgets.attribution import Method
from tam_widgets.explanation.explanation import Explanation
from tam_widgets.explanation.geometry import Grid
from tam_widgets.explanation.words import links
from tam_widgets.views import Explorer
from tam_widgets.views.colormaps import LEAST_END
from tam_widgets.views.stills.legend_text import legend_text, shading_text
from tam_widgets.views.stills.settings import StillSettings
from tam_widgets.views.stills.sight import Sight, sights
from tam_widgets.views.wire import encode
from tests.views.made import explanation, stored_image, with_alternatives

FIXTURE = Path(__file__).parents[2] / "fixtures" / "twins.json"
TOKEN = 5
"""The answer's last word in `made`, which has the alternatives."""


def sight(record: Explanation, **settings: Any) -> Sight:
    return sights([record], StillSettings(**settings))[0]


def flat(grids: list[np.ndarray]) -> np.ndarray:
    return np.concatenate([grid.ravel() for grid in grids])


@pytest.fixture
def record() -> Explanation:
    return with_alternatives(explanation())


@pytest.mark.parametrize("how", ["max", "mean", "first", "sum"])
def test_a_span_is_one_map(record: Explanation, how: str) -> None:
    seen = sight(record, selected=[(0, 3), (0, 4)], aggregate=how)
    assert list(seen.tokens) == [3, 4]
    np.testing.assert_allclose(seen.values, flat(record.map([3, 4], aggregate=how)))


@pytest.mark.parametrize(
    "options", [{"eci": 0.25}, {"kernel_size": 1}, {"border": "repeat"}], ids=str
)
def test_the_map_is_that_of_the_settings(record: Explanation, options: dict[str, Any]) -> None:
    seen = sight(record, selected=[(0, 4)], **options)
    np.testing.assert_allclose(seen.values, flat(record.map(4, **options)))


def test_a_contrast_runs_to_both_sides_and_says_for_what(record: Explanation) -> None:
    seen = sight(record, selected=[(0, TOKEN)], counterfactual=[0, TOKEN, 0], contrast=True)
    np.testing.assert_allclose(seen.values, flat(record.contrast(TOKEN, "cat")))
    assert seen.paint.diverging
    assert seen.paint.end == pytest.approx(max(LEAST_END, np.abs(seen.values).max()))
    speaks = "Where the image speaks for “<b>runs</b>” (orange), and where for “cat” (blue)."
    assert seen.note == speaks


def test_an_alternative_stands_in_the_token_s_place(record: Explanation) -> None:
    seen = sight(record, selected=[(0, TOKEN)], counterfactual=[0, TOKEN, 1])
    np.testing.assert_allclose(seen.values, flat(record.counterfactual(TOKEN, "hot dog")))
    assert seen.note == "The map of “hot dog” in the place of “<b>runs</b>”."
    elsewhere = sight(record, selected=[(0, 4)], counterfactual=[0, TOKEN, 1], contrast=True)
    np.testing.assert_allclose(elsewhere.values, flat(record.map(4)))
    assert (elsewhere.names, elsewhere.paint.diverging) == (None, False)


def test_an_alternative_stands_in_the_linked_token_s_place_too(record: Explanation) -> None:
    settings = StillSettings(selected=[(0, TOKEN)], counterfactual=[0, TOKEN, 0], contrast=True)
    there, linked = sights([record, record], settings)
    assert (linked.note, linked.names) == (there.note, there.names)
    np.testing.assert_array_equal(linked.values, there.values)
    lacking = sights([record, explanation()], settings)[1]
    assert lacking.note == "There is no map of that other word here."
    assert (lacking.names, lacking.paint.diverging) == (None, False)
    other = sights([record, explanation((" cat",))], settings)[1]
    assert other.note == ""


def test_a_panel_without_a_map_of_the_method_says_so_by_its_label(record: Explanation) -> None:
    mine = record.with_maps(Method("mine", "my method", signed=True), record.activations / 2 - 0.5)
    there, absent = sights([mine, record], StillSettings(method="mine", selected=[(0, 4)]))
    assert (there.note, absent.note) == ("", "This explanation has no map of my method.")
    assert (there.ends, absent.ends) == (("for", "against"), None)


def test_a_panel_says_for_which_words_a_method_was_not_computed(record: Explanation) -> None:
    method = Method("mine", "my method")
    mine = record.with_maps(method, record.activations.clip(0, 1), tokens=[4])
    notes = [sight(mine, method="mine", selected=[(0, token)]).note for token in (4, 3)]
    assert notes == ["", "my method was not computed for this word."]


def test_scales_are_the_explorer_s(record: Explanation) -> None:
    strong = sight(record, selected=[(0, 3)])
    assert LEAST_END < strong.paint.end == strong.values.max() < 1
    weak = sight(record, selected=[(0, 4)])
    assert weak.values.max() < LEAST_END == weak.paint.end
    assert sight(record, selected=[(0, 4)], scale="shared").paint.end == 1


def test_a_box_shades_words_by_what_lies_inside(record: Explanation) -> None:
    box = [0, 0, 2, 0, 6, 4]
    shares = dict(record.tokens_in(box[2:]))
    shades = sight(record, selected=[(0, 4)], box=box).shades
    assert {token: share for token, share in shades.items() if share} == pytest.approx(shares)
    settings = StillSettings(selected=[(0, 4)], box=box)
    here, mirrored = sights([record, record], settings)
    assert (mirrored.shades, mirrored.box) == (shades, here.box) == (shades, (0, (2, 0, 6, 4)))
    other = explanation(images=(stored_image(24, 16),))
    assert sights([record, other], settings)[1].box is None


def test_without_a_box_words_are_shaded_by_what_they_prepared(record: Explanation) -> None:
    shades = sight(record, selected=[(0, 4)]).shades
    weights = record.relevance[4, :4] / record.relevance[4, :4].max()
    assert shades == pytest.approx({i: w for i, w in enumerate(weights) if w > 0})
    span = sight(record, selected=[(0, 3), (0, 4)]).shades
    assert 3 not in span
    assert max(span.values()) == 1
    other = sight(record, selected=[(0, TOKEN)], counterfactual=[0, TOKEN, 0]).shades
    assert other == pytest.approx({1: 0.25, 2: 0.5, 3: 0.75, 4: 1.0})


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        (
            {"selected": [(0, 4)]},
            "evidence for “ling”; own scale; "
            "1: the word’s strongest evidence, in picture or text; raw max 1.9",
        ),
        (
            {"selected": [(0, 2), (0, 4)], "scale": "shared"},
            "evidence for “a … ling”; one scale for all; "
            "1: the word’s strongest evidence, in picture or text; raw max 1.9",
        ),
        (
            {"selected": [(0, 2), (0, 3), (0, 4)], "scale": "shared", "aggregate": "sum"},
            "evidence for “a dogling”; own scale; "
            "1: the word’s strongest evidence, in picture or text; raw max 1.9",
        ),
        (
            {"counterfactual": [0, TOKEN, 1]},
            "evidence for “hot dog”; own scale; "
            "1: the word’s strongest evidence, in picture or text; raw max 1.9",
        ),
        ({"counterfactual": [0, TOKEN, 0], "contrast": True}, "own scale; raw max 1.8 : 1.9"),
        ({"method": "mine"}, "my method for “<b>runs</b>”; own scale"),
    ],
    ids=str,
)
def test_the_legend_names_the_quantity(
    record: Explanation, settings: dict[str, Any], text: str
) -> None:
    record = record.with_maps(Method("mine", "my method"), record.activations / 2)
    chosen = StillSettings(**{"selected": [(0, TOKEN)], **settings})
    assert legend_text(record, sights([record], chosen)[0], chosen) == text


def test_nothing_is_named_where_nothing_is_shown(record: Explanation) -> None:
    chosen = StillSettings(selected=[(0, 3)])
    panels = [record, explanation((" cat",))]
    missing = sights(panels, chosen)[1]
    assert (legend_text(panels[1], missing, chosen), shading_text(panels[1], missing)) == ("", "")


def test_shades_and_bars_are_explained(record: Explanation) -> None:
    plain, boxed = (sight(record, selected=[(0, 4)], box=box) for box in ([], [0, 0, 2, 0, 6, 4]))
    assert shading_text(record, plain) == "shading: how much a word prepared “ling”"
    assert shading_text(record, boxed).startswith("Bars under the words show")


def test_at_rest_the_word_is_that_of_the_live_view() -> None:
    panels = [explanation((" a", " dog", "ling")), explanation((" dog", "ling", " or"))]
    header, _ = encode(panels)
    for method in ("tam", "cam"):
        shown = sights(panels, StillSettings(method=method))
        assert [list(one.tokens) for one in shown] == header["atRest"]


def test_other_panels_show_the_twin_or_nothing() -> None:
    left = explanation((" a", " dog", " and", " a", " dog"))
    right = explanation((" dog", " or", " dog", "s"))
    both = StillSettings(selected=[(0, 6)])
    assert [list(one.tokens) for one in sights([left, right], both)] == [[6], [2]]
    missing = sights([left, right], StillSettings(selected=[(0, 4)]))[1]
    assert list(missing.tokens) == []
    assert not missing.values.any()


def test_a_piece_s_twin_is_a_piece_and_a_word_s_the_word() -> None:
    left, right = explanation((" dog", "ling")), explanation((" a", " dog", "ling"))
    piece = sights([left, right], StillSettings(selected=[(0, 3)]))[1]
    assert list(piece.tokens) == [4]
    word = sights([left, right], StillSettings(selected=[(0, 3)], granularity="word"))[1]
    assert list(word.tokens) == [3, 4]


def choices(panels: list[Explanation]) -> Iterator[list[tuple[int, int]]]:
    """Every token alone, neighbours in pairs, and tokens of several panels."""
    for panel, one in enumerate(panels):
        for token in range(len(one.tokens)):
            yield [(panel, token)]
            if token:
                yield [(panel, token), (panel, token - 1)]
    yield [(0, 3), (1, 2)]
    yield [(1, 2), (0, 3)]
    yield [(0, 3), (1, 2), (0, 8)]


def fixture() -> dict[str, Any]:
    """Panels with words in common, and what they show where tokens are selected."""
    panels = [
        explanation(("A", " dog", "ling", " and", " a b", " dog", "-", "house", ".")),
        explanation(("Dog", "lings", " or", " DOG", "LING", " B", " dog", "ling"), ("It", " is")),
        explanation((" dog", "-house", " 猫", "犬", " A", " a"), ("Say", " A", " word")),
    ]
    return {
        "panels": [
            {"tokens": len(one.tokens), "words": [word.tokens for word in one.words()]}
            for one in panels
        ],
        "links": links(panels),
        "shown": [
            {
                "selected": selected,
                "granularity": granularity,
                "tokens": [
                    [int(token) for token in one.tokens]
                    for one in sights(
                        panels, StillSettings(selected=selected, granularity=granularity)
                    )
                ],
            }
            for selected in choices(panels)
            for granularity in ("token", "word")
        ],
    }


def test_the_browser_finds_the_same_twins() -> None:
    """After a wanted change: `python -m tests.views.stills.test_sight` writes it anew."""
    assert json.loads(json.dumps(fixture())) == json.loads(FIXTURE.read_text("utf-8"))


def test_thumbnails_take_the_place_of_tiles() -> None:
    grids = (
        Grid(1, 2, (0, 0, 6, 8)),
        Grid(1, 2, (6, 0, 12, 8)),
        Grid(2, 2, (0, 0, 12, 8), thumbnail=True),
    )
    record = explanation(grids=grids)
    maps = np.zeros((len(record.tokens), 8), np.float32)
    maps[:, :4], maps[:, 4:] = 0.25, 0.5
    record = replace(record, extra_maps={"mine": maps})
    ends = [
        sight(record, method="mine", selected=[(0, 3)], thumbnail=thumbnail).paint.end
        for thumbnail in (False, True)
    ]
    assert ends == [0.25, 0.5]


def drawn(view: Explorer) -> np.ndarray:
    bundle, _ = view._repr_mimebundle_()
    with Image.open(io.BytesIO(base64.b64decode(bundle["image/jpeg"]))) as picture:
        return np.asarray(picture.convert("RGB")).astype(int)


@pytest.mark.parametrize(
    "settings",
    [
        {"eci": 0.0},
        {"opacity": 0.2},
        {"colormap": "jet"},
        {"scale": "shared"},
        {"threshold": 0.9},
        {"cells": True},
        {"box": [0, 0, 2, 1, 8, 6]},
        {"selected": [(0, 3), (0, TOKEN)]},
        {"counterfactual": [0, TOKEN, 0]},
        {"counterfactual": [0, TOKEN, 0], "contrast": True},
    ],
    ids=str,
)
def test_every_setting_is_seen_in_the_notebook_s_picture(
    record: Explanation, settings: dict[str, Any]
) -> None:
    plain = drawn(Explorer(record, selected=[(0, TOKEN)]))
    other = drawn(Explorer(record, **{"selected": [(0, TOKEN)], **settings}))
    assert plain.shape != other.shape or (plain != other).any()


def test_a_contrast_is_orange_and_blue() -> None:
    record = with_alternatives(explanation())
    activations, others = record.activations.copy(), record.alternative_activations.copy()
    activations[TOKEN], others[0] = 0, 0
    activations[TOKEN, 0], others[0, 11] = 1, 1
    record = replace(record, activations=activations, alternative_activations=others)
    settings = {"method": "cam", "opacity": 1.0, "cells": True, "contrast": True}
    pixels = drawn(
        Explorer(record, selected=[(0, TOKEN)], counterfactual=[0, TOKEN, 0], **settings)
    )
    picture = pixels[44 : 44 + 293, 20:460]
    height, width = picture.shape[:2]
    first = picture[height // 6, width // 6 + width // 8]
    last = picture[height - height // 6, width - width // 6 - width // 8]
    assert first[0] > first[2] + 100
    assert last[2] > last[0] + 100


if __name__ == "__main__":
    FIXTURE.write_text(json.dumps(fixture()) + "\n", "utf-8")
