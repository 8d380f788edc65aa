"""The explanations of a view: those it was made with, and each that was made by changing one thing.

Each step remembers from which other one it was made, so that they form a tree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..explanation.explanation import Explanation
from ..explanation.word_changes import changed_words
from .wire import distinct

if TYPE_CHECKING:
    from ..capture.explainer import Explainer

Json = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """One explanation of a view.

    Attributes:
        explanation: What it shows.
        explainer: The model that was given for it, if one was.
        parent: Number of the step that it was made from; None for one that the view was made with.
        change: What was changed: `"write_on"`, `"paint"`, `"crop"` or `"answer"`; empty for one
            that the view was made with.
        label: The change in words.
    """

    explanation: Explanation
    explainer: Explainer | None = None
    parent: int | None = None
    change: str = ""
    label: str = ""


class Steps:
    """All explanations of a view, in the order in which they were made.

    Args:
        explanations: Those that it was made with.
        explainers: The model that was given for each, or None.
    """

    def __init__(
        self, explanations: Sequence[Explanation], explainers: Sequence[Explainer | None]
    ) -> None:
        self._first = len(explanations)
        self._made = [
            Step(*pair, label=f"original {number}" if self._first > 1 else "original")
            for number, pair in enumerate(zip(explanations, explainers, strict=True), 1)
        ]

    def __len__(self) -> int:
        return len(self._made)

    def __getitem__(self, number: int) -> Step:
        return self._made[number]

    def shown(self, step: int) -> tuple[int, ...]:
        """Numbers of the steps that are side by side: the first ones, or one and its parent."""
        parent = self._made[step].parent
        return tuple(range(self._first)) if parent is None else (parent, step)

    def explanations(self, numbers: Sequence[int] | None = None) -> list[Explanation]:
        """The explanations of some steps; by default of all."""
        made = self._made if numbers is None else [self._made[number] for number in numbers]
        return [one.explanation for one in made]

    def explainers(self, step: int) -> list[Explainer | None]:
        """The models that were given for what is shown."""
        return [self._made[number].explainer for number in self.shown(step)]

    def number(self, explanation: Explanation) -> int:
        """The first step that shows an explanation, or a copy of it with more in it."""
        known = [one.explanation.activations is explanation.activations for one in self._made]
        return known.index(True)

    def add(self, parent: int, explanation: Explanation, change: str, label: str) -> int:
        """Adds a step, and returns its number."""
        explainer = self._made[parent].explainer
        self._made.append(Step(explanation, explainer, parent, change, label))
        return len(self._made) - 1

    def update(self, known: Explanation, change: Callable[[Explanation], Explanation]) -> None:
        """Adds what was computed for an answer to every step that shows it."""
        changed = {
            id(one): change(one)
            for one in distinct(self.explanations())
            if one.activations is known.activations
        }
        self._made = [
            replace(one, explanation=changed.get(id(one.explanation), one.explanation))
            for one in self._made
        ]

    def changed(self, step: int) -> list[list[int]]:
        """Tokens of words that differ between a step and its parent; nothing for the first ones."""
        if self._made[step].parent is None:
            return []
        return list(changed_words(*self.explanations(self.shown(step))))

    def described(self) -> list[Json]:
        """What the browser needs to know of each step; nothing as long as there is none."""
        if len(self._made) == self._first:
            return []
        return [
            {
                "parent": one.parent,
                "change": one.change,
                "label": one.label,
                "text": one.explanation.text,
            }
            for one in self._made
        ]
