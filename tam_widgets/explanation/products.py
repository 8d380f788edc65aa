"""Products of hidden states and a word's classifier row, of which activations are made."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..attribution.interference import Floats


@dataclass(frozen=True, eq=False)
class Products:
    """Hidden states of some visual tokens, and the classifier row of one explained token.

    Attributes:
        token: Index of the explained token.
        cells: Indices of the visual tokens, as columns of the record's activations.
        states: Their hidden states after the last layer and the final norm, float32 [cells, c].
        row: The classifier's row of the token's class, float32 [c].
    """

    token: int
    cells: tuple[int, ...]
    states: Floats = field(repr=False)
    row: Floats = field(repr=False)

    @property
    def terms(self) -> Floats:
        """The product of each value of a state and of the row, float32 [cells, c]."""
        result: Floats = self.states * self.row
        return result

    @property
    def sums(self) -> Floats:
        """`H · W[y]`, float32 [cells]; where it is positive, it is the activation."""
        result: Floats = self.states @ self.row
        return result
