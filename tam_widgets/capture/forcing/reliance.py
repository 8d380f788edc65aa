"""Measures how much of an answer's probability the picture carries."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...explanation.explanation import Explanation
from ...explanation.reliance import FILL
from ..progress import progress_bar
from .black_box import BlackBoxAnswer


def with_blank(frozen: BlackBoxAnswer, explanation: Explanation) -> Explanation:
    """The explanation with the log-probabilities of its answer given a blank picture.

    Args:
        frozen: The explanation's answer.
        explanation: The explanation.

    Raises:
        TamError: If the model refuses a blank picture.
    """
    with progress_bar(1, "pass", shown=False) as bar:
        blank = [frozen.blank(FILL)]
        (logs,) = frozen.log_probabilities(blank, frozen.answer_tokens, progress=bar.update)
    return replace(explanation, blank_log_p=logs.astype(np.float32))
