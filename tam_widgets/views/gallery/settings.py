"""Settings of the gallery as types, so that editors complete them and type checkers check them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict


class GallerySettings(TypedDict, total=False):
    """First values of the traits of `Gallery`, whose attributes are described there."""

    selection: Sequence[str]
    runs: Sequence[Sequence[str]]
    score: str
    sort: Literal["score", "difference", "sample"]
    descending: bool
    filters: Mapping[str, Any]
    overlay: bool
    outline: bool
