"""One explained answer: its maps, rankings, files and views.

Nothing here needs torch, a model or a browser.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
from numpy.typing import NDArray

from ..attribution import METHODS, Method, aggregate_maps, method_named
from ..attribution.interference import Floats
from ..attribution.options import check_layer
from ..errors import OptionError, TokenIndexError
from . import consistency
from .alternatives import alternative_named
from .explainer_link import explainer_of
from .faithfulness import FaithfulnessCheck
from .geometry import by_grid
from .layer_curve import LayerCurve, layer_curve
from .layers import at_layer
from .options import MapOptions
from .record import Record
from .region import TokenShare, check_box, shares_inside
from .reliance import picture_share, reliance
from .table import token_table
from .types import TokenKind
from .words import Word, find, words

if TYPE_CHECKING:
    from ..capture.explainer import Explainer
    from ..views import Explorer
    from ..views.small_multiples.explained import Methods
    from ..views.small_multiples.figure import Figure
    from ..views.small_multiples.settings import FigureSettings
    from ..views.small_multiples.word_choice import Words

Path = str | os.PathLike[str]


class Explanation(Record):
    """One answer of one model, with all data for its maps.

    The attributes are those of `Record`; everything else is computed from them on demand.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        consistency.check(self)

    @property
    def explainer(self) -> Explainer | None:
        """What made this explanation in this process; None if it is gone, or this was loaded.

        Views ask it to check maps, for other layers and for other answers. It is not kept alive.
        """
        return explainer_of(self)

    @property
    def methods(self) -> dict[str, Method]:
        """The methods available for `maps`: those from the record, and those of `extra_maps`."""
        known = {
            name: method
            for name, method in METHODS.items()
            if method.maps and all(getattr(self, part).size for part in method.reads)
        }
        return known | {name: self.method(name) for name in self.extra_maps}

    def method(self, name: str | Method) -> Method:
        """A method by its name, registered or of `extra_maps`.

        Raises:
            OptionError: If there is none.
        """
        if isinstance(name, str) and name in self.extra_maps and name not in METHODS:
            unknown = Method(name, signed=bool(self.extra_maps[name].min() < 0))
            return self.extra_methods.get(name, unknown)
        return method_named(name)

    def maps(self, method: str | Method = "tam", **options: Unpack[MapOptions]) -> Floats:
        """Maps of all tokens, computed from the raw activations or taken from `extra_maps`.

        Args:
            method: A name in `methods`, or a variant of a registered method.
            **options: Options of the method. Those of TAM are `eci`, the strength of the causal
                inference from 0 to 1; `kernel_size`, the odd filter window in visual tokens;
                `border`, how a grid continues beyond its border (`"repeat"`, or as published
                `"reflect"`); `compat`, `"reference"` for the published choice of the first
                answer token's class; and `leave_out`, which earlier tokens count as repeats of
                the same word, those of the same `"class"` or as published of the same `"id"`
                (see `token_activation_maps`; files that were saved before the record kept classes
                are read as by `"id"`). A method that does not take them ignores them. All methods
                from the record take `layer`, the number of a decoder layer (see `at_layer`).

        Returns:
            float32 [tokens, visual] in 0..1, or with a sign in −1..1.

        Raises:
            OptionError: If the method or an option is unknown, an option is outside its range, or
                the method needs the model and the record has no map of it.
        """
        known = self.method(method)
        given = known.arguments(options)
        asked = given or options.get("layer") is not None
        if known.name in self.extra_maps and not (known.maps and asked):
            return self.extra_maps[known.name]
        return known.compute(self, **options)

    def at_layer(self, layer: int | None) -> Explanation:
        """The explanation that one decoder layer gives (the logit lens), for all maps and views.

        Its activations and relevances are the products of the classifier with the states after
        that layer under the model's final norm. They are there for the layers that `explain` was
        given as `layers`, and for the last one.

        Args:
            layer: A number in `layers`, counted from 1; `layer_count`, or None, for the last.

        Returns:
            An explanation of this layer alone, without alternatives, maps of further methods and
            `compat="reference"`, which are those of the last layer. For that one, itself.

        Raises:
            OptionError: If the layer is not kept.
        """
        check_layer(layer)
        return at_layer(self, layer)

    @property
    def reliance(self) -> NDArray[np.float64]:
        """Visual reliance of each token, float64 [tokens], in nats.

        Its log-probability with the picture − that with a blank one, of the picture's mean colour:
        above 0 if the picture makes it more probable. The first is the recorded one, that of
        generation; it may differ from that of a check, where the model reads the answer again, by
        the rounding of the model's number format.

        NaN for tokens of the prompt, and for all if it was not measured: by `explain(…,
        reliance=True)`, `Explainer.measure_reliance`, or a check of any token with the fill
        `"mean"` (`with_check`).
        """
        return reliance(self)

    @property
    def picture_share(self) -> NDArray[np.float64]:
        """Share of each token's probability that the picture carries, float64 [tokens], 0..1.

        1 − p with a blank picture / p with the picture, and 0 where the blank one makes the token
        more probable; NaN as in `reliance`.
        """
        return picture_share(self)

    def layer_curve(self, token: int) -> LayerCurve:
        """How probable an answer token is after each decoder layer, and what is most probable.

        The states from which the token was predicted go through the model's final norm and head
        after each layer, as if it were the last (the logit lens). The layers are those of which
        the explanation has maps.

        Args:
            token: Index of a token of the answer.

        Raises:
            TokenIndexError: If there is no such token, or it is part of the prompt.
            OptionError: If the explanation has no layers; `Explainer.explain_layers` adds them.
        """
        return layer_curve(self, token)

    def first_choice_layer(self, token: int) -> int | None:
        """The decoder layer from which on a token of the answer stays the most probable one.

        Args:
            token: As for `layer_curve`.

        Returns:
            The first such layer of those that the explanation has, counted from 1; None if the
            token is not the most probable one even after the last.

        Raises:
            TokenIndexError: As for `layer_curve`.
            OptionError: As for `layer_curve`.
        """
        return layer_curve(self, token).first_choice_layer

    def with_maps(
        self,
        method: str | Method,
        maps: Floats,
        tokens: Iterable[int] | None = None,
        **settings: Any,
    ) -> Explanation:
        """Returns this explanation with the maps of one more method.

        Args:
            method: A method or its name; it need not be registered.
            maps: [tokens, visual].
            tokens: Indices of the tokens for which they were computed; by default all.
            **settings: Options with which they were computed, JSON values.

        Raises:
            OptionError: If it is one of TAM's own methods.
            TraceError: If the maps have a different shape, or contain NaN or infinity.
        """
        made = method if isinstance(method, Method) else METHODS.get(method, Method(method))
        facts = made.name, made.label, made.source
        fixed = {**made.fixed, **settings}
        described = Method(*facts, fixed=fixed, signed=made.signed, cost=made.cost)
        others = {name: own for name, own in self.extra_tokens.items() if name != made.name}
        return replace(
            self,
            extra_maps={**self.extra_maps, made.name: np.array(maps, np.float32)},
            extra_methods={**self.extra_methods, made.name: described},
            extra_tokens=others if tokens is None else {**others, made.name: tuple(tokens)},
        )

    def with_check(self, check: FaithfulnessCheck) -> Explanation:
        """Returns this explanation with one more of `checks`, which is saved with it.

        Raises:
            TraceError: If it is a check of another answer.
        """
        return replace(self, checks=(*self.checks, check))

    def map(
        self,
        token: int | Sequence[int],
        method: str = "tam",
        *,
        aggregate: str = "max",
        **options: Unpack[MapOptions],
    ) -> list[Floats]:
        """The map of one or several tokens, a list of [rows, cols] arrays, one for each grid.

        Args:
            token: Index of the token, or indices of several, such as those of a word. The
                prompt's tokens come first; negative indices count from the end.
            method: As for `maps`.
            aggregate: How several are combined: `"max"`, `"mean"`, `"first"` or `"sum"`.
            **options: As for `maps`.

        Raises:
            TokenIndexError: If there is no such token, or none is given.
            OptionError: If an option is unknown or outside its range.
        """
        tokens = list(token) if isinstance(token, Iterable) else [token]
        if not tokens:
            raise TokenIndexError("no token is given: give at least one index")
        chosen = self.maps(method, **options)[[self.index(one) for one in tokens]]
        return by_grid(aggregate_maps(chosen, aggregate), self.grids)

    def words(self, kind: TokenKind | None = None) -> list[Word]:
        """The words of prompt and answer with their tokens.

        Args:
            kind: `"prompt"` or `"answer"`; by default both, prompt first.
        """
        return words(self.tokens, kind)

    def find(self, text: str, kind: TokenKind = "answer") -> list[int]:
        """Finds the tokens of a text's first occurrence, ignoring case.

        Args:
            text: A word or a phrase.
            kind: Where to search, `"prompt"` or `"answer"`.

        Raises:
            OptionError: If the text does not occur there.
        """
        return find(self.tokens, text, kind)

    def answer_tokens(self, tokens: int | str | Iterable[int] | None = None) -> list[int]:
        """Indices of tokens of the answer.

        Args:
            tokens: An index or several, negative ones counted from the end; or a text of the
                answer. By default all tokens of the answer but special ones.

        Raises:
            TokenIndexError: If there is no such token, it is part of the prompt, or none is given.
            OptionError: If the text does not occur in the answer.
        """
        if tokens is None:
            own = range(len(self.tokens))[self.answer_slice]
            return [token for token in own if not self.tokens[token].special]
        if isinstance(tokens, str):
            return self.find(tokens)
        several = list(tokens) if isinstance(tokens, Iterable) else [tokens]
        found = [self.index(token) for token in several]
        if not found or min(found) < self.prompt_length:
            raise TokenIndexError(
                f"tokens {several!r:.80}: give tokens of the answer, {self.prompt_length} to "
                f"{len(self.tokens) - 1}"
            )
        return found

    def tokens_in(
        self,
        box: Sequence[float],
        image: int = 0,
        method: str = "tam",
        **options: Unpack[MapOptions],
    ) -> list[TokenShare]:
        """Ranks tokens by the share of their map inside a box, largest first.

        Args:
            box: left, top, right, bottom in pixels of the upright full-size image; parts outside
                it are ignored.
            image: Index of the image or frame.
            method: As for `maps`.
            **options: As for `maps`.

        Returns:
            (token, share) pairs of all tokens with a share above 0 of their map on this image. A
            token whose peak there is below 5 % of that of the strongest token is left out.

        Raises:
            OptionError: If the box is reversed, empty or outside the image, or an option is
                outside its range.
        """
        rect = check_box(box, self.images, image)
        shares = shares_inside(self.maps(method, **options), self.grids, image, rect)
        ranked = [TokenShare(int(i), float(shares[i])) for i in np.argsort(-shares, kind="stable")]
        return [entry for entry in ranked if entry.share > 0]

    def counterfactual(
        self, token: int, word: str, method: str = "tam", **options: Unpack[MapOptions]
    ) -> list[Floats]:
        """The map of another word in an answer token's place.

        Args:
            token: Index of the answer token.
            word: One of its `alternatives`; surrounding spaces and case are ignored.
            method: A method with maps of words that were not written, such as TAM's own.
            **options: `eci`, `kernel_size` and `border`, as for `maps`.

        Returns:
            A list of [rows, cols] arrays in 0..1, one for each grid.

        Raises:
            OptionError: If there is no such alternative; `Explainer.why_not` adds one.
        """
        number = self.alternative(token, word)
        return by_grid(self.alternative_map(number, method, **options), self.grids)

    def contrast(
        self, token: int, word: str, method: str = "tam", **options: Unpack[MapOptions]
    ) -> list[Floats]:
        """Where the image supports an answer's token, and where another word.

        Args:
            token: Index of the answer token.
            word: As for `counterfactual`.
            method: As for `counterfactual`.
            **options: As for `counterfactual`.

        Returns:
            A list of [rows, cols] arrays, one for each grid: 0 to 1 for the token, and −1 to 0 for
            the other word. Both are scaled together, so this is not the difference of `map` and
            `counterfactual`.

        Raises:
            OptionError: If there is no such alternative; `Explainer.why_not` adds one.
        """
        number = self.alternative(token, word)
        return by_grid(self.alternative_map(number, method, contrast=True, **options), self.grids)

    def alternative_map(
        self,
        number: int,
        method: str = "tam",
        *,
        contrast: bool = False,
        **options: Unpack[MapOptions],
    ) -> Floats:
        """The map of one of the `alternatives`, float32 [visual].

        Args:
            number: Its index.
            method: As for `counterfactual`.
            contrast: Whether to return the token's map minus the alternative's instead.
            **options: As for `counterfactual`.

        Raises:
            OptionError: If the method has no maps of words that were not written, or an option is
                unknown or outside its range.
        """
        known = self.method(method)
        compute = known.contrast if contrast else known.alternative
        if compute is None:
            raise OptionError(
                f"{known.name!r} has no maps of words that the model did not write: give one of "
                f"{', '.join(name for name, other in METHODS.items() if other.alternative)}"
            )
        given = known.arguments(options)
        if options.get("layer") is not None:
            given["layer"] = options["layer"]
        names = ("compat", "leave_out", "layer")
        refused = [name for name in names if given.pop(name, None) is not None]
        if refused:
            raise OptionError(f"{refused[0]}=…: not available for alternatives; leave it out")
        return compute(self, number, **given)

    def to_dataframe(self, method: str = "tam", **options: Unpack[MapOptions]) -> Any:
        """Returns a table of the tokens, for statistics and plots.

        Args:
            method: As for `maps`.
            **options: As for `maps`.

        Returns:
            A pandas frame with a row a token, indexed by `token`, the token's number:

            - `kind` (`"prompt"` or `"answer"`), `turn` of the conversation, `text`, `word` that it
              is a piece of (missing for none), `special`, vocabulary `id`;
            - `probability`, 0..1, and `candidates`, the most probable tokens there with their
              probabilities, best first;
            - of its map: `strongest` value and `mean`; `extent`, the share of the visual tokens
              with at least half the strongest value, 0..1; `image`, `x` and `y`, where the
              strongest value is, in pixels of the full-size image, missing for an empty map;
            - `image_peak`, the largest raw activation of a visual token, and `text_peak`, the
              largest raw relevance of another token, both in the model's units;
            - `reliance`, in nats, and `picture_share`, 0..1, missing if they were not measured.

        Raises:
            OptionError: If an option is unknown or outside its range.
            MissingExtraError: If pandas is not installed.
        """
        return token_table(self, self.maps(method, **options))

    def save(self, path: Path) -> None:
        """Writes one `.safetensors` file, which `tam_widgets.load` opens."""
        from .storage import save

        save(self, path)

    def to_html(self, path: Path, *, layers: bool = False) -> None:
        """Writes the explorer as one HTML file that works offline.

        Args:
            path: The file.
            layers: Whether the maps of the answer's words at all layers of this explanation are in
                it too. With 28 layers of 1,813 visual tokens, each token of the answer makes the
                file 0.27 MB larger.

        Raises:
            OptionError: If layers are asked for, and this explanation has only its last one.
        """
        from ..views.export import to_html

        to_html(self, path, layers=layers)

    def to_png(self, path: Path, token: int | None = None, method: str = "tam") -> None:
        """Writes the picture with one token's map, by default the strongest answer token's."""
        from ..views.export import to_png

        to_png(self, path, token=token, method=method)

    def figure(
        self,
        words: Words = None,
        methods: Methods = "tam",
        **settings: Unpack[FigureSettings],
    ) -> Figure:
        """Small pictures of words under their maps, side by side, as a figure for a paper.

        Above each map stand the word, the model's probability of it, `p`, and on a scale of its
        own the map's maximum, `max`. Of a video the frame with the word's strongest value is shown.

        Args:
            words: Texts of the answer, indices of tokens, and for one map of several tokens lists
                of indices. By default the content words of the answer; of many, the twelve with
                the strongest maps, and the caption names the others.
            methods: Names of methods, or variants of registered ones; several are
                columns, or bands of words where there are more words than methods.
            **settings: `eci`, `kernel_size`, `border`, `opacity`, `colormap`, `scale`,
                `threshold`, `cells`, `aggregate` and `thumbnail`, as for `Explorer`.

        Returns:
            A figure that a notebook shows; its `save` writes PDF, SVG or PNG.

        Raises:
            OptionError: If a text does not occur in the answer, or a method or setting is unknown.
            TokenIndexError: If there is no such token.

        Example:
            >>> explanation.figure(["dog", "ball"]).save("figure.pdf", width=3.3)  # doctest: +SKIP
        """
        from ..views.small_multiples.explained import figure

        return figure([self], words, methods, **settings)

    def explore(self) -> Explorer:
        """The interactive view of this explanation."""
        from ..views import Explorer

        return Explorer(self)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return self.explore()._repr_mimebundle_(**kwargs)

    def alternative(self, token: int, word: str) -> int:
        """Index in `alternatives` of a word in an answer token's place.

        Raises:
            OptionError: If there is none; `Explainer.why_not` adds one.
        """
        return alternative_named(self, token, word)
