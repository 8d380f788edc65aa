"""What stands in the contract is all that the code has under these names."""

from __future__ import annotations

from dataclasses import asdict
from typing import get_args

import pytest

import tam_widgets as tw
from tam_widgets.attribution.aggregate import AGGREGATES
from tam_widgets.attribution.rank_gaussian import BORDERS, Border
from tam_widgets.contract import CONTRACT, Setting
from tam_widgets.views.colormaps import NAMES
from tests.views.made import explanation

CHOICES = {"aggregate": AGGREGATES, "border": BORDERS, "colormap": NAMES}


@pytest.mark.parametrize("name", CHOICES)
def test_choices_are_those_that_the_code_knows(name: str) -> None:
    assert tuple(CHOICES[name]) == CONTRACT.settings[name].values
    assert get_args(Border) == CONTRACT.settings["border"].values


@pytest.mark.parametrize(
    ("view", "settings"),
    [(tw.Explorer, CONTRACT.settings), (tw.Gallery, CONTRACT.gallery_settings)],
)
def test_settings_are_the_traits_that_both_sides_set(
    view: type[tw.Explorer] | type[tw.Gallery], settings: dict[str, Setting]
) -> None:
    shared = set(view.class_traits(sync=True, echo_update=False))
    # a step is what a view went through, and nothing that another view could begin with
    assert shared - {"step"} == set(settings)


@pytest.mark.parametrize("name", [name for name, one in CONTRACT.settings.items() if one.values])
def test_the_explorer_takes_every_listed_value_and_no_other(name: str) -> None:
    view = tw.Explorer(explanation())
    for value in CONTRACT.settings[name].values:
        setattr(view, name, value)
    with pytest.raises(Exception, match="give one of"):
        setattr(view, name, "another")


@pytest.mark.parametrize("settings", [CONTRACT.settings, CONTRACT.gallery_settings])
def test_defaults_are_allowed(settings: dict[str, Setting]) -> None:
    for one in settings.values():
        assert not one.values or one.default in one.values
        assert not isinstance(one.default, float) or one.range[0] <= one.default <= one.range[1]


def test_texts_have_no_other_placeholders() -> None:
    values = {
        "own": "a {cat}",
        "other": "a dog",
        "method": "TAM",
        "word": "cat",
        "layer": "3",
        "quantity": "TAM for a dog",
        "invitation": "Look.",
    }
    for text in asdict(CONTRACT.texts).values():
        assert "{" not in text.format(**values).replace("{cat}", "")
