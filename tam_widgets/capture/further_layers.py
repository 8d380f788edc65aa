"""Adds decoder layers to an explanation that was made without them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..explanation.explanation import Explanation
from .forcing.frozen_answer import FrozenAnswer
from .generation.answers import read_answer
from .layers import layer_matrices
from .tracing import trace_of


def with_layers(
    frozen: FrozenAnswer, explanation: Explanation, layers: Sequence[int]
) -> Explanation:
    """The explanation with these layers beside the last, in place of any that it has.

    Args:
        frozen: Its answer, which the model reads in one forward pass.
        explanation: The explanation.
        layers: Numbers of the layers, as `asked_layers` gives them.

    Raises:
        TraceError: If the states of a layer are not finite.
    """
    model, encoded = frozen.model, frozen.encoded
    answer = read_answer(model, encoded, frozen.ids.tolist(), layers)
    trace = trace_of(model, encoded, answer)
    matrices = layer_matrices(model, encoded, answer, trace, explanation.classes)
    return replace(explanation, **matrices.parts)
