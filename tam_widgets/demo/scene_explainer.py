"""An explainer that says when its demo model is asked about what it never saw."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from tam_widgets.capture.explainer import Explainer
from tam_widgets.capture.generation.generate import Answer
from tam_widgets.capture.inputs.encoding import Encoded
from tam_widgets.demo.world import is_caption_prompt, is_question, is_scene
from tam_widgets.explanation.explanation import Explanation
from tam_widgets.terminal import escaped


class SceneExplainer(Explainer):
    """An `Explainer` of a demo model: it warns once of a picture or a question of another kind."""

    _trained_on: ClassVar[str] = "the pictures of tw.demo.scene and the questions about them"

    def __init__(self, model: Any, processor: Any = None, *, name: str | None = None) -> None:
        super().__init__(model, processor, name=name)
        self._said: set[str] = set()

    def _recorded(
        self, encoded: Encoded, answer: Answer, generation: Mapping[str, Any]
    ) -> Explanation:
        explanation = super()._recorded(encoded, answer, generation)
        for kind, unknown in self._unknown(encoded):
            self._said.add(kind)
            warnings.warn(
                f"{escaped(self.name)} is a toy that knows only {self._trained_on}, but {unknown}: "
                "do not rely on its answer or its maps. This is said of the first such "
                f"{kind} only",
                stacklevel=4,
            )
        return explanation

    def _unknown(self, encoded: Encoded) -> Iterator[tuple[str, str]]:
        """What of an input the model never saw and was not said before: its kind, and which."""
        if "picture" not in self._said:
            pictures = [picture for medium in encoded.media for picture in medium.pictures]
            if len(pictures) > 1:
                yield "picture", f"{len(pictures)} pictures were given at once"
            elif not is_scene(pictures[0]):
                yield "picture", "this picture is not one of them"
        if "question" not in self._said:
            for question in _questions(encoded):
                if not self._knows(question):
                    yield "question", f"{escaped(question)!r:.80} is not one of these"
                    break

    def _knows(self, question: str) -> bool:
        return is_question(question)


class PlantedExplainer(SceneExplainer):
    """A `SceneExplainer` of a planted model, which was planted by captions alone."""

    _trained_on: ClassVar[str] = (
        "the pictures of tw.demo.planted_scene and tw.demo.scene, and the prompts for captions"
    )

    def _knows(self, question: str) -> bool:
        return is_caption_prompt(question)


def _questions(encoded: Encoded) -> list[str]:
    """What the user says in a conversation."""
    chat = encoded.chat
    spans = [span for span in chat.spans if chat.roles[span.turn] == "user"]
    return [chat.text[span.start : span.stop] for span in spans]
