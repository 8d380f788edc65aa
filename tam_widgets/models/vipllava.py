"""ViP-LLaVA: like LLaVA-1.5, with features from several layers of its vision tower."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..explanation.geometry import Grid
from .family import Family
from .llava import Llava


class VipLlava(Llava):
    """The class token is always dropped."""

    name = "vipllava"
    model_types: tuple[str, ...] = ("vipllava",)

    def cells(self, grids: Sequence[Grid], config: Any) -> NDArray[np.bool_]:
        """All."""
        return Family.cells(self, grids, config)
