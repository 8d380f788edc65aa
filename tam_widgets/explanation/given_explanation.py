"""Refuses what is no explanation, before anything is asked of it."""

from __future__ import annotations

from typing import Any

from ..errors import OptionError
from .explanation import Explanation


def check_activations(explanation: Explanation, what: str) -> None:
    """Refuses an explanation of maps alone, for what needs the raw activations.

    Args:
        explanation: The explanation.
        what: What needs them, as the message's subject.

    Raises:
        OptionError: If it has none.
    """
    if not explanation.has_activations:
        raise OptionError(
            f"{what} needs the raw activations of a model, and this explanation by "
            f"{explanation.title} has maps alone: give one that explainer.explain(…) returned"
        )


def check_explanation(given: Any) -> None:
    """Refuses what is no explanation.

    Raises:
        OptionError: If it is none.
    """
    if not isinstance(given, Explanation):
        name = "None" if given is None else type(given).__name__
        raise OptionError(
            f"{name} is not an explanation: pass what explainer.explain(…) or "
            "tam_widgets.load(…) returned"
        )
