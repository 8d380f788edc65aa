"""Which of the explorer's settings a still picture follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...attribution.rank_gaussian import Border
from ...contract import CONTRACT

Pair = tuple[int, int]


_DEFAULT: Mapping[str, Any] = {name: setting.default for name, setting in CONTRACT.settings.items()}


@dataclass(frozen=True)
class StillSettings:
    """Settings of an explorer, by the names of its traits; all have its defaults.

    Attributes:
        selected: (panel, token) pairs; a panel without one shows the twin of what another shows.
            Without any, panels show what the explorer shows at rest.
        method: As for `Explanation.maps`.
        methods: One a panel, in the place of `method`; none if all panels show that.
        eci: As for `Explanation.maps`.
        kernel_size: As for `Explanation.maps`.
        border: As for `Explanation.maps`.
        opacity: Of the heatmap, 0..1.
        colormap: A name of `colormaps.NAMES`.
        scale: `"token"` or `"shared"`.
        threshold: Share of the scale below which nothing is drawn.
        cells: Whether true cells are drawn instead of a smooth surface.
        granularity: `"token"` or `"word"`: what stands in other panels for a single selected token.
        aggregate: How several tokens of a panel become one map.
        box: `[panel, image, left, top, right, bottom]`, or `[]`.
        counterfactual: `[panel, token, index of the alternative]`, or `[]`.
        contrast: Whether the token's map minus the alternative's is shown.
        thumbnail: Whether thumbnails are drawn in place of tiles.
        layer: Whose map of the selected tokens is drawn, where an explanation has it; 0 for the
            last.
    """

    selected: Sequence[Pair] = ()
    method: str = _DEFAULT["method"]
    methods: Sequence[str] = ()
    eci: float = _DEFAULT["eci"]
    kernel_size: int = _DEFAULT["kernel_size"]
    border: Border = _DEFAULT["border"]
    opacity: float = _DEFAULT["opacity"]
    colormap: str = _DEFAULT["colormap"]
    scale: str = _DEFAULT["scale"]
    threshold: float = _DEFAULT["threshold"]
    cells: bool = _DEFAULT["cells"]
    granularity: str = _DEFAULT["granularity"]
    aggregate: str = _DEFAULT["aggregate"]
    box: Sequence[Any] = ()
    counterfactual: Sequence[int] = ()
    contrast: bool = _DEFAULT["contrast"]
    thumbnail: bool = _DEFAULT["thumbnail"]
    layer: int = _DEFAULT["layer"]

    def of(self, panel: int) -> StillSettings:
        """Those of one panel, whose method is its own."""
        return replace(self, method=self.methods[panel]) if self.methods else self

    @property
    def map_options(self) -> dict[str, Any]:
        """What `Explanation.maps` takes beside the method."""
        return {"eci": self.eci, "kernel_size": self.kernel_size, "border": self.border}
