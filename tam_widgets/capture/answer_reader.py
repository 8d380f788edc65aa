"""A model that reads its answers again: for further methods' maps, and to check maps."""

from __future__ import annotations

import warnings
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ..attribution import Method
from ..attribution.interference import Floats
from ..errors import OptionError
from ..explanation.explanation import Explanation
from ..explanation.given_explanation import check_explanation
from ..explanation.products import Products
from .cell_products import asked_cells, products_of, traced_again
from .forcing.attributing import Cost, attribute, cost, model_methods
from .forcing.frozen_answer import FrozenAnswer
from .forcing.refreezing import recorded_keywords, recorded_request, refrozen
from .forcing.reliance import with_blank
from .further_layers import with_layers
from .layers import asked_layers
from .loaded_model import LoadedModel
from .model_access import evaluating
from .request import KeptRequests, Request
from .trace import Trace

if TYPE_CHECKING:
    from ..explanation.check_record import Watch
    from ..explanation.faithfulness import FaithfulnessCheck
    from ..faithfulness.sanity import SanityCheck

KEPT_ANSWERS = 4
"""Number of latest answers whose input and hidden states are kept."""


class RecentAnswer(NamedTuple):
    """One of the latest answers.

    Attributes:
        trace: Its hidden states.
        frozen: The answer with its input.
        activations: Of its explanation, and of all copies with further maps or checks.
    """

    trace: Trace
    frozen: FrozenAnswer
    activations: Floats


