"""Colours and opacity of values; the front end is tested on the same file."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np

from tam_widgets.views.colormaps import NAMES
from tam_widgets.views.stills.heatmap import Paint

FIXTURE = Path(__file__).parents[2] / "fixtures" / "colours.json"
PAINTS: list[dict[str, Any]] = [
    *({"colormap": name, "opacity": 1.0, "threshold": 0.0, "diverging": False} for name in NAMES),
    {"colormap": "viridis", "opacity": 0.75, "threshold": 0.2, "diverging": False},
    {"colormap": "viridis", "opacity": 1.0, "threshold": 0.0, "diverging": True},
    {"colormap": "jet", "opacity": 0.5, "threshold": 0.4, "diverging": True},
]
STEPS = np.arange(256)


def fixture() -> list[dict[str, Any]]:
    """RGBA of 256 steps from 0 to 1; of a diverging scale from −1 to 1, step 128 being 0."""
    found = []
    for paint in PAINTS:
        shares = np.maximum(-1, (STEPS - 128) / 127) if paint["diverging"] else STEPS / 255
        pixels = np.asarray(Paint(1.0, **paint).pixels(shares[None]))
        found.append({"paint": paint, "pixels": base64.b64encode(pixels.tobytes()).decode()})
    return found


def test_the_browser_has_the_same_colours() -> None:
    """After a wanted change: `python -m tests.views.stills.test_heatmap` writes it anew."""
    assert fixture() == json.loads(FIXTURE.read_text("utf-8"))


if __name__ == "__main__":
    FIXTURE.write_text(json.dumps(fixture(), indent=1) + "\n", "utf-8")
