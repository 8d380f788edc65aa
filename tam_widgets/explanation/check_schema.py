"""Checks of maps in a saved explanation: their JSON, and the names of their arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Meta, Struct
from numpy.typing import NDArray

from .check_record import ARRAYS, Order, OrderKind, UnitKind
from .faithfulness import FaithfulnessCheck

PREFIX = "checks/"

Count = Annotated[int, Meta(ge=0, le=2**31 - 1)]
Row = Annotated[int, Meta(ge=-1, le=2**31 - 1)]
Seed = Annotated[int, Meta(ge=0, le=2**63 - 1)]
Text = Annotated[str, Meta(max_length=4096)]
Name = Annotated[str, Meta(min_length=1, max_length=1024)]

_FACTS = ("tokens", "texts", "answer_start", "protocol", "fill", "seed", "units", "relative")


class _Order(Struct, forbid_unknown_fields=True):
    name: Name
    kind: OrderKind
    rows: list[Row]


class StoredCheck(Struct, forbid_unknown_fields=True):
    """All of a check but its arrays."""

    tokens: list[Count]
    texts: list[Text]
    answer_start: Count
    protocol: Name
    fill: Name
    seed: Seed
    units: UnitKind
    orders: list[_Order]
    relative: bool = False
    settings: dict[Name, str | int | float | bool | None] = {}
    answers: list[Annotated[str, Meta(max_length=2**20)]] = []

    def made(self, arrays: Mapping[str, NDArray[Any]]) -> FaithfulnessCheck:
        """The check, with its arrays by their names."""
        facts: dict[str, Any] = {name: getattr(self, name) for name in _FACTS}
        facts |= {"tokens": tuple(self.tokens), "texts": tuple(self.texts), **arrays}
        return FaithfulnessCheck(
            **facts,
            orders=tuple(Order(one.name, one.kind, tuple(one.rows)) for one in self.orders),
            settings=self.settings,
            answers=tuple(self.answers),
        )


def entry(check: FaithfulnessCheck) -> dict[str, Any]:
    """The JSON of a check."""
    return {
        **{name: getattr(check, name) for name in _FACTS},
        "orders": [vars(order) for order in check.orders],
        "settings": dict(check.settings),
        "answers": check.answers,
    }


def array_names(number: int) -> dict[str, str]:
    """Names of a check's arrays in the file, by those of its attributes.

    Args:
        number: Its place among the checks.
    """
    return {name: f"{PREFIX}{number}/{name}" for name in ARRAYS}
