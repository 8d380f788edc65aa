"""Views receive lighter pictures than the record keeps."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
from PIL import Image

from tam_widgets.capture.inputs.images import store_image
from tam_widgets.explanation.explanation import Explanation
from tam_widgets.explanation.geometry import Grid
from tam_widgets.explanation.types import StoredImage
from tam_widgets.views.sent_pictures import FILM_BYTES, FILM_SIDE, sent
from tam_widgets.views.wire import FILM_HALF_PRECISION_OVER, encode
from tests.samples import photo
from tests.views.made import explanation, stored_image


def scene(width: int, height: int) -> Image.Image:
    """A picture as smooth as a photo, of many colours."""
    y, x = np.mgrid[:height, :width] / max(width, height)
    waves = [np.sin(9 * x + 4 * y), np.cos(7 * y), np.sin(5 * x * y + 1)]
    pixels = np.stack([127 + 120 * wave for wave in waves], axis=-1).astype(np.uint8)
    return Image.fromarray(pixels)


def test_a_photo_is_sent_as_jpeg_and_looks_the_same() -> None:
    picture = scene(300, 200)
    stored = store_image(picture)
    (mime, data) = sent([stored])[0]
    assert (stored.mime, mime) == ("image/png", "image/jpeg")
    assert len(data) < len(stored.data) / 2
    with Image.open(io.BytesIO(data)) as seen:
        difference = np.asarray(seen).astype(int) - np.asarray(picture)
    assert np.abs(difference).mean() < 2
    assert stored.opened().tobytes() == picture.tobytes()


def test_a_drawing_keeps_its_sharp_edges() -> None:
    stored = stored_image()
    assert sent([stored]) == [("image/png", stored.data)]


def test_jpeg_and_damaged_pictures_are_sent_as_they_are() -> None:
    large = store_image(photo(400, 300))
    damaged = StoredImage(b"no picture", "image/png", 12, 8)
    assert sent([large, damaged]) == [("image/jpeg", large.data), ("image/png", b"no picture")]


def test_frames_that_are_large_together_are_made_smaller() -> None:
    frames = [store_image(photo(800, 400, number), video=0, time=number / 2) for number in range(8)]
    assert sum(len(frame.data) for frame in frames) > FILM_BYTES
    for mime, data in sent(frames):
        assert mime == "image/webp"
        with Image.open(io.BytesIO(data)) as seen:
            assert seen.size == (FILM_SIDE, FILM_SIDE // 2)
    few = [store_image(scene(800, 400), video=0, time=0)]
    assert sent(few) == [("image/jpeg", few[0].data)]


def test_pictures_beside_a_video_are_no_frames() -> None:
    frames = [store_image(photo(800, 400, number), video=0, time=number / 2) for number in range(8)]
    picture = store_image(photo(800, 400, 9))
    assert sent([picture, *frames])[0] == ("image/jpeg", picture.data)


def film(frames: int) -> Explanation:
    images = tuple(replace(stored_image(), video=0, time=n / 2) for n in range(frames))
    grids = tuple(Grid(64, 64, (0, 0, 12, 8), number) for number in range(frames))
    return explanation(grids=grids, images=images)


def test_maps_of_a_long_film_travel_with_half_the_digits() -> None:
    short, long = film(1), film(12)
    assert short.activations.nbytes < FILM_HALF_PRECISION_OVER < long.activations.nbytes
    kinds = [encode([one])[0]["panels"][0]["activations"]["dtype"] for one in (short, long)]
    assert kinds == ["float32", "float16"]
    assert encode([explanation(), long])[0]["panels"][0]["activations"]["dtype"] == "float16"
