"""What a question is, and what it is asked about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...errors import OptionError, TamError

if TYPE_CHECKING:
    from ...capture.explainer import Explainer
    from ...explanation.explanation import Explanation
    from .job import Job

Json = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """A question as it was asked.

    Attributes:
        panel: The panel that it is about.
        explanation: What that panel shows.
        explainer: Its model; None if there is none.
        settings: Settings of the view at that moment, by name.
        arguments: What else the browser sent; not to be trusted.
    """

    panel: int
    explanation: Explanation
    explainer: Explainer | None
    settings: Mapping[str, Any]
    arguments: Json

    @property
    def model(self) -> Explainer:
        """The model, which must be there.

        Raises:
            ModelGoneError: If it is gone.
        """
        if self.explainer is None:
            raise ModelGoneError(
                f"the model of {self.explanation.title} is not loaded: pass it to the view, as in "
                "Explorer(explanation, explainer=…)"
            )
        return self.explainer

    @property
    def tokens(self) -> list[int]:
        """Tokens that the browser named.

        Raises:
            OptionError: If it named none.
            TokenIndexError: If there is no such token.
        """
        given = self.arguments.get("tokens")
        if not isinstance(given, list) or not given:
            raise OptionError(f"tokens={given!r:.80}: give a list of indices of tokens")
        return [self.explanation.index(token) for token in given]


class ModelGoneError(TamError):
    """A view's model is no longer there."""


@dataclass(frozen=True)
class Reply:
    """What the browser gets at the end.

    Attributes:
        data: JSON values.
        buffers: Binary data.
    """

    data: Any = None
    buffers: tuple[bytes, ...] = ()


def _nothing(_explanation: Explanation) -> None:
    """Nothing is known without asking."""


def answered_by(method: str) -> Callable[[Explanation, Explainer | None], bool]:
    """It can be asked wherever there is a model with a method of this name."""
    return lambda _explanation, explainer: hasattr(explainer, method)


_WITH_MODEL = answered_by("explain")


@dataclass(frozen=True)
class Question:
    """One kind of question.

    Attributes:
        name: Its name, in both languages.
        work: Answers it in a thread. It may call `Job.report`, which raises `Stopped` if the person
            no longer wants the answer; it changes nothing of the view.
        take: Adds a result to the view, and says what the browser gets. Runs where the view's
            traits may be set.
        known: What a view shows of it without asking, JSON values; None for nothing.
        possible: Whether it can be asked about an explanation, given its model or None.
    """

    name: str
    work: Callable[[Asked, Job], Any]
    take: Callable[[Any, Asked, Any], Reply]
    known: Callable[[Explanation], Any] = _nothing
    possible: Callable[[Explanation, Explainer | None], bool] = _WITH_MODEL
