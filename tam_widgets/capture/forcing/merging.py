"""Adds a method's maps of some tokens to those that an explanation has of others."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...attribution import Method
from ...attribution.method import LARGEST
from ...explanation.explanation import Explanation
from ...explanation.words import texts_of


def with_values(
    explanation: Explanation, method: Method, values: NDArray[np.float64], tokens: Sequence[int]
) -> Explanation:
    """The explanation with a method's maps of some tokens, scaled together with those it has.

    All are divided by the largest absolute value of all, which is kept with the method's options,
    so that tokens that are added later can be scaled with these. Maps that were made with other
    options are replaced, and a warning names the words that lose theirs.

    Args:
        explanation: May have maps of the method.
        method: The method.
        values: As it returned them, not scaled, [these tokens, visual].
        tokens: Indices of the tokens.
    """
    options = {**method.fixed, **method.defaults}
    others = _others(explanation, method.name, tokens)
    kept, reason = _kept(explanation, method.name, options)
    if others and reason:
        _warn_of_loss(explanation, method.name, others, reason)
        others = []
    maps = np.zeros((len(explanation.tokens), explanation.visual_length))
    if others:
        maps[others] = explanation.extra_maps[method.name][others].astype(np.float64) * kept
    maps[list(tokens)] = values
    largest = float(np.abs(maps).max(initial=0))
    facts = {**options, LARGEST: largest}
    scaled = (maps / largest if largest > 0 else maps).astype(np.float32)
    return explanation.with_maps(method, scaled, sorted({*others, *tokens}), **facts)


def _others(explanation: Explanation, name: str, tokens: Sequence[int]) -> list[int]:
    """Tokens that have a map of the method, without some."""
    if name not in explanation.extra_maps:
        return []
    every = np.flatnonzero(explanation.extra_maps[name].any(axis=1)).tolist()
    return sorted({*explanation.extra_tokens.get(name, every)} - {*tokens})


def _kept(explanation: Explanation, name: str, options: Mapping[str, Any]) -> tuple[float, str]:
    """What maps were divided by, and why others cannot be added to them; empty if they can."""
    described = explanation.extra_methods.get(name)
    known = _given(described.fixed if described else {})
    largest = known.pop(LARGEST, None)
    if not isinstance(largest, int | float):
        return 0.0, "their own scale is not known"
    if known != _given(options):
        return 0.0, f"they were made with {_listed(known)}, not with {_listed(_given(options))}"
    return float(largest), ""


def _given(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options as a file keeps them, which leaves None out."""
    return {name: value for name, value in options.items() if value is not None}


def _listed(options: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value!r:.40}" for name, value in options.items()) or "no options"


def _warn_of_loss(explanation: Explanation, name: str, tokens: Sequence[int], reason: str) -> None:
    lost = texts_of(explanation.tokens, tokens)
    warnings.warn(
        f"the maps of {name!r:.80} that this explanation had are replaced, and {lost!r:.400} have "
        f"none now, because {reason}: give these words, too, or compute the new maps under a name "
        "of their own, with Method.variant",
        stacklevel=5,
    )
