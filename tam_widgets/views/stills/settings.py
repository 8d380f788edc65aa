"""Which of the explorer's settings a still picture follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ...attribution.rank_gaussian import Border

Pair = tuple[int, int]


@dataclass(frozen=True)
class StillSettings:
    """Settings of an explorer, by the names of its traits; all have its defaults.

    Attributes:
        selected: (panel, token) pairs; a panel without one shows the twin of what another shows.
            Without any, panels show a word that they share, or else each its strongest.
        method: As for `Explanation.maps`.
        eci: As for `Explanation.maps`.
        kernel_size: As for `Explanation.maps`.
        border: As for `Explanation.maps`.
        opacity: Of the heatmap, 0..1.
        colormap: A name of `widgets.colormaps`.
        scale: `"token"` or `"shared"`.
        threshold: Share of the scale below which nothing is drawn.
        cells: Whether true cells are drawn instead of a smooth surface.
        granularity: `"token"` or `"word"`: what stands in other panels for a single selected token.
        aggregate: How several tokens of a panel become one map.
        box: `[panel, image, left, top, right, bottom]`, or `[]`.
        counterfactual: `[panel, token, index of the alternative]`, or `[]`.
        contrast: Whether the token's map minus the alternative's is shown.
        thumbnail: Whether thumbnails are drawn in place of tiles.
    """

    selected: Sequence[Pair] = ()
    method: str = "tam"
    eci: float = 1.0
    kernel_size: int = 3
    border: Border = "reflect"
    opacity: float = 0.75
    colormap: str = "viridis"
    scale: str = "token"
    threshold: float = 0.0
    cells: bool = False
    granularity: str = "token"
    aggregate: str = "max"
    box: Sequence[Any] = ()
    counterfactual: Sequence[int] = ()
    contrast: bool = False
    thumbnail: bool = False

    @property
    def map_options(self) -> dict[str, Any]:
        """What `Explanation.maps` takes beside the method."""
        return {"eci": self.eci, "kernel_size": self.kernel_size, "border": self.border}
