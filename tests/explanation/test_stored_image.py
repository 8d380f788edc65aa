"""Small pictures are encoded when their bytes are asked for, and nobody can tell otherwise."""

import copy
import io
import pickle
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from tam_widgets.capture.inputs.images import store_image
from tam_widgets.errors import ImageError
from tam_widgets.explanation.pictures import check_header
from tam_widgets.explanation.types import StoredImage

from .mutations import PICTURES


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


EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 64 64\nshowpage\n"


@pytest.mark.parametrize("mime", ["image/png", "application/postscript"])
def test_no_other_program_is_started(mime: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **options: object) -> None:
        pytest.fail(f"{args} was started")

    monkeypatch.setattr("subprocess.Popen.__init__", fail)
    with pytest.raises(ImageError, match="stored picture"):
        StoredImage(EPS, mime, 64, 64).opened()


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.98])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_that_was_cut_off_is_named(picture: Image.Image, kind: str, share: float) -> None:
    file = io.BytesIO()
    picture.resize((300, 200)).save(file, kind)
    data = file.getvalue()[: int(share * len(file.getvalue()))]
    with pytest.raises(ImageError, match="damaged or cut off"):
        StoredImage(data, f"image/{kind.lower()}", 300, 200).opened()


@pytest.mark.parametrize("name", ["100 megapixels", "170 megapixels", "32 MB of text"])
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_what_unpacks_to_much_is_refused_by_its_header(name: str) -> None:
    data, mime = PICTURES[name]()
    tracemalloc.start()
    with pytest.raises(ImageError, match="stored picture"):
        check_header(StoredImage(data, mime, 64, 64))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10 * 2**20


def test_a_header_must_have_the_shape_of_the_full_size(picture: Image.Image) -> None:
    stored = eager(picture)
    check_header(replace(stored, width=1_201, height=799))
    with pytest.raises(ImageError, match="12 x 8 pixels, which do not have the proportions"):
        check_header(replace(stored, width=800, height=1_200))


@pytest.mark.parametrize("size", [(1, 1), (5_000, 3), (3, 5_000), (2_049, 47), (7_001, 100)])
def test_every_picture_that_is_stored_has_the_shape_of_its_full_size(size: tuple[int, int]) -> None:
    check_header(store_image(Image.new("RGB", size)))
    check_header(store_image(Image.new("RGB", size), side=100))
