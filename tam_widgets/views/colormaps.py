"""Colour tables and scales."""

from __future__ import annotations

import base64
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..contract import CONTRACT

NAMES = tuple(CONTRACT.colormaps)
"""Perceptually uniform ones first; `jet` is there for comparison with the paper's pictures."""

SOLID_FROM = CONTRACT.scale.solid_from
"""Share of the scale at which the overlay reaches its full opacity."""


LEAST_END = CONTRACT.scale.least_end
"""Least end of a map's own scale: weak maps are brought out, next to nothing looks empty."""


@cache
def table(name: str) -> NDArray[np.uint8]:
    """Colours of values 0..1 in 256 steps, uint8 [256, 3] (red, green, blue).

    The contract holds every third; those between differ from it by 3 levels at most.
    """
    colours = base64.b64decode(CONTRACT.colormaps[name])
    kept = np.frombuffer(colours, np.uint8).reshape(-1, 3)
    steps, places = np.arange(256), np.linspace(0, 255, len(kept))
    between = [np.interp(steps, places, channel) for channel in kept.T]
    return np.rint(np.stack(between, axis=1)).astype(np.uint8)


def diverging(values: NDArray[np.floating[Any]]) -> NDArray[np.uint8]:
    """Colours of values −1..1, uint8 [..., 3]: orange above 0, blue below, pale near it."""
    (pale_above, above), (pale_below, below) = (
        [np.array(list(bytes.fromhex(colour[1:]))) for colour in ends]
        for ends in (CONTRACT.scale.above, CONTRACT.scale.below)
    )
    size = np.abs(values)[..., None]
    positive = pale_above + (above - pale_above) * size
    negative = pale_below + (below - pale_below) * size
    colours = np.rint(np.where(values[..., None] < 0, negative, positive))
    levels: NDArray[np.uint8] = colours.astype(np.uint8)
    return levels


def coverage(values: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    """Opacity 0..1 of values 0..1: nothing at 0, so that the photo shows through."""
    share: NDArray[np.floating[Any]] = np.clip(values / SOLID_FROM, 0, 1)
    return share * (2 - share)
