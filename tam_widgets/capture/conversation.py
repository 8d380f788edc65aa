"""A conversation with a model, in which every answer is explained with all earlier turns."""

from __future__ import annotations

import threading
from typing import Any, Protocol

from ..errors import ImageError, PromptError
from ..explanation.explanation import Explanation
from .inputs.media import is_video, media_sources


class Answers(Protocol):
    """What a conversation needs of its model; an `Explainer` has it."""

    name: str

    def explain(
        self, image: Any, prompt: Any, *, answer: str | None, **generation: Any
    ) -> Explanation:
        """Answers a prompt and explains the answer."""
        ...


class Conversation:
    """A conversation that remembers its turns.

    Args:
        explainer: The model that answers.
        **generation: As for `Explainer.explain`, for every turn.

    Attributes:
        explanations: One for each turn, in order; each includes all earlier turns as context.

    Example:
        >>> chat = explainer.chat()                              # doctest: +SKIP
        >>> chat.ask("What is this?", image="dog.jpg").text      # doctest: +SKIP
        'A dog.'
        >>> chat.ask("What colour is it?").turns                 # doctest: +SKIP
    """

    def __init__(self, explainer: Answers, **generation: Any) -> None:
        self._explainer = explainer
        self._asking = threading.Lock()  # a turn needs the previous one
        self._generation = generation
        self._messages: list[dict[str, Any]] = []
        self._media: list[Any] = []
        self.explanations: list[Explanation] = []

    def ask(
        self,
        prompt: str,
        image: Any = None,
        *,
        video: Any = None,
        answer: str | None = None,
        **generation: Any,
    ) -> Explanation:
        """Asks the next question; if that fails, the conversation is unchanged.

        Args:
            prompt: The question.
            image: A picture for this turn, or a list of them; as for `explain`.
            video: A video for this turn; as for `explain`.
            answer: An answer to explain instead of the model's own.
            **generation: As for `explain`, for this turn.

        Returns:
            The explanation of this turn's answer.

        Raises:
            TamError: As `Explainer.explain` does; `ImageError` too if no turn has a picture.
        """
        if not isinstance(prompt, str) or not prompt.strip():
            raise PromptError(f"prompt {prompt!r:.80}: give the question as a text")
        with self._asking:
            return self._asked(prompt, image, video, answer, generation)

    def _asked(
        self, prompt: str, image: Any, video: Any, answer: str | None, generation: dict[str, Any]
    ) -> Explanation:
        added = media_sources(image, video)
        media = [*self._media, *added]
        if not media:
            raise ImageError("no turn has a picture yet: give image=… with the first question")
        parts = [{"type": "video" if is_video(source) else "image"} for source in added]
        content = [*parts, {"type": "text", "text": prompt}]
        messages = [*self._messages, {"role": "user", "content": content}]
        options = {**self._generation, **generation}
        explanation = self._explainer.explain(media, messages, answer=answer, **options)
        said = {
            "role": "assistant",
            "content": [{"type": "text", "text": explanation.text.strip()}],
        }
        self._messages, self._media = [*messages, said], media
        self.explanations.append(explanation)
        return explanation

    def __repr__(self) -> str:
        count = len(self.explanations)
        turns = f"{count} turn{'' if count == 1 else 's'}"
        return f"<Conversation with {self._explainer.name!r:.200}: {turns}>"