class AnswerReader(LoadedModel):
    """A model that keeps its latest answers, and reads answers again.

    Args:
        model: As for `LoadedModel`.
        processor: As for `LoadedModel`.
        name: As for `LoadedModel`.
    """

    def __init__(self, model: Any, processor: Any = None, *, name: str | None = None) -> None:
        super().__init__(model, processor, name=name)
        self._recent: deque[RecentAnswer] = deque(maxlen=KEPT_ANSWERS)
        self._requests = KeptRequests()

    def attribute(
        self,
        explanation: Explanation,
        methods: Sequence[str | Method],
        tokens: int | str | Iterable[int | str] | None = None,
        *,
        progress: bool = True,
    ) -> Explanation:
        """Adds maps of methods that need the model, such as `"attention"` or `"occlusion"`.

        The model reads the answer again (teacher forcing). All maps of a method are scaled
        together, by the largest value, so that they remain comparable: those that the explanation
        has of other tokens, made with the same options, stay, and are scaled anew with these. Made
        with other options they are replaced, and a warning names their words. `cost` says before
        how many passes of the model that takes.

        Args:
            explanation: Any of this model, also a loaded one, whose pictures and prompt are then
                encoded again.
            methods: Names of `METHODS`, or `Method`s such as variants with other options.
            tokens: The tokens of the answer to explain, as for `Explanation.answer_tokens`.
            progress: Whether to show a progress bar.

        Returns:
            The explanation with maps of these methods, and their tokens in `extra_tokens`.

        Raises:
            OptionError: If a method is unknown, or needs no model.
            TokenIndexError: If a token is not part of the answer.
            UnsupportedModelError: If a method has no meaning for the model.
            ImageError: If the processor refuses changed pictures.
            TraceError: If the model does not read a loaded explanation as it was recorded.
        """
        check_explanation(explanation)
        chosen, asked = model_methods(methods), explanation.answer_tokens(tokens)
        with evaluating(self.model):
            frozen = self.frozen(explanation)
            return attribute(frozen, explanation, chosen, asked, progress=progress)

    def cost(
        self,
        explanation: Explanation,
        methods: Sequence[str | Method],
        tokens: int | str | Iterable[int | str] | None = None,
    ) -> dict[str, Cost]:
        """The forward and backward passes that `attribute` would make, by method.

        Of a method without a function `passes` it is `"not stated"`.

        Args:
            explanation: As for `attribute`.
            methods: As for `attribute`.
            tokens: As for `attribute`.
        """
        check_explanation(explanation)
        chosen, asked = model_methods(methods), explanation.answer_tokens(tokens)
        with evaluating(self.model):
            return cost(self.frozen(explanation), chosen, asked)

    def explain_layers(
        self, explanation: Explanation, layers: Sequence[int] | Literal["all"] = "all"
    ) -> Explanation:
        """Adds decoder layers to an explanation, as if it had been made with `layers=…`.

        The model reads the answer again in one forward pass (teacher forcing).

        Args:
            explanation: As for `attribute`.
            layers: `"all"`, or a list of numbers, 1 for the first.

        Returns:
            The explanation with these layers, in place of any that it has; its own maps, checks
            and alternatives remain.

        Raises:
            OptionError: If there is no such layer, none is given, or it is the explanation of one
                layer alone.
            UnsupportedModelError: If the model's layers put out no plain states.
            TraceError: If hidden states are not finite, or the model does not read a loaded
                explanation as it was recorded.
        """
        check_explanation(explanation)
        asked = asked_layers(self, layers)
        if layers is None:
            raise OptionError('layers=None: give "all", or a list of numbers')
        if "layer" in explanation.provenance:
            raise OptionError(
                f"this is the explanation of layer {explanation.provenance['layer']} alone: give "
                "the one that at_layer was called of"
            )
        with evaluating(self.model):
            return with_layers(self.frozen(explanation), explanation, asked)

    def check(
        self,
        explanation: Explanation,
        tokens: int | str | Iterable[int | str] | None = None,
        methods: Sequence[str | Method] = ("tam",),
        protocol: str = "cells",
        *,
        fill: str | None = None,
        mask: Any = None,
        random_orders: int = 3,
        seed: int = 0,
        progress: bool | Watch = True,
    ) -> FaithfulnessCheck:
        """Checks maps: how probable tokens remain while the picture is removed in their order.

        The answer stays frozen, while more and more of its picture is filled (deletion) or
        uncovered (insertion) in the order of each map, in random ones, from the centre on, and in
        that of a true mask. Equal values are taken in an order that the seed decides.

        Args:
            explanation: As for `attribute`; `Explanation.with_check` adds the result.
            tokens: The tokens to check, as for `Explanation.answer_tokens`; of a word of several
                pieces each.
            methods: Names of methods, or `Method`s, whose maps the explanation has.
            protocol: `"cells"` removes cells of the model's own grid in 20 steps; `"eagle"`
                pixels in 64 steps; `"lvlm"` 20 of 32 × 32 squares a step, with areas relative to
                the blurred picture, by default of the tokens that it makes less probable; `"flip"`
                fills an eighth of the cells and lets the model answer again.
            fill: What takes the place of removed parts: `"mean"`, `"blur"`, `"black"` or
                `"noise"`; by default the protocol's own.
            mask: True pixels of the tokens, bool [height, width] of the only picture, or such
                masks by token.
            random_orders: Number of random orders.
            seed: Of random orders, and of the order of equal values.
            progress: Whether to show a progress bar. Or a function that draws the curves as they
                come: it is called after every few passes with `done`, `total` and `check`, the
                curves so far (NaN where nothing was read yet), maps' deletion first; what it
                raises stops the check.

        Raises:
            OptionError: If an option is unknown or outside its range, a method has no maps of a
                token, or a mask does not fit the picture.
            TokenIndexError: If a token is not part of the answer.
            ImageError: If the processor refuses changed pictures.
            TraceError: If the model does not read a loaded explanation as it was recorded.
        """
        from ..faithfulness.check import check
        from ..faithfulness.protocols import protocol_named

        check_explanation(explanation)
        known = protocol_named(protocol)
        with evaluating(self.model):
            return check(
                self.frozen(explanation),
                explanation,
                known,
                tokens=tokens,
                methods=methods,
                fill=fill,
                mask=mask,
                random_orders=random_orders,
                seed=seed,
                progress=progress,
            )

    def sanity(
        self,
        explanation: Explanation,
        methods: Sequence[str | Method] = ("tam",),
        tokens: int | str | Iterable[int | str] | None = None,
        *,
        seed: int = 0,
        progress: bool = True,
    ) -> SanityCheck:
        """Checks that maps depend on the model's weights (Adebayo et al. 2018).

        The head and then the decoder layers, from the last to the first, get random weights, and
        the maps of the same answer are compared with those under the model's own. A map that
        stays the same explains nothing of the model. The model needs memory for another copy of
        these parts; afterwards, also after an error, it has its own weights again.

        Args:
            explanation: As for `attribute`.
            methods: Names of methods or `Method`s, from the record or with the model.
            tokens: As for `attribute`.
            seed: Of the random weights.
            progress: Whether to show a progress bar.

        Raises:
            OptionError: If a method is unknown, or its maps cannot be computed.
            TokenIndexError: If a token is not part of the answer.
            UnsupportedModelError: If the model's weights are quantised or offloaded.
            TraceError: If the states under random weights are not finite, or the model does not
                read a loaded explanation as it was recorded.
        """
        from ..faithfulness.cascade import checked_methods, sanity

        check_explanation(explanation)
        chosen, asked = checked_methods(methods, explanation), explanation.answer_tokens(tokens)
        with evaluating(self.model):
            frozen = self.frozen(explanation)
            return sanity(frozen, explanation, chosen, asked, seed=seed, progress=progress)

    def measure_reliance(self, explanation: Explanation) -> Explanation:
        """Measures how much of each answer token's probability the picture carries.

        The model reads the answer once more with a blank picture, of the picture's mean colour:
        one forward pass.

        Args:
            explanation: As for `attribute`.

        Returns:
            The explanation with `Explanation.reliance` and `Explanation.picture_share`.

        Raises:
            ImageError: If the processor refuses a blank picture.
            TraceError: If the model does not read a loaded explanation as it was recorded.
        """
        check_explanation(explanation)
        with evaluating(self.model):
            return with_blank(self.frozen(explanation), explanation)

    def products(
        self, explanation: Explanation, token: int | str, cells: int | Iterable[int]
    ) -> Products:
        """The numbers of which activations are made: hidden states, and the token's classifier row.

        The record keeps only their products. Of one of the latest answers they are still there; of
        another one the model reads the answer again, in one forward pass.

        Args:
            explanation: As for `attribute`.
            token: A token of the answer, as for `Explanation.answer_tokens`; of a text the first.
            cells: Indices of visual tokens, as columns of `Explanation.activations`.

        Raises:
            OptionError: If there is no such visual token, or it is the explanation of one layer
                alone.
            TokenIndexError: If the token is not part of the answer.
            TraceError: If the model does not read a loaded explanation as it was recorded.

        Example:
            >>> found = explainer.products(ex, "dog", [0, 1])                  # doctest: +SKIP
            >>> found.sums.clip(0).round(2)                                    # doctest: +SKIP
            array([9.71, 9.74], dtype=float32)
        """
        check_explanation(explanation)
        asked, own = asked_cells(explanation, cells), explanation.answer_tokens(token)[0]
        with evaluating(self.model):
            kept = self._kept(explanation)
            trace = kept.trace if kept else traced_again(self.frozen(explanation))
            return products_of(trace, explanation, own, asked)

    def frozen(self, explanation: Explanation) -> FrozenAnswer:
        """An explanation's answer with its input, which the model can read again.

        Args:
            explanation: As for `attribute`.

        Raises:
            TraceError: If the model does not read a loaded explanation as it was recorded.
        """
        check_explanation(explanation)
        with evaluating(self.model):
            kept = self._kept(explanation)
            return kept.frozen if kept else refrozen(self, explanation)

    def _request(self, explanation: Explanation) -> Request:
        """What an explanation's answer was asked for with; of a loaded one what its record holds.

        Raises:
            TraceError: If the model does not read a loaded explanation as it was recorded.
        """
        known = self._requests.of(explanation)
        if known is None:
            media = self.frozen(explanation).encoded.media
            known = replace(recorded_request(explanation), sources=media)
            lost = sorted({*recorded_keywords(explanation)} - {*known.generation})
            if lost:
                warnings.warn(
                    f"{', '.join(lost)}: the record only describes what the answer was generated "
                    "with, so the model is asked without it; explain with it again",
                    stacklevel=3,
                )
            self._requests.keep(explanation, known)
        return replace(known, layers=explanation.layers)

    def _keep(self, trace: Trace, frozen: FrozenAnswer, explanation: Explanation) -> None:
        """Keeps an answer as the latest."""
        self._recent.append(RecentAnswer(trace, frozen, explanation.activations))

    def _kept(self, explanation: Explanation) -> RecentAnswer | None:
        """Finds what is kept of an explanation's answer, and marks it as the latest used."""
        for entry in self._recent:
            if entry.activations is explanation.activations:
                self._recent.remove(entry)
                self._recent.append(entry)
                return entry
        return None
