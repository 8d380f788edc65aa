"""Keyword options are typed, so that editors complete what the code takes."""

from typing import Any, get_type_hints

import pytest

import tam_widgets as tw
from tam_widgets.explanation.options import MapOptions

METHODS = ("maps", "map", "tokens_in", "counterfactual", "contrast", "to_dataframe")


def keywords(function: Any, name: str) -> set[str]:
    """What the hint of `**name` says can be given."""
    (unpacked,) = get_type_hints(function)[name].__args__
    return set(get_type_hints(unpacked))


@pytest.mark.parametrize("method", METHODS)
def test_options_of_maps_are_those_of_the_methods(method: str) -> None:
    name = "settings" if method == "maps" else "options"
    taken = {option.name for known in tw.METHODS.values() for option in known.options}
    assert keywords(getattr(tw.Explanation, method), name) == set(MapOptions.__annotations__)
    assert set(MapOptions.__annotations__) == taken
