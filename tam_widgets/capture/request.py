"""What a model was asked, kept so that it can be asked again with one thing changed."""

from __future__ import annotations

import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..attribution.interference import Floats
from ..explanation.explanation import Explanation
from .generation.answer_start import Start
from .generation.generate import Answer
from .inputs.encoding import Encoded

KEPT_PIXELS = 2**27
"""Most pixels of pictures that are kept to ask again, 3 bytes each."""

KEPT_REQUESTS = 4
"""Least number of requests that are kept, however large their pictures are."""


@dataclass(frozen=True, eq=False, repr=False)
class Request:
    """What a model is asked.

    Attributes:
        prompt: A text, or chat messages.
        sources: The pictures and videos, as for `encode`; `Medium`s once it was asked.
        answer: The answer to read, if the model is not to write one.
        start: With what its own answer begins, if it is not free.
        context: A text of the assistant for which the template ends the input; None if the model
            writes from the very beginning.
        layers: Numbers of the decoder layers to explain beside the last.
        generation: Keywords of `generate`.
    """

    prompt: Any
    sources: Sequence[Any]
    answer: str | None = None
    start: Start | None = None
    context: str | None = None
    layers: tuple[int, ...] = ()
    generation: Mapping[str, Any] = field(default_factory=dict)


def request_of(encoded: Encoded, answer: Answer, generation: Mapping[str, Any]) -> Request:
    """The request of an answer."""
    return Request(
        encoded.prompt,
        encoded.media,
        answer=encoded.answer if answer.finish_reason == "given" else None,
        start=answer.start.given if answer.start else None,
        context=encoded.answer,
        layers=answer.layers,
        generation=generation,
    )


class KeptRequests:
    """The latest requests, by their explanations, as far as their pictures do not take too much.

    A request is forgotten with the last copy of its explanation.
    """

    def __init__(self) -> None:
        self._kept: list[tuple[weakref.ref[Floats], Request]] = []

    def keep(self, explanation: Explanation, request: Request) -> None:
        """Keeps a request whose sources are `Medium`s as the latest."""
        alive = [entry for entry in self._kept if entry[0]() is not None]
        self._kept = [*alive, (weakref.ref(explanation.activations), request)]
        while len(self._kept) > KEPT_REQUESTS and self._pixels() > KEPT_PIXELS:
            del self._kept[0]

    def of(self, explanation: Explanation) -> Request | None:
        """The request of an explanation, or of one with the same activations."""
        for activations, request in reversed(self._kept):
            if activations() is explanation.activations:
                return request
        return None

    def _pixels(self) -> int:
        """Pixels of all pictures, each counted once."""
        media = [medium for _, request in self._kept for medium in request.sources]
        pictures = {id(picture): picture for medium in media for picture in medium.pictures}
        return sum(picture.width * picture.height for picture in pictures.values())
