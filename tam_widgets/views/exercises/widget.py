"""An exercise as a widget: predict a map, then see it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from ...attribution import aggregate_maps
from ...errors import OptionError
from ...explanation.explanation import Explanation
from ...explanation.given_explanation import check_activations, check_explanation
from ...explanation.storage import write_bytes
from ...explanation.words import span_text
from ..export import page_of, view_data
from ..size_limit import warn_of_view
from ..stills.bundle import with_picture
from ..stills.tiling import drawn
from ..traits import synced
from ..wire import encode
from .question import Kind, question
from .score import DrawingScore, score_of

STATIC = Path(__file__).parent.parent / "static"

Json = dict[str, Any]


class Exercise(anywidget.AnyWidget):
    """A question about one word's map, which is shown when it is answered.

    `exercise` says what there is to ask, and makes it. It needs no kernel once it is shown: not in
    a saved notebook, and not in the file that `to_html` writes.

    Attributes:
        drawn: For the kind `"draw"`: the cells that were drawn, indices of visual tokens in order.
        choice: For the other kinds: which of the answers was chosen, counted from 0; None before.
        answered: Whether the answer is shown.
        correct: Whether the choice is right; None before there is an answer, and for `"draw"`,
            whose answer is not right or wrong: see `score`. Read-only.

    Raises:
        traitlets.TraitError: If `drawn` or `choice` names what is not there.
    """

    _esm = STATIC / "exercise.js"
    _css = STATIC / "exercise.css"

    drawn: traitlets.List[int] = synced(traitlets.List(traitlets.Int()))
    choice = synced(traitlets.Int(None, allow_none=True))
    answered = synced(traitlets.Bool(False))
    correct = traitlets.Bool(None, allow_none=True, read_only=True)

    _question = traitlets.Dict().tag(sync=True)
    _header = traitlets.Dict().tag(sync=True)
    _buffers = traitlets.List(traitlets.Bytes()).tag(sync=True)

    def __init__(
        self,
        explanation: Explanation,
        token: int | str | Iterable[int | str] | None = None,
        kind: Kind = "draw",
        *,
        seed: int = 0,
    ) -> None:
        check_explanation(explanation)
        check_activations(explanation, "an exercise")
        if any(image.video is not None for image in explanation.images):
            raise OptionError("exercises show pictures, and this explanation has a video")
        self.explanation = explanation
        self.question = question(explanation, token, kind, seed)
        self._cells = [int(cell) for cell in drawn(explanation)]
        warn_of_view([explanation], stacklevel=3)
        header, buffers = encode([explanation])
        super().__init__(_question=self.question.as_json(), _header=header, _buffers=buffers)

    def __repr__(self) -> str:
        text = span_text(self.explanation.tokens, self.question.tokens)
        hidden = self.question.kind == "word" and not self.answered
        of = self.explanation.title if hidden else f"{text!r:.80} by {self.explanation.title!r:.80}"
        state = "answered" if self.answered else "not answered"
        return f"<Exercise {self.question.kind!r} on {of}: {state}>"

    @property
    def score(self) -> DrawingScore | None:
        """The drawing beside the map, for `"draw"` whenever something is drawn; else None."""
        if self.question.kind != "draw" or not self.drawn:
            return None
        maps = self.explanation.maps("tam")[list(self.question.tokens)]
        places = {cell: place for place, cell in enumerate(self._cells)}
        values = aggregate_maps(maps, "max")[self._cells]
        return score_of(values, [places[cell] for cell in self.drawn])

    def to_html(self, path: str | os.PathLike[str]) -> None:
        """Writes the exercise as one HTML file that works offline, without any answer yet.

        Nothing on the page tells the answer before the person has given theirs. It is in the file
        all the same, as the page must show it without a network: who reads the file's source with
        some skill can find it. So it suits a class, not an examination.

        Args:
            path: The file; it is replaced only when the new one is complete.

        Raises:
            OutputError: If it cannot be written.
        """
        data = view_data({"_question": self._question, "_header": self._header}, self._buffers)
        title = f"Exercise: {self.explanation.title}"
        write_bytes(path, page_of(title, "exercise", data))

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The live view, and beside it the question for readers without a kernel or widgets."""

        def draw() -> bytes:
            from .still import still

            return still(self.explanation, self.question)

        return with_picture(super()._repr_mimebundle_(**kwargs), draw, "exercise")

    @traitlets.validate("drawn")
    def _validate_drawn(self, proposal: Any) -> list[int]:
        given = sorted({*proposal["value"]})
        unknown = [cell for cell in given if cell not in {*self._cells}]
        if given and self.question.kind != "draw":
            raise traitlets.TraitError(
                f"drawn={given!r:.80}: nothing is drawn in this kind; set `choice`"
            )
        if unknown:
            raise traitlets.TraitError(
                f"drawn has cell {unknown[0]}: give indices of visual tokens that are shown, of "
                f"0 to {self.explanation.visual_length - 1}"
            )
        return given

    @traitlets.validate("choice")
    def _validate_choice(self, proposal: Any) -> int | None:
        value, options = proposal["value"], self.question.options
        if value is not None and not 0 <= value < options:
            some = f"give 0 to {options - 1}" if options else "this kind has no answers to choose"
            raise traitlets.TraitError(f"choice={value}: {some}, or None")
        return None if value is None else int(value)

    @traitlets.observe("choice")
    def _on_choice(self, change: Any) -> None:
        self.answered = change["new"] is not None
        right = None if change["new"] is None else change["new"] == self.question.solution
        self.set_trait("correct", right)


def exercise(
    explanation: Explanation,
    token: int | str | Iterable[int | str] | None = None,
    kind: Kind = "draw",
    *,
    seed: int = 0,
) -> Exercise:
    """An exercise for teaching: predict a word's map, then see it.

    - `"draw"`: the picture without a map. A person draws where the word will light up: with the
      mouse, a finger, or the arrow keys and the space bar. Then the map is shown, and how much of
      its weight the drawing holds (`Exercise.score`).
    - `"eci"`: two maps of the word, one with and one without the estimated causal inference. Which
      is which? The answer says how much of the word's activation was context.
    - `"word"`: a map, and up to four words of the answer. Whose is it? The answer shows the maps of
      all of them. Words whose maps cannot be seen, or hardly differ from the map, are not offered.

    All maps are those of TAM with its default options.

    Args:
        explanation: An answer about one picture or several; a video is refused.
        token: A text of the answer, or the index of a token or indices of several, shown as one
            map. By default the word that the explorer shows at rest; for `"eci"` the one that loses
            most.
        kind: What is asked.
        seed: Of the order of what there is to choose from, and of the other words.

    Returns:
        The exercise, which a notebook shows.

    Raises:
        OptionError: If the kind is unknown; the text does not occur in the answer; the word's map
            is empty; for `"eci"` nothing of it is context; for `"word"` there is no other word to
            choose.
        TokenIndexError: If there is no such token, or it belongs to the prompt.

    Example:
        >>> import tam_widgets as tw
        >>> view = tw.exercise(explanation, "tree")            # doctest: +SKIP
        >>> view.drawn, view.score                             # doctest: +SKIP
        >>> tw.exercise(explanation, "tree", "eci").to_html("which.html")    # doctest: +SKIP
    """
    return Exercise(explanation, token, kind, seed=seed)
