"""The explorer: point at a word and see which pixels it came from."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from ..contract import CONTRACT
from ..errors import OptionError
from ..explanation.agreement import WordAgreement, agreement
from ..explanation.explanation import Explanation
from ..explanation.given_explanation import check_explanation
from ..explanation.storage import write_bytes
from . import parts
from .code import code_of
from .methods import opening
from .questions.asking import Asking, known, possible
from .questions.models import checked_explainers, explainers_of
from .settings import ExplorerSettings
from .size_limit import warn_of_view
from .stepped_view import SteppedView
from .steps import Steps
from .stills.bundle import with_picture
from .wire import distinct, encode

if TYPE_CHECKING:
    from ..capture.explainer import Explainer
    from .small_multiples.explained import Methods
    from .small_multiples.figure import Figure
    from .small_multiples.settings import FigureSettings
    from .small_multiples.word_choice import Words

STATIC = Path(__file__).parent / "static"


class Explorer(SteppedView):
    """One or more explanations side by side, with linked words, in any Jupyter front end.

    Moving over a word shows its map at once and without the kernel; a click locks it. All
    settings are traits: set them, or observe what a person chooses.

    Args:
        *explanations: One panel each, left to right.
        explainer: The model that answers questions about them, or a list of one for each; by
            default what made each explanation, if it is still in memory.
        **settings: First values of the traits below.

    Attributes:
        selected: Locked tokens, a list of (panel, token) pairs, both counted from 0; several
            of one panel are shown as one map.
        method: A name in `Explanation.methods` of one of the explanations; a panel whose
            explanation has no map of it says so. It opens with `Explanation.default_method`.
        methods: Such names, one a panel, which takes the place of `method` there. `[]`: all
            panels show `method`. It opens with each panel's own, if their default methods differ.
        eci: Strength of the causal inference, 0..1.
        kernel_size: Odd window of the rank Gaussian filter, in visual tokens.
        border: What the filter's windows see beyond a grid: `"repeat"` repeats its border;
            `"reflect"`, as published, mirrors the grid, so that heat leaks to the picture's edge.
        opacity: Of the heatmap, 0..1.
        colormap: `"viridis"`, `"inferno"`, `"cividis"` or `"jet"`.
        scale: `"token"`: colours end at the map's maximum, so that weak maps can be seen, but at
            0.25 at least, so that empty ones look empty; `"shared"`: at 1 for all maps, so that
            their strengths can be compared.
        threshold: Share of the scale, 0..1, below which nothing is drawn.
        cells: Whether the model's true cells are drawn instead of a smooth surface.
        granularity: What pointing and clicking takes: `"token"` or `"word"`, all pieces of it.
        aggregate: How several tokens of a panel become one map: `"max"`, `"mean"`, `"first"`
            or `"sum"`, which may exceed 1.
        box: `[panel, image, left, top, right, bottom]` in pixels of the upright full-size
            image: tokens are shaded by how much of their maps lies inside, also in other panels
            that show the same picture. `[]` for none.
        counterfactual: `[panel, token, word]`: the map of another word is shown in the place of
            that locked token, and of linked tokens that have such an alternative; it is kept as
            the word's index among the explanation's `alternatives`. `[]` for none.
        contrast: Whether the locked token's map minus the alternative's is shown.
        frame: Frame of video in view, counted from 0 over all videos of a panel; a panel of
            fewer frames shows its last.
        thumbnail: Whether, of a picture that the model saw as tiles and as a thumbnail, the
            thumbnail's map is drawn instead of the tiles'.
        outline: Whether the true outlines of objects are drawn over the pictures, where an
            evaluation knows them, as in the explorer of a `Gallery`.
        reliance: Whether bars under the answer's words show how much of their probability the
            picture carries (`Explanation.picture_share`), where it is known; the button
            *reliance* measures it. While there is a box, bars show what lies in it instead.
        layer: The decoder layer whose map of a locked word is shown, 1 for the first; 0, the
            default, for the last. Others are there if the explanation was made with layers, or its
            model is still in memory.
        step: Which of `steps` is in view. Those that the view was made with stand side by side;
            a later one stands to the right of the step that it was made from, and words that
            differ are marked, and shown until others are chosen. Each step remembers its locked
            tokens; a new one has none, and another one is shown without box, counterfactual and
            frame.

        checks: Those of the explanations and, in the order in which they were completed, those
            that a person asked for in the view; not a trait.

    Its property `code` is the Python that makes it as it is. `steps` are all explanations: first
    those that it was made with, then, in order, each that `what_if` or a person has made from one
    in view by changing one thing; `explanations` are those in view.

    Raises:
        OptionError: If no explanation is given, or something else than an explanation.
        traitlets.TraitError: If a setting is outside its range; the message says the range.

    Example:
        >>> import tam_widgets as tw
        >>> view = tw.Explorer(explanation)            # doctest: +SKIP
        >>> view.selected = [(0, 4)]                   # doctest: +SKIP
        >>> view.observe(print, "selected")            # doctest: +SKIP
    """

    _esm = STATIC / "widget.js"
    _css = STATIC / "widget.css"

    def __init__(
        self,
        *explanations: Explanation,
        explainer: Explainer | Sequence[Explainer | None] | None = None,
        **settings: Unpack[ExplorerSettings],
    ) -> None:
        check_explanations(explanations)
        unknown = [name for name in settings if not self.has_trait(name)]
        if unknown:
            raise OptionError(f"{unknown[0]}=…: there is no such setting of an Explorer")
        if not {"method", "methods"} & settings.keys():
            settings = {**opening(explanations), **settings}  # type: ignore[typeddict-item]
        self.explanations = explanations
        self.checks = list(dict.fromkeys(check for one in explanations for check in one.checks))
        self._locked = {}
        self._history = Steps(explanations, checked_explainers(explainer, len(explanations)))
        warn_of_view(explanations, stacklevel=2)
        header, buffers = encode(explanations)
        self._methods = [method["name"] for method in header["methods"]]
        super().__init__(_header=header, _buffers=buffers, **self._known_state, **settings)
        self._asking = Asking(self, self.send)
        self.on_msg(self._on_message)

    def __repr__(self) -> str:
        shown = distinct(self.explanations) if self.methods else self.explanations
        titles = " and ".join(f"{one.title!r:.80}" for one in shown)
        locked = f", {len(self.selected)} tokens locked" if self.selected else ""
        return f"<Explorer of {titles}: {', '.join(self.methods or [self.method])}{locked}>"

    def _method_of(self, panel: int) -> str:
        return str(self.methods[panel] if self.methods else self.method)

    @property
    def explainers(self) -> list[Explainer | None]:
        """The models that answer questions about each panel; None where there is none."""
        return explainers_of(self.explanations, self._history.explainers(self.step))

    @property
    def code(self) -> str:
        """The Python that makes this view as it is now, of explanations called `ex`.

        In a comparison they are called `ex_a`, `ex_b` and so on. Maps that `compare` has computed
        are those of `explanations`, in which the code finds them again without a model.
        """
        return code_of(self._settings, self.explanations)

    @property
    def _settings(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in CONTRACT.settings}

    @property
    def _shown(self) -> tuple[Any, ...]:
        """What is in view: explanations, settings, and tokens of changed words."""
        steps = {"step": self.step, "_steps": self._steps} if self._steps else {}
        return self.explanations, {**self._settings, **steps}, self._history.changed(self.step)

    def update_explanations(
        self, known: Explanation, change: Callable[[Explanation], Explanation]
    ) -> None:
        """Adds what was computed for an answer to every panel that shows it.

        Args:
            known: An explanation of this answer, of any time.
            change: Returns an explanation with more in it.
        """
        self._history.update(known, change)
        self.explanations = tuple(self._history.explanations(self._history.shown(self.step)))
        with self.hold_sync():
            for name, value in self._known_state.items():
                setattr(self, name, value)

    @property
    def _known_state(self) -> dict[str, Any]:
        """Traits that tell the browser what can be asked, and what is known without asking."""
        return {
            "_questions": possible(self.explanations, self.explainers),
            "_known": known(self.explanations),
            "_parts": parts.carried(self.explanations),
        }

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Takes what the browser has set."""
        with self._asking.lock:
            super().set_state(sync_data)

    def _on_message(self, _: Any, content: Any, __: Any) -> None:
        kind = content.get("kind") if isinstance(content, dict) else None
        if kind == "part":
            self.send(parts.answer(content.get("name")))
        elif kind in ("question", "stop", "poll"):
            self._asking.hear(content)
        elif kind == "html":
            from .export import page

            self.send({"kind": "html"}, [page(*self._shown)])

    def to_html(self, path: str | os.PathLike[str], *, layers: bool = False) -> None:
        """Writes the view as it is now, as one HTML file that works offline.

        Args:
            path: The file.
            layers: As for `Explanation.to_html`.

        Raises:
            OptionError: If layers are asked for, and no explanation has any.
        """
        from .export import page

        warn_of_view(self.explanations, stacklevel=2, layers=layers)
        write_bytes(path, page(*self._shown, layers=layers))

    def agreement(self, first: int = 0, second: int = 1) -> list[WordAgreement]:
        """How far two panels' maps of their shared answer words agree, under this view's settings.

        Each panel's maps are those of its own method.

        Args:
            first: A panel, counted from 0.
            second: Another one.

        Returns:
            As `tam_widgets.agreement`.

        Raises:
            OptionError: If there is no such panel, or the panels show different pictures.
        """
        for panel in (first, second):
            if panel not in range(len(self.explanations)):
                raise OptionError(
                    f"panel {panel!r:.80}: this explorer has {len(self.explanations)}, counted "
                    "from 0"
                )
        options = {"eci": self.eci, "kernel_size": self.kernel_size, "border": self.border}
        one, two = self.explanations[first], self.explanations[second]
        shown = {"aggregate": self.aggregate, "thumbnail": self.thumbnail}
        methods = self._method_of(first), self._method_of(second)
        return agreement(one, two, methods, **shown, **options)

    def figure(
        self,
        words: Words = None,
        methods: Methods | None = None,
        **settings: Unpack[FigureSettings],
    ) -> Figure:
        """Small pictures of words under their maps, a row for each panel, as a figure for a paper.

        Args:
            words: As for `Explanation.figure`; tokens are those of the first panel, and the others
                show the same words. By default the content words of all answers.
            methods: As there; by default the method that the view, or each panel, shows. With
                several, each explanation has a row for each.
            **settings: As there; by default those of the view.

        Returns:
            A figure that a notebook shows; its `save` writes PDF, SVG or PNG.

        Raises:
            OptionError: If a text occurs in no answer, or a method or setting is unknown.
            TokenIndexError: If there is no such token.
        """
        from .small_multiples.explained import figure
        from .small_multiples.settings import NAMES

        own: Any = {name: getattr(self, name) for name in NAMES}
        chosen, shown = {**own, **settings}, distinct(self.explanations)
        if methods or not self.methods:
            return figure(shown, words, methods or self.method, **chosen)
        if len(shown) == 1:
            return figure(shown, words, dict.fromkeys(self.methods), **chosen)
        return figure(self.explanations, words, own=self.methods, **chosen)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The live view, and beside it a picture for readers without a kernel or widgets.

        Where the picture cannot be drawn, a warning says why, and the live view stands alone.
        """
        return with_picture(super()._repr_mimebundle_(**kwargs), self._picture, "explorer")

    def _picture(self) -> bytes:
        from .stills.picture import jpeg_bytes
        from .stills.settings import StillSettings

        settings = {field.name: getattr(self, field.name) for field in fields(StillSettings)}
        changed = self._history.changed(self.step)
        return jpeg_bytes(self.explanations, StillSettings(**settings), changed)


def check_explanations(explanations: Iterable[Any]) -> None:
    """Refuses what is not one explanation or more.

    Raises:
        OptionError: If it is not.
    """
    given = list(explanations)
    if not given:
        raise OptionError("no explanation is given: pass at least one, as in Explorer(explanation)")
    for one in given:
        check_explanation(one)
