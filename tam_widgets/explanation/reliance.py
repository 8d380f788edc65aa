"""Visual reliance: how much of a token's probability the picture carries.

It compares two readings of the same answer, with the picture and with a blank one of its mean
colour. The evidence of a map's causal inference (`image_peak` against `text_peak`) is another
quantity: it compares activations of one reading.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..errors import TraceError
from .check_parts import MAX_EXCESS
from .record import Record

FILL = "mean"
"""What takes the place of the picture; see `Explainer.check`."""

Floats = NDArray[np.float64]


def log_probabilities(record: Record) -> tuple[Floats, Floats]:
    """Log-probabilities of all tokens with the picture and with a blank one, float64 [tokens] each.

    Those with a blank one are measured (`Record.blank_log_p`), and those with the picture then the
    recorded ones; or both are those of the latest check that filled with the mean colour.

    Returns:
        Natural logarithms; NaN for the prompt, and where they are not known.
    """
    both = np.full((2, len(record.tokens)), np.nan)
    checks = [check for check in record.checks if check.fill == FILL]
    if record.blank_log_p.size:
        answer = record.tokens[record.answer_slice]
        full = np.array([token.probability or np.nan for token in answer], np.float64)
        both[:, record.answer_slice] = np.log(full), record.blank_log_p
    elif checks:
        both[:, record.answer_slice] = checks[-1].full_log_p, checks[-1].blank_log_p
    return both[0], both[1]


def reliance(record: Record) -> Floats:
    """See `Explanation.reliance`."""
    full, blank = log_probabilities(record)
    return full - blank


def picture_share(record: Record) -> Floats:
    """See `Explanation.picture_share`."""
    share: Floats = -np.expm1(-np.maximum(reliance(record), 0))
    return share


def check_blank(record: Record) -> None:
    """Refuses log-probabilities that are none, or belong to another answer.

    Raises:
        TraceError: If the array has the wrong shape or type, or impossible values.
    """
    values, count = record.blank_log_p, len(record.tokens) - record.prompt_length
    if values.dtype != np.float32 or values.shape not in ((0,), (count,)):
        raise TraceError(
            f"blank_log_p is {values.dtype} {values.shape}: float32 [{count}], of each answer "
            "token, or [0] is expected"
        )
    if not np.isfinite(values).all() or values.max(initial=0) > MAX_EXCESS:
        raise TraceError(
            f"blank_log_p has values up to {values.max(initial=0):.3g}: finite ones of at most 0 "
            "are expected of log-probabilities"
        )
