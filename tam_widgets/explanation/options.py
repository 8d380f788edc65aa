"""Options of maps as types, so that editors complete them and type checkers check them."""

from __future__ import annotations

from typing import TypedDict

from ..attribution.maps import Compat, LeaveOut
from ..attribution.rank_gaussian import Border


class MapOptions(TypedDict, total=False):
    """Options of TAM and its ablations; see `Explanation.maps`.

    A method of your own may take others, which type checkers do not know here: `Method.variant`
    takes any.

    Attributes:
        eci: Strength of the causal inference, 0..1.
        kernel_size: Odd filter window in visual tokens.
        border: What the filter's windows see beyond a grid.
        compat: `"reference"` for the published choice of the first answer token's class.
        leave_out: Which earlier tokens count as repeats of the same word.
        layer: The decoder layer whose states give the maps; None for the last.
    """

    eci: float
    kernel_size: int
    border: Border | None
    compat: Compat
    leave_out: LeaveOut | None
    layer: int | None
