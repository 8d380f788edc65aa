"""The orders in which a picture is removed: those of maps, and the controls."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..explanation.check_record import NONE, Order, OrderKind

Ranking = NDArray[np.int32]


class Orders:
    """Collects orders; equal ones share a row.

    Args:
        count: Number of units.
        tokens: Number of checked tokens.
        seed: Of random orders, and of the order in which equal values are taken.

    Attributes:
        named: The orders so far.
        places: Indices of the units in each row, int32 [units].
        turned: Rows whose insertion goes through the order backwards. An order that is random is
            so backwards as well, and its insertion then shows the pictures of its deletion, which
            need not be read again.
    """

    def __init__(self, count: int, tokens: int, seed: int) -> None:
        self._count, self._tokens, self._seed = count, tokens, seed
        self._ties = np.random.default_rng([seed, 0]).permutation(count)
        self._known: dict[tuple[bytes, bool], int] = {}
        self.named: list[Order] = []
        self.places: list[Ranking] = []
        self.turned: set[int] = set()

    def add(self, name: str, kind: OrderKind, values: Sequence[NDArray[np.float64] | None]) -> None:
        """Adds the orders of values, the largest first.

        Args:
            name: Its name.
            kind: Where it comes from.
            values: Of the units, float64 [units], for each token; None for one that has none.
        """
        rows = [NONE if one is None else self._row(self._ranked(one)) for one in values]
        self.named.append(Order(name, kind, tuple(rows)))

    def add_shared(self, name: str, kind: OrderKind, values: NDArray[np.float64]) -> None:
        """Adds an order that is the same for all tokens."""
        row = self._row(self._ranked(values))
        self.named.append(Order(name, kind, (row,) * self._tokens))

    def add_random(self, number: int) -> None:
        """Adds a random order, the same for all tokens."""
        row = self._row(self._ranked(self.random_values(number)), turned=True)
        self.turned.add(row)
        self.named.append(Order(f"random {number}", "random", (row,) * self._tokens))

    @property
    def of_methods(self) -> set[int]:
        """Rows of maps."""
        return {row for order in self.named if order.kind == "method" for row in order.rows}

    def random_values(self, number: int) -> NDArray[np.float64]:
        """Values of a random order, float64 [units], in 0..1."""
        return np.random.default_rng([self._seed, 1 + number]).random(self._count)

    def _ranked(self, values: NDArray[np.float64]) -> Ranking:
        # A map of many zeros must not gain or lose by the order in which units are numbered.
        return np.lexsort((self._ties, -values)).astype(np.int32)

    def _row(self, places: Ranking, *, turned: bool = False) -> int:
        row = self._known.setdefault((places.tobytes(), turned), len(self.places))
        if row == len(self.places):
            self.places.append(places)
        return row
