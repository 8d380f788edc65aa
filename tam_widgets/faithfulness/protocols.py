"""How a check removes the picture: the presets, each with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import OptionError
from ..explanation.check_record import UnitKind


@dataclass(frozen=True)
class Protocol:
    """What is removed in which steps, and what takes its place.

    Attributes:
        name: Its name.
        source: Paper or code that it follows.
        units: What is removed at once: cells of the model's own grid, or squares or pixels, to
            which a map is interpolated bilinearly.
        fill: What takes the place of removed parts; see `capture.forcing.fills`.
        steps: Number of steps of equal size, at most one for each unit; 0 for no curves.
        step_size: Units of each step, instead of equal steps.
        squares: Number of squares along each side of a picture, if these are the units.
        relative: Whether areas are those of (p − p_blank) / (p_full − p_blank).
        least_reliance: If no tokens are given, those are checked whose log p falls by more than
            this without the picture, except the answer's first one.
        share: Share of the units that is filled before the model writes its answer again.
    """

    name: str
    source: str
    units: UnitKind = "cells"
    fill: str = "mean"
    steps: int = 0
    step_size: int | None = None
    squares: int = 0
    relative: bool = False
    least_reliance: float | None = None
    share: float | None = None

    def ends(self, count: int) -> NDArray[np.int64]:
        """Number of units that are removed at each step, int64 [steps + 1], from 0 to `count`.

        Args:
            count: Number of units, at least 1.

        Example:
            >>> PROTOCOLS["cells"].ends(6).tolist()
            [0, 1, 2, 3, 4, 5, 6]
        """
        if self.step_size is not None:
            found: NDArray[np.int64] = np.arange(0, count, self.step_size)
            return np.append(found, count)
        steps = min(self.steps, count)
        return np.rint(np.linspace(0, count, steps + 1)).astype(np.int64)


PROTOCOLS: Mapping[str, Protocol] = {
    protocol.name: protocol
    for protocol in (
        Protocol("cells", "cells of the model's own grid in the order of the map", steps=20),
        Protocol("eagle", "EAGLE, CVPR 2026", "pixels", "black", steps=64),
        Protocol(
            "lvlm",
            "bytedance/LVLM_Interpretation",
            "squares",
            "blur",
            step_size=20,
            squares=32,
            relative=True,
            least_reliance=1.0,
        ),
        Protocol("flip", "AnswerMap", share=0.125),
    )
}
"""By name; `"cells"` is the default."""


def protocol_named(name: str | Protocol) -> Protocol:
    """A protocol by its name.

    Raises:
        OptionError: If there is none.
    """
    if isinstance(name, Protocol):
        return name
    if not isinstance(name, str) or name not in PROTOCOLS:
        raise OptionError(f"protocol={name!r:.80}: give one of {', '.join(PROTOCOLS)}")
    return PROTOCOLS[name]
