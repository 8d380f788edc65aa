"""Quantiles of Student's t distribution, for intervals of a mean; SciPy is not needed to view."""

from __future__ import annotations

import math
from functools import cache

_HALVINGS = 60


@cache
def two_sided_quantile(share: float, freedom: int) -> float:
    """How many standard errors around a mean contain it with a probability.

    Args:
        share: The probability, above 0 and below 1.
        freedom: Degrees of freedom, at least 1.

    Example:
        >>> round(two_sided_quantile(0.95, 4), 3)
        2.776
    """
    low, high = 0.0, math.pi / 2
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _share_within(middle, freedom) < share:
            low = middle
        else:
            high = middle
    return math.sqrt(freedom) * math.tan((low + high) / 2)


def _share_within(angle: float, freedom: int) -> float:
    """Probability of |t| below √freedom · tan(angle).

    Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
    """
    sine, cosine = math.sin(angle), math.cos(angle)
    odd = freedom % 2
    term = cosine if odd else 1.0
    total = 0.0
    for power in range(odd, freedom - 1, 2):
        total += term
        term *= cosine**2 * (power + 1) / (power + 2)
    return 2 / math.pi * (angle + sine * total) if odd else sine * total
