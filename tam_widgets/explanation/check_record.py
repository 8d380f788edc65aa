"""What a check of maps holds: plain data, which is stored with the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
OrderKind = Literal["method", "random", "centre", "mask", "disjoint"]
"""Where an order comes from; `"disjoint"` are random areas outside a method's own."""
UnitKind = Literal["cells", "squares", "pixels"]

ARRAYS = ("ranking", "shares", "deletion_log_p", "insertion_log_p", "full_log_p", "blank_log_p")
"""Names of the arrays of a check."""

NONE = -1
"""Row of a token for which there is no such order."""


@dataclass(frozen=True)
class Order:
    """An order in which the picture is removed: that of a method's maps, or of a control.

    Attributes:
        name: The method's name, or that of the control: `"random 0"`, `"centre"`, `"mask"`.
        kind: Where it comes from.
        rows: For each checked token its row in the arrays of the check; −1 if it has none. Tokens
            and controls with the same order share a row.
    """

    name: str
    kind: OrderKind
    rows: tuple[int, ...]


@dataclass(frozen=True, eq=False, repr=False)
class CheckRecord:
    """Probabilities of an answer while its picture is removed in several orders.

    Log-probabilities are natural logarithms, those of every token of the answer, teacher-forced.

    Attributes:
        tokens: Indices of the checked tokens.
        texts: Their texts.
        answer_start: Index of the answer's first token, to which the arrays' first column belongs.
        protocol: Name of the protocol.
        fill: What takes the place of removed parts.
        seed: Of random orders, and of the order in which equal values are taken.
        units: What is removed: cells of the model's own grid, squares or pixels.
        relative: Whether areas are those of (p − p_blank) / (p_full − p_blank) instead of p.
        settings: Further facts, JSON values.
        orders: The orders: methods first, then controls.
        ranking: Units of each row, first removed first, int32 [rows, units]: visual tokens if
            the units are cells, squares counted row by row; empty for pixels, which would be many.
            The insertion of a random order goes backwards, through the pictures of its deletion.
        shares: Share of the units that is removed at each step of a deletion, or uncovered at that
            of an insertion, float64 [steps + 1], from 0 to 1; empty if there are no curves.
        deletion_log_p: Log-probabilities on the way, float32 [rows, steps + 1, answer].
        insertion_log_p: Likewise, from the blank picture on.
        full_log_p: With the whole picture, float32 [answer].
        blank_log_p: With nothing but the fill: what the text alone predicts, float32 [answer].
        answers: What the model writes if a row's area is filled, of protocols that let it; the
            last one is its answer to the whole picture.
    """

    tokens: tuple[int, ...]
    texts: tuple[str, ...]
    answer_start: int
    protocol: str
    fill: str
    seed: int
    units: UnitKind
    orders: tuple[Order, ...]
    ranking: NDArray[np.int32]
    shares: Floats
    deletion_log_p: NDArray[np.float32]
    insertion_log_p: NDArray[np.float32]
    full_log_p: NDArray[np.float32]
    blank_log_p: NDArray[np.float32]
    relative: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
    answers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "settings", MappingProxyType(dict(self.settings)))
        for name in ARRAYS:
            getattr(self, name).setflags(write=False)

    def __reduce__(self) -> tuple[Any, ...]:  # a mapping proxy cannot be pickled
        parts = {**vars(self), "settings": dict(self.settings)}
        return type(self), tuple(parts[name] for name in self.__dataclass_fields__)


class CheckProgress(NamedTuple):
    """How far a check is, for who watches it.

    Attributes:
        done: Number of passes of the model, or of answers, that are done.
        total: Number of all.
        check: What is known so far: log-probabilities are NaN where the model has not read yet,
            and answers are missing until the end.
    """

    done: int
    total: int
    check: CheckRecord


Watch = Callable[[CheckProgress], Any]
"""Is called after every few passes; an exception that it raises stops the check."""
