"""Lets the model answer again while areas of its pictures are filled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from .orders import Orders, Ranking
from .units import Units

if TYPE_CHECKING:
    from ..capture.forcing.black_box import BlackBoxAnswer


def add_disjoint(orders: Orders, size: int, count: int) -> None:
    """Adds random areas that share no unit with the first area of each method's maps.

    Args:
        orders: With those of the methods.
        size: Number of units in an area.
        count: How many random areas for each map.
    """
    for order in [one for one in orders.named if one.kind == "method"]:
        for number in range(count):
            values = []
            for row in order.rows:
                own = orders.random_values(number)
                own[orders.places[row][:size]] = -1
                values.append(own)
            orders.add(f"{order.name}, disjoint {number}", "disjoint", values)


def areas(places: Sequence[Ranking], size: int) -> tuple[list[Ranking], list[int]]:
    """The different areas among the first units of each order, and the area of each order.

    Args:
        places: Indices of the units in each order, [units].
        size: Number of units in an area.
    """
    known: dict[bytes, int] = {}
    found: list[Ranking] = []
    index = []
    for order in places:
        area = np.sort(order[:size])
        index.append(known.setdefault(area.tobytes(), len(found)))
        if index[-1] == len(found):
            found.append(area)
    return found, index


def rewritten(
    frozen: BlackBoxAnswer,
    units: Units,
    blank: Sequence[Image.Image],
    found: Sequence[Ranking],
    progress: Callable[[int], Any],
) -> list[str]:
    """What the model writes with each area filled, and at last with the whole picture.

    Args:
        frozen: The answer, as long as which the model may write.
        units: The units.
        blank: What takes their place.
        found: Indices of the units of each area.
        progress: Is called with the number of answers that are done.
    """

    def pictures() -> Any:
        for area in found:
            removed = np.zeros(len(units), bool)
            removed[area] = True
            yield units.areas.replaced(frozen.pictures, blank, removed)
        yield frozen.pictures

    return frozen.rewritten(pictures(), progress=progress)
