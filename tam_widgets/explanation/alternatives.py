"""Finds the alternatives of an answer's tokens by their words."""

from __future__ import annotations

from ..errors import OptionError
from .record import Record


def alternative_named(record: Record, token: int, word: str) -> int:
    """Index in `record.alternatives` of a word in an answer token's place.

    Args:
        record: The answer.
        token: Index of the answer token.
        word: Surrounding spaces are ignored, and case unless an alternative has the same case.

    Raises:
        TokenIndexError: If there is no such token.
        OptionError: If there is no such alternative.
    """
    token = record.index(token)
    if not isinstance(word, str):
        raise OptionError(f"word={word!r}: give a text")
    there = {i: other for i, other in enumerate(record.alternatives) if other.token == token}
    for same in (str.strip, lambda text: text.strip().casefold()):
        for number, other in there.items():
            if same(other.text) == same(word):
                return number
    listed = ", ".join(repr(other.text.strip()) for other in there.values())
    raise OptionError(
        f"{word!r:.80} is not among the alternatives of token {token}, "
        f"{record.tokens[token].text.strip()!r}: {f'give one of {listed}, or ' if listed else ''}"
        f"add it with explainer.why_not(explanation, {token}, {word!r:.80})"
    )
