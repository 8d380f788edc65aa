"""The maps of a recorded answer, by all methods."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Self, Unpack

import numpy as np

from ..attribution import METHODS, Method, aggregate_maps, method_named
from ..attribution.interference import Floats
from ..attribution.options import check_layer
from ..errors import OptionError, TokenIndexError
from .faithfulness import FaithfulnessCheck
from .geometry import by_grid
from .layers import at_layer
from .options import MapOptions
from .recorded_answer import RecordedAnswer
from .region import TokenShare, check_box, shares_inside
from .words import texts_of

TAM = "tam"
"""Name of the method that is meant where none is given."""


class RecordedMaps(RecordedAnswer):
    """A recorded answer, asked for the maps of its words."""

    @property
    def methods(self) -> dict[str, Method]:
        """The methods available for `maps`: those from the record, and those of `extra_maps`."""
        known = {
            name: method
            for name, method in METHODS.items()
            if method.maps and all(getattr(self, part).size for part in method.reads)
        }
        return known | {name: self.method(name) for name in self.extra_maps}

    @property
    def default_method(self) -> str:
        """The method that is meant where none is given: TAM, if there are raw activations.

        In an explanation of maps alone it is the first of `extra_maps`.

        Raises:
            OptionError: If the explanation has no map yet.
        """
        if self.has_activations:
            return TAM
        if not self.extra_maps:
            raise OptionError(
                "this explanation has no map yet, and no raw activations to compute one from: add "
                'maps with attribute(explanation, ["occlusion"]) of its model, or with '
                "explanation.with_maps(…)"
            )
        return next(iter(self.extra_maps))

    def method(self, name: str | Method) -> Method:
        """A method by its name, registered or of `extra_maps`.

        Raises:
            OptionError: If there is none.
        """
        if isinstance(name, str) and name in self.extra_maps and name not in METHODS:
            unknown = Method(name, signed=bool(self.extra_maps[name].min() < 0))
            return self.extra_methods.get(name, unknown)
        return method_named(name)

    def maps(self, method: str | Method | None = None, **options: Unpack[MapOptions]) -> Floats:
        """Maps of all tokens, computed from the raw activations or taken from `extra_maps`.

        Args:
            method: A name in `methods`, or a variant of a registered method; by default
                `default_method`.
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
            float32 [tokens, visual] in 0..1, or with a sign in −1..1. Tokens for which a method was
            not computed have 0; `extra_tokens` has the others.

        Raises:
            OptionError: If the method or an option is unknown, an option is outside its range, or
                the method needs the model and the record has no map of it.
        """
        known = self.method(self.default_method if method is None else method)
        given = known.arguments(options)
        asked = given or options.get("layer") is not None
        if known.name in self.extra_maps and not (known.maps and asked):
            return self.extra_maps[known.name]
        self._check_activations(known)
        return known.compute(self, **options)

    def _check_activations(self, method: Method) -> None:
        if "activations" in method.reads and not self.has_activations:
            raise OptionError(
                f"{method.name!r} is computed from raw activations, and this explanation by "
                f"{self.title} has none: its methods are {', '.join(self.methods) or 'none yet'}"
            )

    def at_layer(self, layer: int | None) -> Self:
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

    def map(
        self,
        token: int | Sequence[int],
        method: str | None = None,
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
            OptionError: If an option is unknown or outside its range, or the method's maps were
                computed for other tokens only.
        """
        tokens = list(token) if isinstance(token, Iterable) else [token]
        if not tokens:
            raise TokenIndexError("no token is given: give at least one index")
        numbers = [self.index(one) for one in tokens]
        maps = self.maps(method, **options)
        self._check_computed(self.default_method if method is None else method, numbers)
        return by_grid(aggregate_maps(maps[numbers], aggregate), self.grids)

    def _check_computed(self, method: str | Method, tokens: Sequence[int]) -> None:
        known = self.method(method)
        computed = self.extra_tokens.get(known.name, tokens)
        missing = {*tokens} - {*computed}
        if missing:
            words = texts_of(self.tokens, missing)
            raise OptionError(
                f"the maps of {known.name!r:.80} were not computed for {words!r:.200}: "
                f"Explainer.attribute(explanation, [{known.name!r:.80}], tokens=…) adds those of "
                "tokens of the answer"
            )

    def tokens_in(
        self,
        box: Sequence[float],
        image: int = 0,
        method: str | None = None,
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
            word: One of its `alternatives`; surrounding spaces and case are ignored. These are the
                most probable other candidate, further ones of at least .01, and any word that
                `Explainer.why_not` added.
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

    def with_maps(
        self,
        method: str | Method,
        maps: Floats,
        tokens: Iterable[int] | None = None,
        **settings: Any,
    ) -> Self:
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
        values = np.array(maps, np.float32)
        signed = made.signed or bool(values.min(initial=0) < 0)
        described = Method(*facts, fixed=fixed, signed=signed, cost=made.cost)
        others = {name: own for name, own in self.extra_tokens.items() if name != made.name}
        return replace(
            self,
            extra_maps={**self.extra_maps, made.name: values},
            extra_methods={**self.extra_methods, made.name: described},
            extra_tokens=others if tokens is None else {**others, made.name: tuple(tokens)},
        )

    def with_check(self, check: FaithfulnessCheck) -> Self:
        """Returns this explanation with one more of `checks`, which is saved with it.

        Raises:
            OptionError: If it is no check.
            TraceError: If it is a check of another answer.
        """
        if not isinstance(check, FaithfulnessCheck):
            raise OptionError(
                f"{check!r:.80} is not a check: give what explainer.check(explanation, …) returned"
            )
        return replace(self, checks=(*self.checks, check))
