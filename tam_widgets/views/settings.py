"""Settings of the explorer as types, so that editors complete them and type checkers check them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypedDict

from ..attribution.rank_gaussian import Border

Pair = tuple[int, int]
"""Panel and token, both counted from 0."""


class ComparisonSettings(TypedDict, total=False):
    """Settings of `compare`, which takes `methods` by itself; `Explorer` describes them."""

    selected: Sequence[Pair]
    method: str
    eci: float
    kernel_size: int
    border: Border
    opacity: float
    colormap: Literal["viridis", "inferno", "cividis", "jet"]
    scale: Literal["token", "shared"]
    threshold: float
    cells: bool
    granularity: Literal["token", "word"]
    aggregate: Literal["max", "mean", "first", "sum"]
    box: Sequence[float]
    counterfactual: Sequence[Any]
    contrast: bool
    frame: int
    thumbnail: bool
    outline: bool
    reliance: bool
    layer: int


class ExplorerSettings(ComparisonSettings, total=False):
    """First values of the traits of `Explorer`, whose attributes are described there."""

    methods: Sequence[str]
