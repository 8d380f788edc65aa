"""The part of an explorer that asks what if, and goes from step to step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

import traitlets

from ..contract import CONTRACT
from ..errors import OptionError
from ..explanation.explanation import Explanation
from .explorer_traits import ExplorerTraits
from .settings import Pair
from .steps import Json, Steps
from .traits import synced
from .what_if_label import Change, kind_of, label_of
from .wire import encode

_OF_PANELS = ("selected", "box", "counterfactual", "contrast", "frame", "methods")
"""Settings that name tokens, places or frames of the panels."""


class SteppedView(ExplorerTraits):
    """A view that shows what it was made with, or a step beside the one that it was made from."""

    step = synced(traitlets.Int(0))
    _steps: traitlets.List[Json] = traitlets.List().tag(sync=True)

    _history: Steps
    _first_methods: Sequence[str] = ()
    _locked: dict[tuple[int, ...], list[Pair]]
    """What was locked when steps were left, by the numbers of what is side by side."""

    @property
    def steps(self) -> list[Explanation]:
        """All explanations of the view: first those it was made with, then each step in order."""
        return self._history.explanations()

    def what_if(self, panel: int = 0, **change: Unpack[Change]) -> Explanation:
        """Asks a panel's model again with one thing changed, and shows the answer as a new step.

        Args:
            panel: The panel to start from.
            **change: As for `Explainer.what_if`.

        Raises:
            OptionError: If there is no such panel, or its model is not in memory.
            TamError: As `Explainer.what_if` does.
        """
        if panel not in range(len(self.explanations)):
            last = len(self.explanations) - 1
            raise OptionError(f"panel={panel!r:.80}: give 0 to {last}")
        explainer, before = self.explainers[panel], self.explanations[panel]
        if explainer is None:
            raise OptionError(
                f"the model of {before.title} is not loaded: pass it to the view, as in "
                "Explorer(explanation, explainer=…)"
            )
        made = explainer.what_if(before, **change)
        self.add_step(before, made, change)
        return made

    def add_step(self, before: Explanation, made: Explanation, change: Mapping[str, Any]) -> int:
        """Adds a step and shows it.

        Args:
            before: One of the view's explanations, from which it was made.
            made: What the model answers now.
            change: Keywords of `Explainer.what_if`.

        Returns:
            Its number.
        """
        label = label_of(change, before, made)
        number = self._history.add(self._history.number(before), made, kind_of(change), label)
        with self.hold_sync():
            self._steps = self._history.described()
            self.step = number
        return number

    @property
    def _known_state(self) -> dict[str, Any]:
        """Traits that tell the browser what can be asked, and what is known without asking."""
        raise NotImplementedError

    @traitlets.validate("step")
    def _validate_step(self, proposal: Any) -> int:
        step, count = int(proposal["value"]), len(self._history)
        if not 0 <= step < count:
            raise traitlets.TraitError(f"step={step}: there are {count}, give 0 to {count - 1}")
        return step

    def notify_change(self, change: Any) -> None:
        """Sends a step together with all that it changes."""
        if change["name"] != "step":
            super().notify_change(change)
            return
        with self.hold_sync():
            super().notify_change(change)

    @traitlets.observe("step")
    def _show(self, change: Any) -> None:
        """Shows the panels of a step as it was left; a new one begins without what is of panels."""
        shown, before = self._history.shown(self.step), self._history.shown(change["old"])
        if shown == before:
            return
        self._locked[before] = self.selected
        if self._history[change["old"]].parent is None:
            self._first_methods = self.methods  # of which each panel may have its own
        self.explanations = tuple(self._history.explanations(shown))
        header, buffers = encode(self.explanations, changed=self._history.changed(self.step))
        self._methods = [method["name"] for method in header["methods"]]
        self._reset()
        self.selected = self._locked.get(shown, [])
        if self._history[self.step].parent is None:
            self.methods = self._first_methods
        for name, value in {**self._known_state, "_header": header, "_buffers": buffers}.items():
            setattr(self, name, value)

    def _reset(self) -> None:
        """Begins anew with settings of single panels, and with those that do not fit any more."""
        for name, setting in CONTRACT.settings.items():
            try:
                value = setting.default if name in _OF_PANELS else getattr(self, name)
                setattr(self, name, value)  # which is validated again
            except traitlets.TraitError:
                setattr(self, name, setting.default)
