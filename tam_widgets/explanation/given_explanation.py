"""Refuses what is no explanation, before anything is asked of it."""

from __future__ import annotations

from typing import Any

from ..errors import OptionError
from .explanation import Explanation


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
