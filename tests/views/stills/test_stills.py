"""Videos, several pictures and tiles in the still picture."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tam_widgets.attribution import Method
from tam_widgets.explanation.explanation import Explanation
from tam_widgets.explanation.geometry import Grid, in_view
from tam_widgets.views.export import to_png
from tam_widgets.views.stills.frames import FRAMES, evenly, stills
from tam_widgets.views.stills.tiling import Part, parts, stitch
from tests.views.made import explanation, stored_image

WHOLE = (0, 0, 12, 8)


def film(frames: int, patch: int = 2, timed: bool = True) -> Explanation:
    """A video at two frames a second, a grid for every `patch` frames."""
    images = tuple(
        replace(stored_image(), video=0, time=number / 2 if timed else None)
        for number in range(frames)
    )
    grids = tuple(Grid(1, 2, WHOLE, first, frames=patch) for first in range(0, frames, patch))
    return explanation(images=images, grids=grids)


def strongest_at(record: Explanation, cell: int) -> np.ndarray:
    values = np.full(record.visual_length, 0.1, np.float32)
    values[cell] = 1
    return values


@pytest.mark.parametrize("peak", range(16))
def test_a_video_shows_eight_frames_with_the_strongest_among_them(peak: int) -> None:
    record = film(32)
    shown = stills(record, strongest_at(record, 2 * peak + 1))
    images = [still.image for still in shown]
    assert len(images) == FRAMES
    assert images == sorted(set(images))
    assert [still.image for still in shown if still.peak] == [2 * peak]
    assert all(image % 2 == 0 for image in images)  # no map twice


def test_captions_say_the_time_and_the_peak() -> None:
    record = film(4)
    captions = [still.caption for still in stills(record, strongest_at(record, 2))]
    assert captions == ["0.0 s", "1.0 s, peak"]
    record = film(2, patch=1, timed=False)
    captions = [still.caption for still in stills(record, strongest_at(record, 0))]
    assert captions == ["frame 1, peak", "frame 2"]


def test_nothing_is_the_peak_of_an_empty_map() -> None:
    record = film(4)
    shown = stills(record, np.zeros(record.visual_length, np.float32))
    assert not any(still.peak for still in shown)


def test_pictures_and_videos_keep_the_order_of_the_prompt() -> None:
    frames = [replace(stored_image(), video=video) for video in (0, 0, 1)]
    images = (stored_image(), *frames, stored_image(3, 2))
    grids = tuple(Grid(1, 1, WHOLE, image) for image in range(5))
    record = explanation(images=images, grids=grids)
    captions = [still.caption for still in stills(record, strongest_at(record, 3))]
    assert captions == [
        "image 1",
        "video 1, frame 1",
        "video 1, frame 2",
        "video 2, frame 1, peak",
        "image 2",
    ]


def test_a_lone_picture_needs_no_caption() -> None:
    record = explanation()
    assert [still.caption for still in stills(record, strongest_at(record, 0))] == [""]


def test_evenly_keeps_both_ends_where_it_can() -> None:
    assert evenly(5, 8, 2) == [0, 1, 2, 3, 4]
    assert evenly(15, 8, 6) == [0, 2, 4, 6, 8, 10, 12, 14]
    assert evenly(15, 3, 6) == [0, 6, 14]


def test_a_patch_of_frames_shares_its_map() -> None:
    record = film(4)
    values = strongest_at(record, 3)
    first, *others = (parts(record, values, image)[0].values.tolist() for image in range(4))
    assert others[0] == first
    assert others[1] == others[2] != first


TILES = (
    Grid(1, 2, (0, 0, 6, 8)),
    Grid(1, 2, (6, 0, 12, 8)),
    Grid(2, 2, WHOLE, thumbnail=True),
)


def test_a_thumbnail_is_in_view_only_in_place_of_tiles() -> None:
    assert in_view(TILES) == [0, 1]
    assert in_view(TILES, thumbnail=True) == [2]
    other = replace(TILES[2], image=1)
    assert in_view([*TILES, other], thumbnail=False) == [0, 1, 3]


def test_tiles_become_one_part() -> None:
    record = explanation(grids=TILES)
    (part,) = parts(record, np.arange(8, dtype=np.float32), 0)
    assert part.rect == WHOLE
    assert part.values.tolist() == [[0, 1, 2, 3]]


@pytest.mark.parametrize(
    "other",
    [
        Part((3, 0, 9, 8), np.zeros((1, 2), np.float32)),
        Part((9, 0, 15, 8), np.zeros((1, 2), np.float32)),
        Part((6, 0, 12, 8), np.zeros((2, 4), np.float32)),
        Part((6, 8, 12, 16), np.zeros((1, 2), np.float32)),
    ],
    ids=["overlap", "gap", "other cells", "no rectangle"],
)
def test_what_does_not_share_a_raster_stays_apart(other: Part) -> None:
    assert stitch([Part((0, 0, 6, 8), np.ones((1, 2), np.float32)), other]) is None


def test_the_picture_shows_tiles_and_not_the_thumbnail(tmp_path: Path) -> None:
    record = explanation(grids=TILES)
    faint, strong = (np.full((len(record.tokens), 8), 0.25, np.float32) for _ in range(2))
    strong[:, 4:] = 1
    for name, maps in (("faint", faint), ("strong", strong)):
        record = record.with_maps(Method(name, "my method"), maps)
    pictures = []
    for method in ("faint", "strong"):
        to_png(record, tmp_path / "a.png", token=3, method=method)
        with Image.open(tmp_path / "a.png") as opened:
            pictures.append(np.asarray(opened))
    np.testing.assert_array_equal(*pictures)


def test_the_picture_of_a_video_grows_to_eight_frames_and_no_further(tmp_path: Path) -> None:
    heights = []
    for frames in (2, 16, 64):
        film(frames).to_png(tmp_path / "a.png", token=3)
        with Image.open(tmp_path / "a.png") as opened:
            heights.append(opened.height)
    assert heights[0] < heights[1] == heights[2]


def test_a_picture_that_is_cut_off_is_replaced_by_words(tmp_path: Path) -> None:
    whole = stored_image(64, 64)
    cut = replace(whole, data=whole.data[:60])
    pictures = []
    for stored in (whole, cut):
        record = explanation(images=(stored,))
        record.to_png(tmp_path / "a.png", token=3)
        with Image.open(tmp_path / "a.png") as opened:
            pictures.append(np.asarray(opened))
    assert pictures[0].shape == pictures[1].shape
    assert (pictures[0] != pictures[1]).any()


def test_a_grid_far_beyond_its_picture_is_drawn_where_it_lies_on_it(tmp_path: Path) -> None:
    """As for a picture that was padded: the part on it looks as one that ends at its edge."""
    values = {"flat": np.full((7, 4), 0.5, np.float32)}
    pictures = []
    for rect in ((0, 0, 12, 8), (-150, -100, 160, 110)):
        record = explanation(grids=(Grid(2, 2, rect),))
        replace(record, extra_maps=values).to_png(tmp_path / "a.png", token=3, method="flat")
        with Image.open(tmp_path / "a.png") as opened:
            pictures.append(np.asarray(opened))
    np.testing.assert_array_equal(*pictures)


def test_a_still_picture_has_an_end(tmp_path: Path) -> None:
    images = (stored_image(),) * 200
    record = explanation(("\n" * 4_000, " dog"), images=images)
    record.to_png(tmp_path / "a.png", token=3)
    with Image.open(tmp_path / "a.png") as opened:
        assert opened.height < 20_000
