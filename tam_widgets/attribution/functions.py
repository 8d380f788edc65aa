"""The functions of methods: whether they can be called, and whether they return numbers."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from ..errors import OptionError


def check_function(
    method: str, role: str, function: Any, given: Iterable[str], options: Iterable[str]
) -> None:
    """Refuses a function of a method that cannot be called as it will be.

    Args:
        method: The method's name.
        role: Which of its functions it is.
        function: The function; None is none.
        given: What it is given in this order.
        options: Names of what it is given by name.

    Raises:
        OptionError: If it is no function, or does not take these arguments.
    """
    if function is None:
        return
    if not callable(function):
        raise OptionError(f"the method {method!r:.80}: {role}={function!r:.80} is not a function")
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # of some compiled functions it is not known
        return
    try:
        signature.bind(*given, **dict.fromkeys(options))
    except TypeError as error:
        call = ", ".join([*given, *(f"{name}=…" for name in options)])
        called = getattr(function, "__name__", role)
        raise OptionError(
            f"the method {method!r:.80}: its function {role} is called as {called}({call}), but "
            f"{called}{signature} does not take this: {error}"
        ) from error


def returned_numbers(
    method: str, given: Any, shape: tuple[int, int], dtype: DTypeLike
) -> NDArray[Any]:
    """What a method's function returned, as finite numbers.

    Args:
        method: The method's name.
        given: What was returned.
        shape: The shape that is expected, [maps, visual].
        dtype: The kind of numbers.

    Raises:
        OptionError: If it is no array of this shape, or some values are not finite.
    """
    if given is None:
        raise OptionError(
            f"the method {method!r:.80} returned None: an array of shape {shape} is expected; does "
            "its function end without `return`?"
        )
    try:
        maps: NDArray[Any] = np.asarray(given, dtype)
    except (TypeError, ValueError, RuntimeError) as error:  # the last one for tensors of torch
        raise OptionError(
            f"the method {method!r:.80} returned a {type(given).__name__} that is no array of "
            f"numbers: a NumPy array of shape {shape} is expected ({str(error)[:200]})"
        ) from error
    if maps.shape != shape:
        raise OptionError(
            f"the method {method!r:.80} returned maps of shape {maps.shape}: {shape}, one map "
            "for each token and one value for each visual token, is expected"
        )
    _check_finite(method, maps)
    return maps


def _check_finite(method: str, maps: NDArray[Any]) -> None:
    wrong = ~np.isfinite(maps)
    if wrong.any():
        rows = np.flatnonzero(wrong.any(axis=1))
        first = int(np.flatnonzero(wrong[rows[0]])[0])
        raise OptionError(
            f"the method {method!r:.80} returned {int(wrong.sum())} of {maps.size} values that are "
            f"NaN or infinite, in {len(rows)} of {len(maps)} maps, the first at [{rows[0]}, "
            f"{first}]: finite ones are expected"
        )
