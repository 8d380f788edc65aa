"""One explained answer: maps and rankings from its record, files and views of it.

Nothing here needs torch, a model, or a browser.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..attribution import (
    aggregate_maps,
    alternative_map,
    contrast,
    method_options,
    token_activation_maps,
)
from ..attribution.interference import Floats
from ..attribution.maps import Compat, LeaveOut
from ..attribution.rank_gaussian import Border
from ..errors import OptionError, TokenIndexError
from .record import Record
from .region import TokenShare, check_box, shares_inside
from .types import Kind
from .words import Word, find, words

if TYPE_CHECKING:
    from ..views import Explorer

Path = str | os.PathLike[str]


class Explanation(Record):
    """One answer of one model, with all that its maps are computed from.

    The attributes are those of `Record`; everything else is computed from them, whenever asked.
    """

    def maps(
        self,
        method: str = "tam",
        *,
        eci: float = 1.0,
        kernel_size: int = 3,
        compat: Compat = None,
        border: Border = "reflect",
        leave_out: LeaveOut | None = None,
    ) -> Floats:
        """Maps of all tokens, recomputed from the raw activations.

        Args:
            method: `"tam"`, `"tam-no-eci"`, `"tam-no-rgf"`, `"cam"`, or a name in `extra_maps`.
            eci: Strength of the causal inference, 0..1, for the methods that use it.
            kernel_size: Odd filter window in visual tokens, for the methods that filter.
            compat: `"reference"` for the published choice of the first answer token's class.
            border: What the filter's windows see beyond a grid: `"reflect"`, as published, or
                `"repeat"`.
            leave_out: Which earlier tokens count as repeats of the same word: those of the same
                `"class"`, or as published of the same `"id"`; see `token_activation_maps`. Files
                that were saved before the record kept classes are read as by `"id"`.

        Returns:
            float32 [tokens, visual] in 0..1.

        Raises:
            OptionError: If an option is unknown or outside its range.
        """
        if method in self.extra_maps:
            return self.extra_maps[method]
        return token_activation_maps(
            self,
            compat=compat,
            leave_out=leave_out,
            **method_steps(method, eci=eci, kernel_size=kernel_size, border=border),
        )

    def map(
        self,
        token: int | Sequence[int],
        method: str = "tam",
        *,
        aggregate: str = "max",
        **options: Any,
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

    def words(self, kind: Kind | None = None) -> list[Word]:
        """The words of prompt and answer with the tokens that make them up.

        Args:
            kind: `"prompt"` or `"answer"`; by default both, prompt first.
        """
        return words(self.tokens, kind)

    def find(self, text: str, kind: Kind = "answer") -> list[int]:
        """Tokens of a text's first occurrence, upper and lower case alike.

        Args:
            text: A word or a phrase.
            kind: Where to look, `"prompt"` or `"answer"`.

        Raises:
            OptionError: If the text does not stand there.
        """
        return find(self.tokens, text, kind)

    def tokens_in(
        self, box: Sequence[float], image: int = 0, method: str = "tam", **options: Any
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
        self, token: int, word: str, method: str = "tam", **options: Any
    ) -> list[Floats]:
        """The map that another word would have had in an answer token's place.

        Args:
            token: Index of the answer token.
            word: One of the `alternatives` there; blanks around it and case do not count.
            method: `"tam"`, `"tam-no-eci"`, `"tam-no-rgf"` or `"cam"`.
            **options: `eci`, `kernel_size` and `border`, as for `maps`.

        Returns:
            A list of [rows, cols] arrays in 0..1, one a grid.

        Raises:
            OptionError: If there is no such alternative; `Explainer.why_not` adds one.
        """
        number = self.alternative(token, word)
        return self._by_grid(alternative_map(self, number, **method_steps(method, **options)))

    def contrast(self, token: int, word: str, method: str = "tam", **options: Any) -> list[Floats]:
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
        return self._by_grid(contrast(self, number, **method_steps(method, **options)))

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


def method_steps(
    method: str, *, eci: float = 1.0, kernel_size: int = 3, border: Border = "reflect"
) -> dict[str, Any]:
    """A method and its settings as options of the functions in `attribution`.

    Raises:
        OptionError: If there is no such method.
    """
    steps = method_options(method)
    return {
        "eci": eci if steps["eci"] else False,
        "rgf": steps["rgf"],
        "kernel_size": kernel_size,
        "border": border,
    }
