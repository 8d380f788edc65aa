"""An answer as a record keeps it: its words, and how probable they are."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from ..errors import TokenIndexError
from .alternatives import alternative_named
from .layer_curve import LayerCurve, layer_curve
from .record import Record
from .reliance import picture_share, reliance
from .types import TokenKind
from .words import Word, find, words


class RecordedAnswer(Record):
    """A record, asked for its words and their probabilities."""

    def words(self, kind: TokenKind | None = None) -> list[Word]:
        """The words of prompt and answer with their tokens.

        Args:
            kind: `"prompt"` or `"answer"`; by default both, prompt first.
        """
        return words(self.tokens, kind)

    def find(self, text: str, kind: TokenKind = "answer") -> list[int]:
        """Finds the tokens of a text's first occurrence, ignoring case.

        The text is looked for as a string, which may begin and end within a word: "horse" is found
        in "horses", too, and "cat" in "education". `words` has whole words with their tokens.

        Args:
            text: A word, a part of one, or a phrase.
            kind: Where to search, `"prompt"` or `"answer"`.

        Returns:
            Indices of all tokens that overlap with it, ascending.

        Raises:
            OptionError: If the text is empty or does not occur there.
        """
        return find(self.tokens, text, kind)

    def answer_tokens(self, tokens: int | str | Iterable[int | str] | None = None) -> list[int]:
        """Indices of tokens of the answer.

        Args:
            tokens: An index or several, negative ones counted from the end; or texts of the
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
        found = [
            one
            for token in several
            for one in (self.find(token) if isinstance(token, str) else [self.index(token)])
        ]
        if not found or min(found) < self.prompt_length:
            raise TokenIndexError(
                f"tokens {several!r:.80}: give tokens of the answer, {self.prompt_length} to "
                f"{len(self.tokens) - 1}"
            )
        return found

    def alternative(self, token: int, word: str) -> int:
        """Index in `alternatives` of a word in an answer token's place.

        Raises:
            OptionError: If there is none; `Explainer.why_not` adds one.
        """
        return alternative_named(self, token, word)

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
