"""Computes maps with the model, and adds them to an explanation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ...attribution import Method, Passes, method_named
from ...attribution.functions import returned_numbers
from ...attribution.method import NOT_STATED
from ...errors import OptionError, UnsupportedModelError
from ...explanation.explanation import Explanation
from ..progress import progress_bar
from .black_box import BlackBoxAnswer, Progress
from .merging import with_values

Cost = Passes | Literal["not stated"]
"""What a method costs, as far as it says so."""


def model_methods(methods: Sequence[str | Method]) -> list[Method]:
    """Methods that `attribute` can compute.

    Raises:
        OptionError: If none is given, one is unknown, is given twice, needs no model, or cannot be
            computed.
    """
    if isinstance(methods, str | Method) or not methods:
        raise OptionError(f'methods={methods!r:.80}: give a list, such as ["attention"]')
    found = [method_named(method) for method in methods]
    names = [method.name for method in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise OptionError(f"methods={names!r:.80}: {twice} are given twice; name variants apart")
    for method in found:
        if method.maps:
            raise OptionError(
                f"{method.name!r} needs no model: explanation.maps({method.name!r}) has its maps"
            )
        if method.model_maps is None:
            raise OptionError(
                f"{method.name!r} has no function `model_maps`, so its maps cannot be computed "
                "here: add them with explanation.with_maps(…)"
            )
    return found


def cost(
    frozen: BlackBoxAnswer, methods: Sequence[Method], tokens: Sequence[int]
) -> dict[str, Cost]:
    """The passes that each method needs, by its name; `NOT_STATED` if it does not say so."""
    return {
        method.name: Passes(*method.passes(frozen, len(tokens), **_options(method)))
        if method.passes
        else NOT_STATED
        for method in methods
    }


def stated_passes(frozen: BlackBoxAnswer, methods: Sequence[Method], tokens: Sequence[int]) -> int:
    """The passes of all methods together, as far as they say so."""
    costs = cost(frozen, methods, tokens).values()
    return sum(sum(one) for one in costs if isinstance(one, Passes))


def attribute(
    frozen: BlackBoxAnswer,
    explanation: Explanation,
    methods: Sequence[Method],
    tokens: Sequence[int],
    *,
    progress: bool,
) -> Explanation:
    """Returns the explanation with the maps of further methods.

    Args:
        frozen: The explanation's answer.
        explanation: To which the maps are added, and scaled with those that it has.
        methods: As `model_methods` returns them.
        tokens: Indices of the answer tokens to explain.
        progress: Whether to show a progress bar, in passes of the model.

    Raises:
        UnsupportedModelError: If a method needs gradients and the model is quantised, or a method
            has no meaning for the model.
        OptionError: If a method does not return finite maps of the right shape.
    """
    for method in methods:  # before any is computed
        if method.gradients:
            _check_gradients(frozen, method)
    total = stated_passes(frozen, methods, tokens)
    with progress_bar(total, "pass", shown=progress, keep=False) as bar:
        for method in methods:
            bar.set_description(method.label, refresh=False)
            values = _values(frozen, method, tokens, progress=bar.update)
            explanation = with_values(explanation, method, values, tokens)
    return explanation


def computed(
    frozen: BlackBoxAnswer, method: Method, tokens: Sequence[int], *, progress: Progress
) -> NDArray[np.float64]:
    """A method's maps of some tokens, scaled together by the largest value.

    Args:
        frozen: The answer.
        method: As `model_methods` returns them.
        tokens: Indices of the answer tokens to explain.
        progress: Is called with the number of passes that are done.

    Returns:
        float64 [these tokens, visual].

    Raises:
        UnsupportedModelError: If the method has no meaning for the model.
        OptionError: If the method does not return finite maps of the right shape.
    """
    return _scaled(_values(frozen, method, tokens, progress=progress))


def _values(
    frozen: BlackBoxAnswer, method: Method, tokens: Sequence[int], *, progress: Progress
) -> NDArray[np.float64]:
    """What a method returns, [these tokens, visual], not scaled."""
    assert method.model_maps is not None
    raw = method.model_maps(frozen, tokens, progress=progress, **_options(method))
    visual = sum(grid.size for grid in frozen.grids)
    return _checked(method, raw, (len(tokens), visual))


def _options(method: Method) -> dict[str, Any]:
    return {**method.defaults, **method.fixed}


def _checked(method: Method, raw: Any, shape: tuple[int, int]) -> NDArray[np.float64]:
    maps: NDArray[np.float64] = returned_numbers(method.name, raw, shape, np.float64)
    if not method.signed and (maps < 0).any():
        raise OptionError(
            f"the method {method.name!r:.80} returned values from {maps.min():.3g} to "
            f"{maps.max():.3g}: none below 0 is expected without signed=True"
        )
    return maps


def _scaled(maps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scales maps by the largest value of all tokens, so that they remain comparable."""
    largest = np.abs(maps).max(initial=0)
    return maps / largest if largest > 0 else maps


def _check_gradients(frozen: Any, method: Method) -> None:
    quantizer = getattr(frozen.model.model, "hf_quantizer", None)
    if quantizer is not None:
        raise UnsupportedModelError(
            f"{method.name!r} needs gradients, and {frozen.model.name} is quantised "
            f"({type(quantizer).__name__}): choose a method without gradients, such as "
            "'attention' or 'occlusion', or load the model in bfloat16"
        )
