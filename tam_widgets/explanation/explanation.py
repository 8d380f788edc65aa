"""One explained answer: maps and rankings from its record, files and views of it.

Nothing here needs torch, a model, or a browser.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from ..attribution import METHODS, Method, aggregate_maps, method_named
from ..attribution.interference import Floats
from ..errors import OptionError, TokenIndexError
from .consistency import check
from .options import MapOptions
from .record import Record
from .region import TokenShare, check_box, shares_inside
from .table import token_table
from .types import TokenKind
from .words import Word, find, words

if TYPE_CHECKING:
    from ..views import Explorer

Path = str | os.PathLike[str]


class Explanation(Record):
    """One answer of one model, with all that its maps are computed from.

    The attributes are those of `Record`; everything else is computed from them, whenever asked.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        check(self)

    @property
    def methods(self) -> dict[str, Method]:
        """The methods that `maps` takes by name: those from the record, and those it carries."""
        known = {name: method for name, method in METHODS.items() if method.maps}
        return known | {name: self.method(name) for name in self.extra_maps}

    def method(self, name: str | Method) -> Method:
        """A method by its name, registered or carried by the record.

        Raises:
            OptionError: If there is none.
        """
        if isinstance(name, str) and name in self.extra_maps and name not in METHODS:
            unknown = Method(name, signed=bool(self.extra_maps[name].min() < 0))
            return self.extra_methods.get(name, unknown)
        return method_named(name)

    def maps(self, method: str | Method = "tam", **options: Unpack[MapOptions]) -> Floats:
        """Maps of all tokens, recomputed from the raw activations or carried by the record.

        Args:
            method: A name in `methods`, or a variant of a registered method.
            **options: Options of the method. Those of TAM are `eci`, the strength of the causal
                inference from 0 to 1; `kernel_size`, the odd filter window in visual tokens;
                `border`, what the filter's windows see beyond a grid (`"reflect"`, as published,
                or `"repeat"`); `compat`, `"reference"` for the published choice of the first
                answer token's class; and `leave_out`, which earlier tokens count as repeats of
                the same word, those of the same `"class"` or as published of the same `"id"`
                (see `token_activation_maps`; files that were saved before the record kept classes
                are read as by `"id"`). They change nothing for a method that does not take them.

        Returns:
            float32 [tokens, visual] in 0..1, or with a sign in −1..1.

        Raises:
            OptionError: If the method or an option is unknown, an option is outside its range, or
                the method needs the model and the record carries no map of it.
        """
        known = self.method(method)
        given = known.arguments(options)
        if known.name in self.extra_maps and not (known.maps and given):
            return self.extra_maps[known.name]
        return known.compute(self, **options)

    def with_maps(self, method: str | Method, maps: Floats, **settings: Any) -> Explanation:
        """This explanation with the maps of one more method, which it carries from then on.

        Args:
            method: A method or its name; it need not be registered.
            maps: [tokens, visual].
            **settings: What they were made with, JSON values.

        Raises:
            OptionError: If it is one of TAM's own methods.
            TraceError: If the maps have another shape, or hold NaN or infinity.
        """
        made = method if isinstance(method, Method) else METHODS.get(method, Method(method))
        facts = made.name, made.label, made.source
        fixed = {**made.fixed, **settings}
        described = Method(*facts, fixed=fixed, signed=made.signed, cost=made.cost)
        return replace(
            self,
            extra_maps={**self.extra_maps, made.name: np.array(maps, np.float32)},
            extra_methods={**self.extra_methods, made.name: described},
        )

    def map(
        self,
        token: int | Sequence[int],
        method: str = "tam",
        *,
        aggregate: str = "max",
        **options: Unpack[MapOptions],
    ) -> list[Floats]:
        """One map of a token or of several, a list of [rows, cols] arrays, one a grid.

        Args:
            token: Index of the token; the prompt's come first, negative ones count from the
                end. Or the indices of several, such as a word's or a span's.
            method: As for `maps`.
            aggregate: How several are joined: `"max"`, `"mean"`, `"first"` or `"sum"`.
            **options: As for `maps`.

        Raises:
            TokenIndexError: If there is no such token, or none is given.
            OptionError: If an option is unknown or outside its range.
        """
        tokens = list(token) if isinstance(token, Iterable) else [token]
        if not tokens:
            raise TokenIndexError("no token is given: give at least one index")
        chosen = self.maps(method, **options)[[self.index(one) for one in tokens]]
        return self._by_grid(aggregate_maps(chosen, aggregate))

    def words(self, kind: TokenKind | None = None) -> list[Word]:
        """The words of prompt and answer with the tokens that make them up.

        Args:
            kind: `"prompt"` or `"answer"`; by default both, prompt first.
        """
        return words(self.tokens, kind)

    def find(self, text: str, kind: TokenKind = "answer") -> list[int]:
        """Tokens of a text's first occurrence, upper and lower case alike.

        Args:
            text: A word or a phrase.
            kind: Where to look, `"prompt"` or `"answer"`.

        Raises:
            OptionError: If the text does not stand there.
        """
        return find(self.tokens, text, kind)

    def tokens_in(
        self,
        box: Sequence[float],
        image: int = 0,
        method: str = "tam",
        **options: Unpack[MapOptions],
    ) -> list[TokenShare]:
        """Tokens by how much of their map falls inside a box, most first.

        Args:
            box: left, top, right, bottom in pixels of the upright full-size image; parts beyond
                its edges are cut off.
            image: Index of the image or frame.
            method: As for `maps`.
            **options: As for `maps`.

        Returns:
            (token, share) pairs of all tokens with a share above 0: of what their maps have on
            this image. A token whose peak there is under 5 % of the strongest one's counts as
            lighting nothing.

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
        """The map that another word would have had in an answer token's place.

        Args:
            token: Index of the answer token.
            word: One of the `alternatives` there; blanks around it and case do not count.
            method: A method that has a map of a word that was not written, as TAM's own do.
            **options: Of these `eci`, `kernel_size` and `border`, as for `maps`.

        Returns:
            A list of [rows, cols] arrays in 0..1, one a grid.

        Raises:
            OptionError: If there is no such alternative; `Explainer.why_not` adds one.
        """
        return self._by_grid(self.alternative_map(self.alternative(token, word), method, **options))

    def contrast(
        self, token: int, word: str, method: str = "tam", **options: Unpack[MapOptions]
    ) -> list[Floats]:
        """Where the image speaks for an answer's token, and where for another word.

        Args:
            token: Index of the answer token.
            word: As for `counterfactual`.
            method: As for `counterfactual`.
            **options: As for `counterfactual`.

        Returns:
            A list of [rows, cols] arrays, one a grid: above 0, up to 1, for the token, below 0,
            down to −1, for the other word. Both are scaled together, so it is not the difference
            of `map` and `counterfactual`.

        Raises:
            OptionError: If there is no such alternative; `Explainer.why_not` adds one.
        """
        number = self.alternative(token, word)
        return self._by_grid(self.alternative_map(number, method, contrast=True, **options))

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
            contrast: Whether it is taken from the map of the token.
            **options: As for `counterfactual`.

        Raises:
            OptionError: If the method has no map of a word that was not written, or an option is
                unknown or outside its range.
        """
        known = self.method(method)
        compute = known.contrast if contrast else known.alternative
        if compute is None:
            raise OptionError(
                f"{known.name!r} has no map of a word that the model did not write: give one of "
                f"{', '.join(name for name, other in METHODS.items() if other.alternative)}"
            )
        given = known.arguments(options)
        refused = [name for name in ("compat", "leave_out") if given.pop(name, None) is not None]
        if refused:
            raise OptionError(f"{refused[0]}=…: alternatives have no reference mode; leave it out")
        return compute(self, number, **given)

    def to_dataframe(self, method: str = "tam", **options: Unpack[MapOptions]) -> Any:
        """A table of the tokens, for statistics and plots.

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
              largest raw relevance of another token, both in the model's units.

        Raises:
            OptionError: If an option is unknown or outside its range.
            MissingExtraError: If pandas is not installed.
        """
        return token_table(self, self.maps(method, **options))

    def save(self, path: Path) -> None:
        """Writes one `.safetensors` file, from which `tam_widgets.load` restores all of this."""
        from .storage import save

        save(self, path)

    def to_html(self, path: Path) -> None:
        """Writes the explorer as one HTML file that works offline."""
        from ..views.export import to_html

        to_html(self, path)

    def to_png(self, path: Path, token: int | None = None, method: str = "tam") -> None:
        """Writes the picture with one token's map (by default the strongest answer token's)."""
        from ..views.export import to_png

        to_png(self, path, token=token, method=method)

    def explore(self) -> Explorer:
        """The interactive view of this explanation."""
        from ..views import Explorer

        return Explorer(self)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return self.explore()._repr_mimebundle_(**kwargs)

    def _by_grid(self, values: Floats) -> list[Floats]:
        ends = np.cumsum([grid.size for grid in self.grids])[:-1]
        parts = np.split(values, ends)
        return [
            part.reshape(grid.rows, grid.cols) for part, grid in zip(parts, self.grids, strict=True)
        ]

    def alternative(self, token: int, word: str) -> int:
        """Index in `alternatives` of a word in an answer token's place.

        Raises:
            OptionError: If there is none; `Explainer.why_not` adds one.
        """
        token = self.index(token)
        if not isinstance(word, str):
            raise OptionError(f"word={word!r}: give a text")
        there = {i: other for i, other in enumerate(self.alternatives) if other.token == token}
        for same in (str.strip, lambda text: text.strip().casefold()):
            for number, other in there.items():
                if same(other.text) == same(word):
                    return number
        listed = ", ".join(repr(other.text.strip()) for other in there.values()) or "none"
        raise OptionError(
            f"{word!r} is not among the alternatives of token {token} ({listed}): add it with "
            "explainer.why_not(explanation, token, word)"
        )
