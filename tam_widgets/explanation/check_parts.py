"""Refuses a check of maps whose parts do not fit together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..errors import TraceError
from .check_record import NONE, CheckRecord

MAX_EXCESS = 1e-3
"""Rounding by which a log-probability may exceed 0."""


def check_parts(check: CheckRecord) -> None:
    """Refuses a check whose parts do not fit together.

    Raises:
        TraceError: If an array has the wrong shape or type, or impossible values; or if tokens or
            rows are named that are missing.
    """
    answer, rows = len(check.full_log_p), len(check.ranking)
    points = len(check.shares)
    expected = {
        "ranking": ("int32", (rows, check.ranking.shape[-1])),
        "shares": ("float64", (points,)),
        "deletion_log_p": ("float32", (rows, points, answer)),
        "insertion_log_p": ("float32", (rows, points, answer)),
        "full_log_p": ("float32", (answer,)),
        "blank_log_p": ("float32", (answer,)),
    }
    for name, (dtype, shape) in expected.items():
        array = getattr(check, name)
        if array.dtype != dtype or array.shape != shape:
            raise TraceError(
                f"a check's {name} is {array.dtype} {array.shape}: {dtype} {shape} is expected"
            )
        if name.endswith("log_p") and not (
            np.isfinite(array).all() and array.max(initial=0) <= MAX_EXCESS
        ):
            raise TraceError(
                f"a check's {name} has values up to {array.max(initial=0):.3g}: finite ones of at "
                "most 0 are expected of log-probabilities"
            )
    _check_shares(check.shares)
    _check_ranking(check.ranking)
    known = range(check.answer_start, check.answer_start + answer)
    if not check.tokens or len(check.tokens) != len(check.texts):
        raise TraceError(f"a check has {len(check.tokens)} tokens and {len(check.texts)} texts")
    if len({*check.tokens}) < len(check.tokens) or any(one not in known for one in check.tokens):
        raise TraceError(
            f"a check names tokens {check.tokens!r:.80}: different ones from {known.start} to "
            f"{known.stop - 1} are expected"
        )
    if not check.orders:
        raise TraceError("a check has no orders: one at least is expected")
    for order in check.orders:
        least = NONE if order.kind == "mask" else 0
        if len(order.rows) != len(check.tokens) or any(
            not least <= row < rows for row in order.rows
        ):
            raise TraceError(
                f"a check's order {order.name!r:.80} has the rows {order.rows!r:.80}: one of "
                f"{least} to {rows - 1} for each of {len(check.tokens)} tokens is expected"
            )
    if check.answers and len(check.answers) != rows + 1:
        raise TraceError(f"a check has {len(check.answers)} answers: {rows + 1} are expected")


def _check_shares(shares: NDArray[np.float64]) -> None:
    if not len(shares):
        return
    rising = np.isfinite(shares).all() and (np.diff(shares) >= 0).all()
    if not rising or len(shares) < 2 or shares[0] != 0 or shares[-1] != 1:
        raise TraceError("a check's shares are not in order from 0 to 1")


def _check_ranking(ranking: NDArray[np.int32]) -> None:
    if not ranking.size:
        return
    ordered = np.sort(ranking, axis=1)
    if ordered[0, 0] < 0 or (np.diff(ordered[0]) <= 0).any() or (ordered != ordered[0]).any():
        raise TraceError("a check's ranking does not have every unit once in each row")
