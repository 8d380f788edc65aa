"""A model of which only the probabilities of a given answer are known."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from PIL import Image

from ...attribution import Method
from ...attribution.interference import Floats
from ...errors import OptionError
from ...explanation.explanation import Explanation
from ...explanation.given_explanation import check_explanation
from ..forcing.attributing import Cost, attribute, cost
from ..forcing.reliance import with_blank
from ..given.from_maps import checked_name, explanation_of
from ..given.texts import checked_prompt, tokens_of
from ..inputs.images import ImageSource, load_image, store_image
from .arguments import black_box_methods, check_plain, checked_answer, grid_of
from .calls import Calls
from .served_answer import ServedAnswer

if TYPE_CHECKING:
    from ...explanation.check_record import Watch
    from ...explanation.faithfulness import FaithfulnessCheck

KEPT_PICTURES = 4
"""Number of latest explanations whose pictures are kept as they were given."""


class _Kept(NamedTuple):
    activations: Floats
    picture: Image.Image


class ServedModel:
    """A model behind an API, explained by how probable it finds an answer with other pictures.

    It has the methods of `Explainer` for which that suffices.

    Args:
        function: `f(picture, prompt, answer)` returns the log-probabilities of the answer's tokens
            given the picture and the prompt: natural logarithms, [tokens]. The picture is a PIL
            image, RGB, at full size. Retries are the function's own matter.
        name: What to call the model in views.
        batch_size: If given, `f(pictures, prompt, answer)` gets a list of at most so many pictures
            and returns [pictures, tokens], so that it can ask for them at the same time.

    Attributes:
        name: As above.

    Raises:
        OptionError: If the function cannot be called, or the number is none.

    Example:
        >>> def f(picture, prompt, answer):
        ...     return [-0.1] + [-1.0] * (len(answer.split()) - 1)
        >>> served = ServedModel(f, name="a model")
        >>> picture = Image.new("RGB", (64, 48), "red")
        >>> explanation = served.explain(picture, "What is there?", "A dog.")
        >>> served.cost(explanation, ["occlusion"])
        {'occlusion': Passes(forward=90, backward=0)}
        >>> served.attribute(explanation, ["occlusion"], progress=False).methods["occlusion"].source
        'Zeiler & Fergus 2014, arXiv 1311.2901'
    """

    def __init__(
        self, function: Callable[..., Any], *, name: str = "", batch_size: int | None = None
    ) -> None:
        if not callable(function):
            raise OptionError(
                f"function={function!r:.80}: give f(picture, prompt, answer), which returns the "
                "log-probabilities of the answer's tokens"
            )
        whole = isinstance(batch_size, int) and not isinstance(batch_size, bool)
        if batch_size is not None and not (whole and batch_size >= 1):
            raise OptionError(f"batch_size={batch_size!r:.80}: give a number from 1 on, or None")
        self.name = checked_name(name)
        self._calls = Calls(function, batch_size)
        self._recent: deque[_Kept] = deque(maxlen=KEPT_PICTURES)

    def __repr__(self) -> str:
        return f"<ServedModel {self.name!r}: {self.calls} calls so far>"

    @property
    def calls(self) -> int:
        """How often the function was called so far."""
        return self._calls.count

    def explain(
        self,
        picture: ImageSource,
        prompt: str,
        answer: str,
        *,
        tokens: Iterable[str] | None = None,
        grid: tuple[int, int] | None = None,
    ) -> Explanation:
        """Reads an answer once, for the probabilities of its tokens; maps come with `attribute`.

        Args:
            picture: As for `Explainer.explain`, a single one.
            prompt: What the model was asked.
            answer: What it answered.
            tokens: The answer's tokens as texts, in the order in which the function returns their
                log-probabilities; together they are the answer. By default its words, each with
                the space before it.
            grid: Rows and columns of cells in which the picture is hidden; by default 8 along its
                longer side. The number of calls grows with it.

        Returns:
            An explanation without maps.

        Raises:
            ImageError: If the picture cannot be opened.
            OptionError: If the tokens are not those of the answer, or there is no such grid.
            ModelError: If the function raises an error, or does not return log-probabilities.
        """
        opened, asked = load_image(picture), checked_prompt(prompt)
        texts = checked_answer(answer, tokens)
        placed = grid_of(grid, opened.size)
        known = self._calls.log_probabilities([opened], asked, answer, len(texts))[0]
        made = explanation_of(
            store_image(opened), tokens_of(asked, texts, known), placed, asked, self.name
        )
        self._recent.append(_Kept(made.activations, opened))
        return made

    def attribute(
        self,
        explanation: Explanation,
        methods: Sequence[str | Method] = ("occlusion",),
        tokens: int | str | Iterable[int | str] | None = None,
        *,
        progress: bool = True,
    ) -> Explanation:
        """Adds maps of black-box methods, such as `"occlusion"` or `"rise"`.

        Maps that the explanation has of other tokens stay, as for `Explainer.attribute`.

        Whatever the function returns is kept in memory: after an error or an interruption, the
        same line goes on from there, and nothing is asked twice. `cost` says before how many calls
        that takes.

        Args:
            explanation: One that this model made, or of the same answer by `Explanation.from_maps`
                or from a file; then its stored picture is used.
            methods: `"occlusion"`, `"rise"`, `"eagle"`, the controls `"random"`, `"centre"` and
                `"edges"`, or `Method`s such as variants with other options.
            tokens: The tokens of the answer to explain, as for `Explanation.answer_tokens`. More
                of them take no more calls, except with `"eagle"`.
            progress: Whether to show a progress bar.

        Returns:
            The explanation with maps of these methods.

        Raises:
            OptionError: If a method is unknown, or needs more than probabilities.
            TokenIndexError: If a token is not part of the answer.
            ModelError: If the function raises an error, or does not return log-probabilities.
        """
        check_explanation(explanation)
        chosen, asked = black_box_methods(methods), explanation.answer_tokens(tokens)
        frozen = self.frozen(explanation)
        return attribute(frozen, explanation, chosen, asked, progress=progress)

    def cost(
        self,
        explanation: Explanation,
        methods: Sequence[str | Method] = ("occlusion",),
        tokens: int | str | Iterable[int | str] | None = None,
    ) -> dict[str, Cost]:
        """How many pictures `attribute` asks about at most, by method, as forward passes.

        Each is a call of the function, or with `batch_size` a part of one. What was asked before
        is not asked again.

        Args:
            explanation: As for `attribute`.
            methods: As for `attribute`.
            tokens: As for `attribute`.
        """
        check_explanation(explanation)
        chosen, asked = black_box_methods(methods), explanation.answer_tokens(tokens)
        return cost(self.frozen(explanation), chosen, asked)

    def check(
        self,
        explanation: Explanation,
        tokens: int | str | Iterable[int | str] | None = None,
        methods: Sequence[str | Method] | None = None,
        protocol: str = "cells",
        *,
        fill: str | None = None,
        mask: Any = None,
        random_orders: int = 3,
        seed: int = 0,
        progress: bool | Watch = True,
    ) -> FaithfulnessCheck:
        """Checks maps by deletion and insertion, beside random orders; see `Explainer.check`.

        Args:
            explanation: As for `attribute`.
            tokens: As for `Explainer.check`.
            methods: Names of methods whose maps the explanation has; by default its
                `default_method`.
            protocol: `"cells"`, `"eagle"` or `"lvlm"`, as for `Explainer.check`.
            fill: As for `Explainer.check`.
            mask: As for `Explainer.check`.
            random_orders: As for `Explainer.check`.
            seed: As for `Explainer.check`.
            progress: As for `Explainer.check`.

        Raises:
            OptionError: As `Explainer.check`.
            TokenIndexError: If a token is not part of the answer.
            UnsupportedModelError: If the protocol lets the model answer again.
            ModelError: If the function raises an error, or does not return log-probabilities.
        """
        from ...faithfulness.check import check
        from ...faithfulness.protocols import protocol_named

        check_explanation(explanation)
        known = protocol_named(protocol)
        return check(
            self.frozen(explanation),
            explanation,
            known,
            tokens=tokens,
            methods=_given(methods, explanation),
            fill=fill,
            mask=mask,
            random_orders=random_orders,
            seed=seed,
            progress=progress,
        )

    def cost_of_check(
        self,
        explanation: Explanation,
        tokens: int | str | Iterable[int | str] | None = None,
        methods: Sequence[str | Method] | None = None,
        protocol: str = "cells",
        *,
        mask: Any = None,
        random_orders: int = 3,
        seed: int = 0,
    ) -> int:
        """About how many pictures `check` asks at most; the arguments are those of `check`.

        Raises:
            OptionError: As `check`; and if the protocol chooses the tokens itself.
        """
        from ...faithfulness.check import passes_of_check
        from ...faithfulness.protocols import protocol_named

        check_explanation(explanation)
        return passes_of_check(
            self.frozen(explanation),
            explanation,
            protocol_named(protocol),
            tokens=tokens,
            methods=_given(methods, explanation),
            mask=mask,
            random_orders=random_orders,
            seed=seed,
        )

    def measure_reliance(self, explanation: Explanation) -> Explanation:
        """Measures how much of each token's probability the picture carries, in one call.

        Args:
            explanation: As for `attribute`.

        Returns:
            The explanation with `Explanation.reliance` and `Explanation.picture_share`.

        Raises:
            ModelError: If the function raises an error, or does not return log-probabilities.
        """
        check_explanation(explanation)
        return with_blank(self.frozen(explanation), explanation)

    def frozen(self, explanation: Explanation) -> ServedAnswer:
        """An explanation's answer, to be asked for with other pictures.

        Raises:
            UnsupportedModelError: If it has not exactly one picture and one grid, several turns, or
                special tokens, of which a text says nothing.
        """
        check_plain(explanation)
        (image,) = explanation.images
        known = (one.picture for one in self._recent if one.activations is explanation.activations)
        return ServedAnswer(
            self._calls,
            explanation.prompt_text,
            explanation.text,
            range(explanation.prompt_length, len(explanation.tokens)),
            next(known, None) or image.at_full_size(),
            explanation.grids[0],
        )


def _given(
    methods: Sequence[str | Method] | None, explanation: Explanation
) -> Sequence[str | Method]:
    return [explanation.default_method] if methods is None else methods
