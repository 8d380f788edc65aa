"""Pictures and videos and their names, and where a map peaks; the front end is tested on both."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from tam_widgets.explanation.geometry import Grid
from tam_widgets.views.stills.frames import media, stills
from tests.views.made import explanation, stored_image

FIXTURE = Path(__file__).parents[2] / "fixtures" / "video.json"
WHOLE = (0.0, 0.0, 12.0, 8.0)
PROMPTS: list[list[int | None]] = [
    [None],
    [None, None],
    [0, 0, 0],
    [0, 0, 1],
    [None, 0, 0, None, 1, 1, 1, None],
    [1, 1, None, 0],
]
SPANS = [(0, 2), (2, 1), (3, 3)]
"""First frame and number of frames of each grid of a video, whose grids are of two cells."""
MAPS = [
    [0.1, 0.5, 0.0, 0.25, 0.75, 0.5],
    [0.5, 0.5, 0.5, 0.0, 0.0, 0.5],
    [0.25, 0.0, -0.5, 0.25, 0.25, 0.25],
    [-0.25, -0.5, 0.0, 0.0, -0.75, -0.5],
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
]


def described(videos: list[int | None]) -> dict[str, Any]:
    found = media([replace(stored_image(), video=video) for video in videos])
    return {
        "videos": videos,
        "media": [
            {
                "first": one.images[0],
                "count": len(one.images),
                "isVideo": one.is_video,
                "name": one.name,
            }
            for one in found
        ],
    }


def peak(values: list[float]) -> int | None:
    """The frame that a still picture marks as the strongest."""
    frames = tuple(replace(stored_image(), video=0, time=None) for _ in range(6))
    grids = tuple(Grid(1, 2, WHOLE, first, frames=frames) for first, frames in SPANS)
    shown = stills(explanation(images=frames, grids=grids), np.float32(values))
    return next((still.image for still in shown if still.peak), None)


def fixture() -> dict[str, Any]:
    """Videos of the images of prompts, and the strongest frames of maps."""
    return {
        "prompts": [described(videos) for videos in PROMPTS],
        "grids": [{"image": first, "frames": frames} for first, frames in SPANS],
        "peaks": [{"map": values, "frame": peak(values)} for values in MAPS],
    }


def test_the_browser_names_and_finds_the_same() -> None:
    """After a wanted change: `python -m tests.views.stills.test_frames` writes it anew."""
    assert json.loads(json.dumps(fixture())) == json.loads(FIXTURE.read_text("utf-8"))


def test_a_map_that_speaks_against_a_token_peaks_too() -> None:
    assert peak([0.25, 0.0, -0.5, 0.25, 0.25, 0.25]) == 2


if __name__ == "__main__":
    FIXTURE.write_text(json.dumps(fixture()) + "\n", "utf-8")
