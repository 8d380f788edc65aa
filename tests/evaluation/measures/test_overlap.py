"""Otsu's foreground of maps; the front end is tested on the same file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tam_widgets.evaluation.measures.inputs import as_shown
from tam_widgets.evaluation.measures.overlap import foreground

FIXTURE = Path(__file__).parents[2] / "fixtures" / "otsu.json"
CHANCE = np.random.default_rng(3)
MAPS: dict[str, NDArray[np.float32]] = {
    "one value": np.full((3, 4), 0.4, np.float32),
    "nothing": np.zeros((3, 4), np.float32),
    "two values": np.tile(np.float32([0.25, 0.5]), (3, 2)),
    "one cell": np.float32(np.eye(12)[:1].reshape(3, 4)),
    "next to nothing": np.float32(np.eye(12)[:1].reshape(3, 4)) / 250,
    "whole levels": (np.arange(256, dtype=np.float32) / np.float32(255)).reshape(16, 16),
    "two groups": np.float32(np.r_[CHANCE.normal(0.2, 0.05, 30), CHANCE.normal(0.7, 0.1, 18)])
    .clip(0, 1)
    .reshape(6, 8),
    "mostly dark": np.float32(CHANCE.random((8, 8)) ** 6),
    "evenly spread": np.float32(CHANCE.random((8, 8))),
}


def fixture() -> list[dict[str, Any]]:
    """Maps, 0 to 1, and which of their cells lie above Otsu's threshold."""
    found = []
    for name, values in MAPS.items():
        _, above = foreground(as_shown(values[None])[0], *values.shape)
        levels = values.ravel().astype(float).tolist()
        found.append({"name": name, "values": levels, "above": above.ravel().astype(int).tolist()})
    return found


def test_the_browser_finds_the_same_foreground() -> None:
    """After a wanted change: `python -m tests.evaluation.measures.test_overlap` writes it anew."""
    assert fixture() == json.loads(FIXTURE.read_text("utf-8"))


@pytest.mark.parametrize("name", ["two values", "one cell", "two groups"])
def test_the_foreground_is_what_stands_out(name: str) -> None:
    _, above = foreground(as_shown(MAPS[name][None])[0], *MAPS[name].shape)
    assert MAPS[name][above].min() > MAPS[name][~above].max()


if __name__ == "__main__":
    FIXTURE.write_text(json.dumps(fixture()) + "\n", "utf-8")
