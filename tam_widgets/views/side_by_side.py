"""Explanations side by side, each panel with a method of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..attribution import Method
from ..errors import OptionError
from ..explanation.explanation import Explanation
from .methods import with_variants
from .wire import distinct

if TYPE_CHECKING:
    from ..capture.explainer import Explainer

PanelMethods = Iterable[str | Method]
"""Names of methods, or variants of registered ones."""


def by_method(
    explanations: Sequence[Explanation],
    methods: PanelMethods,
    explainers: Sequence[Explainer | None],
    options: Mapping[str, Any],
) -> tuple[list[Explanation], list[str]]:
    """The explanations and the methods' names of a view's panels.

    Args:
        explanations: One, which is repeated, or one for each method.
        methods: One for each panel.
        explainers: The model of each explanation, which computes maps that are missing.
        options: What `Explanation.maps` takes besides.

    Returns:
        The explanations with maps of all methods that they show; one that is shown several times
        is the same object in each panel.

    Raises:
        OptionError: If the counts differ, there is no such method, or one needs the model and
            there are neither its maps nor the model.
    """
    asked = _listed(methods)
    if len(explanations) not in (1, len(asked)):
        raise OptionError(
            f"{len(explanations)} explanations and {len(asked)} methods: give one explanation, "
            "which is shown by each method, or one method for each explanation"
        )
    panels = [*explanations] * (len(asked) if len(explanations) == 1 else 1)
    named = [panel.method(one) for panel, one in zip(panels, asked, strict=True)]
    of: dict[int, dict[str, Method]] = {}
    for panel, method in zip(panels, named, strict=True):
        of.setdefault(id(panel), {})[method.name] = method
    models = {id(one): model for one, model in zip(explanations, explainers, strict=True)}
    made = {
        id(one): with_maps_of(one, [*of[id(one)].values()], models[id(one)], options)
        for one in distinct(explanations)
    }
    return [made[id(panel)] for panel in panels], [method.name for method in named]


def _listed(methods: PanelMethods) -> list[str | Method]:
    named_alone = isinstance(methods, str | Method) or not isinstance(methods, Iterable)
    several = [] if named_alone else [*methods]
    if not several or not all(isinstance(one, str | Method) for one in several):
        raise OptionError(
            f"methods={methods!r:.200}: give a list of methods' names, one for each panel, such as "
            '["tam", "attention"]'
        )
    return several


def with_maps_of(
    explanation: Explanation,
    methods: Sequence[Method],
    explainer: Explainer | None,
    options: Mapping[str, Any],
) -> Explanation:
    """The explanation with the maps of methods that a view is to show.

    Args:
        explanation: The record.
        methods: The methods.
        explainer: Its model, which computes maps that are missing and shows its progress.
        options: What `Explanation.maps` takes besides.

    Raises:
        OptionError: If one needs the model, and there are neither its maps nor the model.
    """
    missing = [one for one in methods if not one.maps and one.name not in explanation.methods]
    if missing:
        explanation = _computed(explanation, missing, explainer)
    explanation = with_variants(explanation, methods, options)
    for method in methods:
        if method.on_request and method.name not in explanation.extra_maps:
            explanation = explanation.with_maps(method, explanation.maps(method, **options))
    return explanation


def _computed(
    explanation: Explanation, methods: Sequence[Method], explainer: Explainer | None
) -> Explanation:
    if explainer is None:
        names = [method.name for method in methods]
        raise OptionError(
            f"{names} are computed with the model, and this explanation has neither their maps nor "
            f"its model at hand: ex = explainer.attribute(ex, {names}) adds them, or "
            "explainer=explainer lets the view compute them"
        )
    return explainer.attribute(explanation, methods)
