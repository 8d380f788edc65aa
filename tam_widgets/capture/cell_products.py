"""The hidden states and the classifier row from which a token's activation is computed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import torch

from ..errors import OptionError
from ..explanation.explanation import Explanation
from ..explanation.products import Products
from .forcing.frozen_answer import FrozenAnswer
from .generation.answers import read_answer
from .trace import Trace
from .tracing import trace_of


def traced_again(frozen: FrozenAnswer) -> Trace:
    """The trace of an answer that the model reads in one forward pass.

    Raises:
        TraceError: If hidden states are not finite.
    """
    answer = read_answer(frozen.model, frozen.encoded, frozen.ids.tolist())
    return trace_of(frozen.model, frozen.encoded, answer)


def asked_cells(explanation: Explanation, cells: int | Iterable[int]) -> tuple[int, ...]:
    """Indices of visual tokens.

    Raises:
        OptionError: If there is no such visual token, or it is an explanation of another layer than
            the last.
    """
    if "layer" in explanation.provenance:
        raise OptionError(
            f"this is the explanation of layer {explanation.provenance['layer']} alone: give the "
            "one that at_layer was called of"
        )
    given: list[Any] = [cells] if not isinstance(cells, Iterable) else list(cells)
    last = explanation.visual_length - 1
    for cell in given:
        if (
            not isinstance(cell, int | np.integer)
            or isinstance(cell, bool)
            or not 0 <= cell <= last
        ):
            raise OptionError(f"cells: {cell!r:.80} is no visual token, give 0 to {last}")
    return tuple(int(cell) for cell in given)


@torch.no_grad()
def products_of(
    trace: Trace, explanation: Explanation, token: int, cells: tuple[int, ...]
) -> Products:
    """The states of some visual tokens, and the row of an explained token's class.

    Args:
        trace: The answer.
        explanation: Its explanation.
        token: Index of the explained token.
        cells: Indices of visual tokens.
    """
    classifier = trace.classifier
    ids = torch.tensor([int(explanation.classes[token])], device=classifier.device)
    positions = torch.as_tensor(trace.visual[list(cells)], device=trace.hidden.device)
    return Products(
        token,
        cells,
        trace.hidden[positions].float().cpu().numpy(),
        classifier[ids][0].float().cpu().numpy(),
    )
