"""What a method can be given: options with their ranges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..contract import CONTRACT
from ..errors import OptionError
from .rank_gaussian import BORDERS


@dataclass(frozen=True)
class Option:
    """An option of a method.

    Attributes:
        name: Of the keyword argument.
        default: Its value unless another is given.
        low: Smallest number, if it is a number.
        high: Largest number.
        odd: Whether it must be an odd whole number.
        whole: Whether it must be a whole number.
        values: All allowed values, if they are few; if it may also be a number, the others.

    Raises:
        OptionError: If the default is outside the range.
    """

    name: str
    default: Any
    low: float | None = None
    high: float | None = None
    odd: bool = False
    values: tuple[Any, ...] = ()
    whole: bool = False

    def __post_init__(self) -> None:
        if not self._takes(self.default):
            raise OptionError(
                f"the option {self.name!r:.80} has the default {self.default!r:.80}, which it does "
                f"not take: give {self.expected}"
            )

    def check(self, value: Any) -> None:
        """Raises `OptionError` if a value is outside the range."""
        if not self._takes(value):
            raise OptionError(f"{self.name}={value!r:.80}: give {self.expected}")

    @property
    def expected(self) -> str:
        """The range in words."""
        listed = f"one of {', '.join(map(repr, self.values))}" if self.values else ""
        number = "an odd number" if self.odd else "a whole number" if self.whole else "a number"
        ends = [("from", self.low), ("to", self.high)]
        numbers = " ".join([number, *(f"{word} {end:g}" for word, end in ends if end is not None)])
        return " or ".join(filter(None, [listed, numbers if self._takes_numbers else ""]))

    @property
    def _takes_numbers(self) -> bool:
        return not self.values or self.low is not None or self.high is not None

    def _takes(self, value: Any) -> bool:
        if any(value == known and type(value) is type(known) for known in self.values):
            return True
        if not self._takes_numbers:
            return False
        if not isinstance(value, int | float | np.number) or not np.isfinite(value):
            return False
        above = self.low is None or value >= self.low
        below = self.high is None or value <= self.high
        if self.whole and (isinstance(value, bool) or not isinstance(value, int | np.integer)):
            return False
        return bool(above and below and (not self.odd or float(value) % 2 == 1))


def _of_tam() -> Iterator[Option]:
    for name in ("eci", "kernel_size"):
        setting = CONTRACT.settings[name]
        low, odd = (1, True) if name == "kernel_size" else (setting.low, False)
        yield Option(name, setting.default, low, setting.high, odd)
    yield Option("border", None, values=(None, *BORDERS))
    yield Option("compat", None, values=(None, "reference"))
    yield Option("leave_out", None, values=(None, "class", "id"))


TAM_OPTIONS: Mapping[str, Option] = {option.name: option for option in _of_tam()}
"""Those of TAM and its ablations, by name."""


def check_layer(layer: Any) -> None:
    """Raises `OptionError` for what cannot be the number of a decoder layer, or None."""
    whole = isinstance(layer, int | np.integer) and not isinstance(layer, bool)
    if layer is not None and not (whole and layer >= 1):
        raise OptionError(
            f"layer={layer!r:.80}: give the number of a decoder layer, 1 for the first, or None "
            "for the last"
        )
