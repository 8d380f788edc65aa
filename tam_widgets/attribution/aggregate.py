"""One map for a word or a span of several tokens."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from ..errors import OptionError
from .interference import Floats

AGGREGATES: Mapping[str, Callable[[Floats], Floats]] = {
    "max": lambda maps: maps.max(axis=0),
    "mean": lambda maps: maps.mean(axis=0, dtype=np.float64).astype(np.float32),
    "first": lambda maps: maps[0],
    "sum": lambda maps: maps.sum(axis=0, dtype=np.float64).astype(np.float32),
}
"""Ways to combine maps [tokens, visual] into one, [visual]; a sum may exceed 1."""


def aggregate_maps(maps: Floats, how: str) -> Floats:
    """Combines the maps of several tokens.

    Args:
        maps: float32 [tokens, visual], at least one token, in the order of the text.
        how: `"max"`, `"mean"`, `"first"` or `"sum"`.

    Raises:
        OptionError: If the way is unknown.

    Example:
        >>> aggregate_maps(np.array([[0.0, 1.0], [0.5, 0.5]], np.float32), "mean").tolist()
        [0.25, 0.75]
    """
    if how not in AGGREGATES:
        raise OptionError(f"aggregate={how!r}: give one of {', '.join(AGGREGATES)}")
    return AGGREGATES[how](maps)
