"""The methods that one command can try: those whose cost is bounded, with what they take."""

from __future__ import annotations

import time
from typing import Any

from tam_widgets.attribution import METHODS, Method
from tam_widgets.attribution.method import NOT_STATED
from tam_widgets.explanation.explanation import Explanation

MOST_PASSES = 128
"""Most passes of the model that a method may take for one answer; a backward one counts twice."""

WINDOW = 8
"""Side of the windows of occlusion, in cells: smaller ones take too many passes."""


LEFT_OUT = ("tam-no-eci", "tam-no-rgf", "random", "centre")
"""Ablations, and controls that every check of faithfulness has of its own."""


def candidates() -> list[Method]:
    """The registered methods to try; occlusion with large windows, in place of its own."""
    own = METHODS["occlusion"].variant(f"occlusion, window {WINDOW}", window=WINDOW)
    chosen = [method for name, method in METHODS.items() if name not in LEFT_OUT]
    return [own if method.name == own.registered else method for method in chosen]


def passes(explainer: Any, explanation: Explanation, method: Method) -> int | None:
    """What the method takes for the whole answer, in forward passes; None if it does not say so.

    Raises:
        TamError: The method cannot be computed for this model.
    """
    if method.maps:
        return 0
    taken = explainer.cost(explanation, [method])[method.name]
    return None if taken == NOT_STATED else int(taken.forward + 2 * taken.backward)


def tried(explainer: Any, explanation: Explanation, method: Method) -> dict[str, Any]:
    """Computes a method's maps once: its passes and seconds.

    Raises:
        TamError: The method cannot be computed for this model.
    """
    needed = passes(explainer, explanation, method)
    if needed is None or needed > MOST_PASSES:
        reason = "passes not stated" if needed is None else "too many passes"
        return {"method": method.name, "passes": needed, "left out": reason}
    start = time.perf_counter()
    if method.maps:
        explanation.maps(method)
    else:
        explainer.attribute(explanation, [method], progress=False)
    seconds = time.perf_counter() - start
    return {"method": method.name, "passes": needed, "seconds": seconds}
