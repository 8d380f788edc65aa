"""Keyword options are typed, so that editors complete what the code takes."""

from inspect import signature
from typing import Any, Literal, get_args, get_origin, get_type_hints

import anywidget
import pytest

import tam_widgets as tw
from tam_widgets.contract import CONTRACT
from tam_widgets.explanation.options import MapOptions
from tam_widgets.views.settings import ExplorerSettings

METHODS = ("maps", "map", "tokens_in", "counterfactual", "contrast", "to_dataframe")


def keywords(function: Any, name: str) -> set[str]:
    """What the hint of `**name` says can be given."""
    # views know the class only while types are checked
    (unpacked,) = get_type_hints(function, localns={"Explainer": tw.Explainer})[name].__args__
    return set(get_type_hints(unpacked))


def own_traits(view: type) -> set[str]:
    """Traits that a view adds to those of every widget, and that can be set."""
    inherited = set(anywidget.AnyWidget.class_trait_names())
    traits = view.class_traits().items()
    return {
        name
        for name, trait in traits
        if name not in inherited and not name.startswith("_") and not trait.read_only
    }


@pytest.mark.parametrize("method", METHODS)
def test_options_of_maps_are_those_of_the_methods(method: str) -> None:
    from_record = [known for known in tw.METHODS.values() if known.maps]
    taken = {name for known in from_record for name in known.settable}
    assert keywords(getattr(tw.Explanation, method), "options") == set(MapOptions.__annotations__)
    assert set(MapOptions.__annotations__) == taken


def test_settings_of_the_explorer_are_its_traits() -> None:
    assert keywords(tw.Explorer.__init__, "settings") == own_traits(tw.Explorer)


def test_a_comparison_takes_them_too_and_methods_by_itself() -> None:
    assert keywords(tw.compare, "settings") | {"methods"} == own_traits(tw.Explorer)
    assert "methods" in signature(tw.compare).parameters


def test_values_of_settings_are_those_that_the_explorer_takes() -> None:
    for name, hint in get_type_hints(ExplorerSettings).items():
        if get_origin(hint) is Literal:
            assert get_args(hint) == CONTRACT.settings[name].values


def test_settings_of_the_gallery_are_its_traits_but_for_the_reports_notes() -> None:
    assert keywords(tw.Gallery.__init__, "settings") == own_traits(tw.Gallery) - {"notes"}
