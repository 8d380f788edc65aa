"""Checks with known numbers, without a model."""

from __future__ import annotations

from typing import Any

import numpy as np

from tam_widgets.explanation.check_record import Order
from tam_widgets.explanation.explanation import Explanation
from tam_widgets.explanation.faithfulness import FaithfulnessCheck


def check(explanation: Explanation, **changes: Any) -> FaithfulnessCheck:
    """Of the first two answer tokens, in two steps: probabilities fall by halves, 1/2, 1/4, 1/8.

    The rows of the method, of two random orders and of the mask, which only the first token has.
    """
    start, count = explanation.prompt_length, len(explanation.tokens)
    answer = count - start
    halves = np.log(0.5) * np.arange(1, 4)
    # Row r of token t falls r + 1 times as fast; each token begins at 1/2.
    steps = halves[0] + np.arange(5)[:, None] * (halves - halves[0])
    falling = np.repeat(steps[:, :, None], answer, axis=2).astype(np.float32)
    parts: dict[str, Any] = {
        "tokens": (start, start + 1),
        "texts": ("a", "b"),
        "answer_start": start,
        "protocol": "cells",
        "fill": "mean",
        "seed": 3,
        "units": "cells",
        "orders": (
            Order("tam", "method", (4, 3)),
            Order("random 0", "random", (0, 0)),
            Order("random 1", "random", (1, 1)),
            Order("mask", "mask", (2, -1)),
        ),
        "ranking": np.array([np.roll(np.arange(4), row) for row in range(5)], np.int32),
        "shares": np.array([0, 0.5, 1]),
        "deletion_log_p": falling,
        "insertion_log_p": falling[:, ::-1].copy(),
        "full_log_p": np.full(answer, np.log(0.5), np.float32),
        "blank_log_p": np.full(answer, np.log(0.125), np.float32),
        "settings": {"source": "by hand", "squares": 32, "share": 0.125},
    }
    return FaithfulnessCheck(**parts | changes)


def flips(explanation: Explanation) -> FaithfulnessCheck:
    """Without curves: what the model writes for each row, and for the whole picture."""
    answer = len(explanation.tokens) - explanation.prompt_length
    none = np.zeros((5, 0, answer), np.float32)
    return check(
        explanation,
        protocol="flip",
        shares=np.zeros(0),
        deletion_log_p=none,
        insertion_log_p=none.copy(),
        answers=("same", "same", "other", "other", "same", "same"),
    )
