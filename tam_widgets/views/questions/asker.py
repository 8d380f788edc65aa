"""What a view is whose explanations can be asked about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ...capture.explainer import Explainer
    from ...explanation.explanation import Explanation
    from ...explanation.faithfulness import FaithfulnessCheck


class Asker(Protocol):
    """A view; settings that it lacks are at their defaults."""

    explanations: tuple[Explanation, ...]
    checks: list[FaithfulnessCheck]

    @property
    def explainers(self) -> Sequence[Explainer | None]:
        """The model of each explanation; None where there is none."""

    def update_explanations(
        self, known: Explanation, change: Callable[[Explanation], Explanation], /
    ) -> None:
        """Adds what was computed for an answer to all that the view shows of it."""
