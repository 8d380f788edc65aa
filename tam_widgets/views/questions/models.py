"""Which model answers the questions about each panel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...errors import OptionError

if TYPE_CHECKING:
    from ...capture.explainer import Explainer
    from ...explanation.explanation import Explanation


def checked_explainers(given: Any, panels: int) -> list[Explainer | None]:
    """The explainers that a view was given, one a panel.

    Args:
        given: One for all panels, or a list of one a panel; None where explanations know theirs.
        panels: Number of panels.

    Raises:
        OptionError: If it is something else.
    """
    several = list(given) if isinstance(given, list | tuple) else [given] * panels
    if len(several) != panels:
        raise OptionError(
            f"explainer=[…] has {len(several)} items for {panels} explanations: give one for all, "
            "or one for each"
        )
    for one in several:
        if one is not None and not callable(getattr(one, "explain", None)):
            raise OptionError(
                f"explainer={type(one).__name__}: give an Explainer, or a list of one for each "
                "explanation"
            )
    return several


def explainers_of(
    explanations: Sequence[Explanation], given: Sequence[Explainer | None]
) -> list[Explainer | None]:
    """The given explainers, and for others what made the explanation, if it still lives."""
    return [
        one or explanation.explainer for one, explanation in zip(given, explanations, strict=True)
    ]
