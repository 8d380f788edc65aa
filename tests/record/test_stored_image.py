"""Small pictures are encoded when their bytes are asked for, and nobody can tell otherwise."""

import copy
import io
import pickle
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from tam_widgets.inputs.images import store_image
from tam_widgets.record.parts import StoredImage


@pytest.fixture
def picture() -> Image.Image:
    pixels = np.random.default_rng(0).integers(0, 256, (8, 12, 3), np.uint8)
    return Image.fromarray(pixels)


def eager(picture: Image.Image, **known: object) -> StoredImage:
    return StoredImage(store_image(picture).data, "image/png", *picture.size, **known)


def test_nothing_is_encoded_until_the_bytes_are_asked_for(
    picture: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    encodings = []
    save = Image.Image.save
    monkeypatch.setattr(
        Image.Image, "save", lambda *args, **options: (encodings.append(1), save(*args, **options))
    )
    stored = store_image(picture, video=0, time=0.5)
    assert "12" in repr(stored)
    assert stored.opened().tobytes() == picture.tobytes()
    assert not encodings
    assert stored.data == stored.data
    assert len(encodings) == 1


def test_it_equals_one_that_was_encoded_at_once(picture: Image.Image) -> None:
    assert store_image(picture) == eager(picture)
    assert hash(store_image(picture)) == hash(eager(picture))
    assert store_image(picture, video=1, time=0.5) == eager(picture, video=1, time=0.5)
    assert replace(store_image(picture), time=2.0) == eager(picture, time=2.0)


@pytest.mark.parametrize("asked", [True, False])
def test_copies_and_pickles_are_equal(picture: Image.Image, asked: bool) -> None:
    stored = store_image(picture)
    if asked:
        assert stored.data
    for other in (copy.copy(stored), copy.deepcopy(stored), pickle.loads(pickle.dumps(stored))):
        assert other == eager(picture)


def test_the_bytes_hold_every_pixel(picture: Image.Image) -> None:
    encoded = Image.open(io.BytesIO(store_image(picture).data))
    assert (encoded.format, encoded.tobytes()) == ("PNG", picture.tobytes())


def test_opening_gives_the_stored_pixels(picture: Image.Image) -> None:
    for stored in (store_image(picture), eager(picture)):
        opened = stored.opened()
        opened.putpixel((0, 0), (0, 0, 0))
        assert stored.opened().tobytes() == picture.tobytes()


def test_an_unknown_attribute_is_none_of_it(picture: Image.Image) -> None:
    with pytest.raises(AttributeError, match="pixels"):
        _ = store_image(picture).pixels  # type: ignore[attr-defined]
