"""The methods that a view offers, and the maps that it carries of them."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..attribution import METHODS, Method
from ..attribution.interference import Floats
from ..contract import CONTRACT
from ..errors import message_of
from ..explanation.explanation import Explanation
from ..terminal import escaped


def opening(explanations: Sequence[Explanation]) -> dict[str, Any]:
    """The settings of methods with which a view opens unless others are given.

    Nothing if TAM is each explanation's default; else the one method of all, or each panel's own.

    Raises:
        OptionError: If an explanation has no map yet.
    """
    own = [one.default_method for one in explanations]
    if len({*own}) > 1:
        return {"methods": own}
    return {} if own[0] == CONTRACT.settings["method"].default else {"method": own[0]}


def offered(explanations: Sequence[Explanation]) -> dict[str, Method]:
    """Methods by name, those from the record first: all that some explanation has a map of."""
    return {name: one for each in explanations for name, one in _offered(each).items()}


def _offered(explanation: Explanation) -> dict[str, Method]:
    """Methods of one explanation, without those that are shown only where they were added."""
    return {
        name: method
        for name, method in explanation.methods.items()
        if not method.on_request or name in explanation.extra_maps
    }


def carried(explanation: Explanation) -> Iterator[tuple[str, Floats]]:
    """What a view cannot compute itself: names of methods with maps, float32 [tokens, visual].

    A method whose maps cannot be made is left out, and a warning says why.
    """
    for name, method in _offered(explanation).items():
        if method.in_browser:
            continue
        try:
            yield name, explanation.maps(name)
        except Exception as error:  # the method is somebody's own code
            warnings.warn(
                f"the method {escaped(name):.80} is left out of the view: "
                f"{type(error).__name__}, {escaped(message_of(error)):.200}",
                stacklevel=2,
            )


def with_variants(
    explanation: Explanation, methods: Sequence[Method], options: Mapping[str, Any]
) -> Explanation:
    """The explanation with the maps of variants, which it computes from its record.

    Args:
        explanation: The record.
        methods: Variants, and others that are left alone.
        options: What `Explanation.maps` takes besides.
    """
    for method in methods:
        if method.name in explanation.methods or not method.maps:
            continue
        maps = explanation.maps(method, **options)
        taken = {**method.defaults, **method.arguments(options)}
        inner = METHODS[method.registered].fixed if method.registered in METHODS else {}
        told = {n: value for n, value in taken.items() if n not in inner and value is not None}
        explanation = explanation.with_maps(replace(method, fixed={}), maps, **told)
    return explanation
