"""The words of a token in other panels of a comparison."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import cast

from ...explanation.explanation import Explanation
from ...explanation.words import links
from ..at_rest import Group


def groups(explanations: Sequence[Explanation]) -> list[Group]:
    """The words that explanations share."""
    return cast("list[Group]", links(explanations))


class Twins:
    """The same words in another panel, as the explorer finds them.

    The same occurrence of the word (the last one where that panel has fewer), and for a single
    token the same piece of it.
    """

    def __init__(self, groups: Sequence[Group]) -> None:
        self._places: dict[tuple[int, int], tuple[Group, int, int]] = {}
        for group in groups:
            seen: Counter[int] = Counter()
            for panel, tokens in group:
                for piece, token in enumerate(tokens):
                    self._places[panel, token] = (group, seen[panel], piece)
                seen[panel] += 1

    def of(self, panel: int, tokens: Sequence[int], other: int, piece: bool) -> list[int]:
        """Tokens of another panel whose words are those of this panel's tokens."""
        found: set[int] = set()
        for token in tokens:
            group, occurrence, place = self._places.get((panel, token), ((), 0, 0))
            there = [word for at, word in group if at == other]
            if there:
                word = there[min(occurrence, len(there) - 1)]
                found.update([word[min(place, len(word) - 1)]] if piece else word)
        return sorted(found)
