"""Settings of figures, by the names that they have in the explorer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypedDict

from ...attribution.rank_gaussian import Border
from ...contract import CONTRACT
from ...errors import OptionError
from ..stills.settings import StillSettings


class FigureSettings(TypedDict, total=False):
    """How the maps of a figure are made and drawn; the attributes of `Explorer` describe them."""

    eci: float
    kernel_size: int
    border: Border
    opacity: float
    colormap: Literal["viridis", "inferno", "cividis", "jet"]
    scale: Literal["token", "shared"]
    threshold: float
    cells: bool
    aggregate: Literal["max", "mean", "first", "sum"]
    thumbnail: bool


NAMES = tuple(FigureSettings.__annotations__)


def still_settings(given: Mapping[str, Any]) -> StillSettings:
    """Checked settings.

    Raises:
        OptionError: If one is unknown or outside its range.
    """
    for name, value in given.items():
        if name not in NAMES:
            raise OptionError(f"{name}=…: a figure takes {', '.join(NAMES)}")
        setting = CONTRACT.settings[name]
        if setting.values and value not in setting.values:
            raise OptionError(f"{name}={value!r:.80}: give one of {', '.join(setting.values)}")
        low, high = setting.range
        if setting.low is not None and not (
            isinstance(value, int | float) and low <= value <= high
        ):
            raise OptionError(f"{name}={value!r:.80}: give a number from {low:g} to {high:g}")
    return StillSettings(**given)
