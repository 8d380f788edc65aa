"""An explainer that checks maps without a model: the areas under its curves are known exactly."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

import tam_widgets as tw
from tam_widgets.attribution import Method
from tam_widgets.errors import ImageError
from tam_widgets.explanation.check_record import Order
from tam_widgets.explanation.faithfulness import FaithfulnessCheck
from tests.evaluation.made import MadeExplainer

DELETION = {"cam": 0.25, "tam": 0.5, "random": 0.75, "centre": 0.625, "mask": 0.125}
"""Area under every deletion curve of an order; under insertion it is 1 less that."""
FULL, BLANK = 0.9, 0.3
STEPS = 4


class CheckingExplainer(MadeExplainer):
    """Checks maps with curves that are level; refuses answers with a word if told so."""

    def __init__(self, name: str = "made", fails: str = "\n") -> None:
        super().__init__(name)
        self.checked: list[tuple[list[int], Mapping[int, Any] | None]] = []
        self.fails = fails

    def check(
        self,
        explanation: tw.Explanation,
        tokens: Sequence[int],
        methods: Sequence[Method],
        protocol: str,
        *,
        mask: Mapping[int, Any] | None,
        progress: bool,
    ) -> FaithfulnessCheck:
        assert not progress
        if self.fails in explanation.text:
            raise ImageError("the processor refuses changed pictures")
        self.checked.append((list(tokens), mask))
        every = (*(method.name for method in methods), "random", "centre", "mask")
        known = every if mask else every[:-1]
        levels = np.log([DELETION[name] for name in known])
        answer = len(explanation.tokens) - explanation.prompt_length
        curves = np.broadcast_to(levels[:, None, None], (len(known), STEPS + 1, answer))
        orders = tuple(
            Order(name, name if name in every[-3:] else "method", (row,) * len(tokens))
            for row, name in enumerate(known)
        )
        return FaithfulnessCheck(
            tokens=tuple(tokens),
            texts=tuple(explanation.tokens[token].text for token in tokens),
            answer_start=explanation.prompt_length,
            protocol=protocol,
            fill="mean",
            seed=0,
            units="cells",
            orders=orders,
            ranking=np.tile(np.arange(STEPS, dtype=np.int32), (len(known), 1)),
            shares=np.linspace(0, 1, STEPS + 1),
            deletion_log_p=curves.astype(np.float32),
            insertion_log_p=np.log1p(-np.exp(curves)).astype(np.float32),
            full_log_p=np.full(answer, math.log(FULL), np.float32),
            blank_log_p=np.full(answer, math.log(BLANK), np.float32),
        )
