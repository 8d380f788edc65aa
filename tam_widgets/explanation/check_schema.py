"""Checks of maps in a saved explanation: their JSON, and the names of their arrays."""

from __future__ import annotations

from typing import Any, get_args

from .check_record import ARRAYS, Order, OrderKind, UnitKind
from .faithfulness import FaithfulnessCheck
from .json_values import choice, fields, flag, mapping, plain, several, text, whole

PREFIX = "checks/"

_COUNT = whole(0, 2**31 - 1)
_ROW = whole(-1, 2**31 - 1)
_NAME = text(1024, shortest=1)

_FACTS = ("tokens", "texts", "answer_start", "protocol", "fill", "seed", "units", "relative")

_ORDER = fields(Order, {"name": _NAME, "kind": choice(*get_args(OrderKind)), "rows": several(_ROW)})

CHECK = fields(
    dict,
    {
        "tokens": several(_COUNT),
        "texts": several(text(4096)),
        "answer_start": _COUNT,
        "protocol": _NAME,
        "fill": _NAME,
        "seed": whole(0, 2**63 - 1),
        "units": choice(*get_args(UnitKind)),
        "orders": several(_ORDER),
    },
    {
        "relative": flag,
        "settings": mapping(_NAME, plain),
        "answers": several(text(2**20)),
    },
)
"""All of a check but its arrays."""


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
