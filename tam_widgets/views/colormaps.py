"""Colour tables and scales, from the same files that the browser's bundle is built from."""

from __future__ import annotations

import base64
import json
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

NAMES = ("viridis", "inferno", "cividis", "jet")
"""Perceptually uniform ones first; `jet` is there for comparison with the paper's pictures."""

SOLID_FROM = 0.6
"""Share of the scale at which the overlay reaches its full opacity."""


def _scale() -> Any:
    return json.loads(resources.files(__package__).joinpath("scale.json").read_text("utf-8"))


LEAST_END: float = _scale()["least_end"]
"""Least end of a map's own scale: weak maps are brought out, next to nothing looks empty."""


@cache
def table(name: str) -> NDArray[np.uint8]:
    """Colours of values 0..1 in 256 steps, uint8 [256, 3] (red, green, blue).

    The file holds every third; those between differ from it by 3 levels at most.
    """
    text = resources.files(__package__).joinpath("colormaps.json").read_text("utf-8")
    colours = base64.b64decode(json.loads(text)[name])
    kept = np.frombuffer(colours, np.uint8).reshape(-1, 3)
    steps, places = np.arange(256), np.linspace(0, 255, len(kept))
    between = [np.interp(steps, places, channel) for channel in kept.T]
    return np.rint(np.stack(between, axis=1)).astype(np.uint8)


def diverging(values: NDArray[np.floating[Any]]) -> NDArray[np.uint8]:
    """Colours of values −1..1, uint8 [..., 3]: orange above 0, blue below, pale near it."""
    ends = _scale()["diverging"]
    (pale_above, above), (pale_below, below) = (
        [np.array(list(bytes.fromhex(colour[1:]))) for colour in ends[side]]
        for side in ("above", "below")
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
