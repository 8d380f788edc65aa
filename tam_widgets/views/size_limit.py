"""From which size on a view or an exported page is warned of before it is made."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

from ..explanation.explanation import Explanation
from ..explanation.size_limit import SMALLER
from .methods import offered
from .wire import distinct, halved

LARGE_VIEW = 100 * 2**20
"""Bytes for the browser."""


def warn_of_view(
    explanations: Sequence[Explanation], stacklevel: int, *, layers: bool = False
) -> None:
    """Warns if the browser would get much.

    Args:
        explanations: What it would get, a panel each.
        stacklevel: As for `warnings.warn`, from here.
        layers: Whether it would get the answers' words at all layers too.
    """
    sent = size(explanations) + sum(map(size_of_layers, explanations)) * layers
    if sent > LARGE_VIEW:
        warnings.warn(
            f"the browser gets {sent / 2**20:.0f} MB, which may be slow to open and fill its "
            f"memory. {SMALLER}",
            stacklevel=stacklevel + 1,
        )


def size(explanations: Sequence[Explanation]) -> int:
    """Bytes of the buffers that `wire.encode` makes, about.

    Two panels may share some, and PNG are small pictures.
    """
    width = 2 if halved(explanations) else 4
    return sum(
        width * (one.activations.size + one.alternative_activations.size)
        + width * len(one.tokens) * one.visual_length * _carried(one)
        + one.relevance.nbytes
        + one.alternative_relevance.nbytes
        + sum(len(image.data) for image in one.images if image.mime != "image/png")
        for one in distinct(explanations)
    )


def size_of_layers(explanation: Explanation) -> int:
    """Bytes of the buffers with the answer's words at all layers of an explanation."""
    if not explanation.layers:
        return 0
    width = 2 * explanation.visual_length + len(explanation.tokens)
    return 2 * (1 + len(explanation.layers)) * width * len(explanation.answer_tokens())


def _carried(explanation: Explanation) -> int:
    """How many methods' maps are sent."""
    return sum(not method.in_browser for method in offered([explanation]).values())
