"""The view that takes the map of one word apart."""

from __future__ import annotations

import base64
import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from ...errors import TamError
from ...explanation.explanation import Explanation
from ...explanation.faithfulness import FaithfulnessCheck
from ...explanation.given_explanation import check_activations, check_explanation
from ...explanation.products import Products
from ...explanation.storage import write_bytes
from ..questions.asking import Asking, known, possible
from ..questions.check_json import view_settings
from ..questions.models import checked_explainers, explainers_of
from ..questions.products import products_json, telling_cells
from ..traits import synced
from ..wire import encode
from .numbers import Numbers, numbers_of
from .page import page
from .reduced import reduced

if TYPE_CHECKING:
    from ...capture.explainer import Explainer

STATIC = Path(__file__).parent.parent / "static"

STEPS = 10

QUESTIONS = ("check",)
"""What a person may ask the model for here."""


class Anatomy(anywidget.AnyWidget):
    """The map of one word, made before one's eyes in ten steps, with its own numbers.

    From the picture's cells over the dot product, the activation, and the interference of earlier
    words to the filtered map, and to a check of what it says. Every picture can be touched. Keys:
    arrows, PageUp and PageDown, Home and End, digits (0 for the tenth).

    Args:
        explanation: The explanation.
        token: A token of its answer: the index, or a text, of which the first token is meant.
        explainer: The model; by default what made the explanation, if it is still in memory. It
            gives the hidden states of step 2, and the check of step 10 if a person asks for it.

    Attributes:
        step: The step in view, 1 to 10.
        token: Index of the token.
        products: The hidden states and the classifier row of step 2; None without a model.
        explanations: The explanation, with checks that a person asked for.
        checks: Those of the explanation, and those that a person asked for.

    Raises:
        OptionError: If the text does not occur in the answer, or the explanation has maps alone.
        TokenIndexError: If there is no such token, or it is part of the prompt.

    Example:
        >>> view = tw.anatomy(explanation, "dog")      # doctest: +SKIP
        >>> view.step = 5                              # doctest: +SKIP
        >>> view.numbers[5]["largest"]                 # doctest: +SKIP
        0.31
        >>> view.to_html("dog.html")                   # doctest: +SKIP
    """

    _esm = STATIC / "anatomy.js"
    _css = STATIC / "widget.css"

    step = synced(traitlets.Int(1))

    # what only Python sets
    _token = traitlets.Int().tag(sync=True)
    _header = traitlets.Dict().tag(sync=True)
    _buffers = traitlets.List(traitlets.Bytes()).tag(sync=True)
    _questions: Any = traitlets.List().tag(sync=True)
    _known: Any = traitlets.List().tag(sync=True)

    def __init__(
        self,
        explanation: Explanation,
        token: int | str,
        *,
        explainer: Explainer | None = None,
    ) -> None:
        check_explanation(explanation)
        check_activations(explanation, "an anatomy")
        self.token = explanation.answer_tokens(token)[0]
        self.explanations = (explanation,)
        self.checks: list[FaithfulnessCheck] = list(explanation.checks)
        self._given = checked_explainers(explainer, 1)
        self.products = self._products()
        header, buffers = _encoded(explanation, self.token)
        state = {"_token": self.token, "_header": header, "_buffers": buffers}
        super().__init__(**state, **self._known_state)
        self._asking = Asking(self, self.send)
        self.on_msg(self._on_message)

    def __repr__(self) -> str:
        (explanation,) = self.explanations
        word = explanation.tokens[self.token].text.strip()
        return f"<Anatomy of {word!r:.80} by {explanation.title!r:.80}: step {self.step}>"

    @property
    def explainers(self) -> list[Explainer | None]:
        """The model that answers questions; None if there is none."""
        return explainers_of(self.explanations, self._given)

    @property
    def numbers(self) -> dict[int, Numbers]:
        """All numbers that the steps show, by step and name, computed in Python.

        Names of several values, one a cell or an earlier token, hold arrays.
        """
        (explanation,) = self.explanations
        return numbers_of(explanation, self.token, self.products, self._check)

    def update_explanations(
        self, _: Explanation, change: Callable[[Explanation], Explanation]
    ) -> None:
        """Adds what was computed for the answer, as `Explorer` does."""
        (explanation,) = self.explanations
        self.explanations = (change(explanation),)
        with self.hold_sync():
            for name, value in self._known_state.items():
                setattr(self, name, value)

    def to_html(self, path: str | os.PathLike[str]) -> None:
        """Writes the view as one HTML file that works offline and opens at this step.

        `file.html#5` opens it at the fifth one. It holds what the steps show: 1,800 cells, states
        of 1,536 numbers and 27 earlier tokens with a weight make 0.4 MB, each further such token
        6 kB more. Of a picture of more than 48 kB the view has a smaller copy.

        Args:
            path: The file.

        Raises:
            OutputError: If it cannot be written.
        """
        (explanation,) = self.explanations
        state = {"step": self.step, "_token": self.token, "_known": self._known, "_questions": [[]]}
        word = explanation.tokens[self.token].text.strip()
        title = f"How the map of “{word}” is made"
        write_bytes(path, page(title, {**state, "_header": self._header}, self._buffers))

    @property
    def _check(self) -> FaithfulnessCheck | None:
        """The newest check of the token's map by TAM; the browser chooses the same."""
        found = [check for check in reversed(self.explanations[0].checks) if self._fits(check)]
        return next((one for one in found if one.fill == "mean"), found[0] if found else None)

    def _fits(self, check: FaithfulnessCheck) -> bool:
        names = {order.name for order in check.orders if order.kind == "method"}
        own = self.token in check.tokens and "tam" in names and check.protocol == "cells"
        return own and not view_settings(check).get("aggregate")

    @property
    def _known_state(self) -> dict[str, Any]:
        (explanation,) = self.explanations
        (found,) = known(self.explanations)
        shown = {name: found[name] for name in QUESTIONS if name in found}
        if self.products:
            shown["products"] = products_json(explanation, self.products)
        asked = [
            [name for name in names if name in QUESTIONS]
            for names in possible(self.explanations, self.explainers)
        ]
        return {"_known": [shown], "_questions": asked}

    def _products(self) -> Products | None:
        """What step 2 shows, if there is a model that reads the answer as it was recorded."""
        (explanation,), (explainer,) = self.explanations, self.explainers
        if explainer is None:
            return None
        try:
            return explainer.products(
                explanation, self.token, list(telling_cells(explanation, self.token))
            )
        except TamError as error:
            warnings.warn(f"step 2 has no hidden states: {error}", stacklevel=3)
            return None

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Takes what the browser has set."""
        with self._asking.lock:
            super().set_state(sync_data)

    def _on_message(self, _: Any, content: Any, __: Any) -> None:
        kind = content.get("kind") if isinstance(content, dict) else None
        if kind in ("question", "stop", "poll"):
            self._asking.hear(content)

    @traitlets.validate("step")
    def _validate_step(self, proposal: Any) -> int:
        step = int(proposal["value"])
        if not 1 <= step <= STEPS:
            raise traitlets.TraitError(f"step={step}: there are {STEPS}, give 1 to {STEPS}")
        return step

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The live view, and beside it the word's map for readers without a kernel or widgets."""
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        from ..stills.picture import jpeg_bytes
        from ..stills.settings import StillSettings

        try:
            picture = jpeg_bytes(self.explanations, StillSettings(selected=[(0, self.token)]))
        except Exception as error:  # whatever fails in drawing, the live view needs none of it
            warnings.warn(
                f"the still picture beside the anatomy is left out, as it cannot be drawn "
                f"({type(error).__name__}: {str(error)[:200]!r})",
                stacklevel=2,
            )
            return data, metadata
        return {**data, "image/jpeg": base64.b64encode(picture).decode()}, metadata


def anatomy(
    explanation: Explanation, token: int | str, *, explainer: Explainer | None = None
) -> Anatomy:
    """Shows how the map of one word is made: TAM in ten steps, with this word's own numbers.

    Args:
        explanation: The explanation.
        token: A token of its answer: the index, or a text, of which the first token is meant.
        explainer: As for `Anatomy`.

    Raises:
        OptionError: If the text does not occur in the answer, or the explanation has maps alone.
        TokenIndexError: If there is no such token, or it is part of the prompt.

    Example:
        >>> tw.anatomy(explanation, "dog")                # doctest: +SKIP
        >>> tw.anatomy(tw.load("dog.safetensors"), "dog", explainer=qwen)    # doctest: +SKIP
    """
    return Anatomy(explanation, token, explainer=explainer)


def _encoded(explanation: Explanation, token: int) -> tuple[dict[str, Any], list[bytes]]:
    """What the browser computes the steps from, in full precision and without other maps."""
    return encode([reduced(explanation, token)], half_precision_over=2**40)
