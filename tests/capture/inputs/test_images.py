"""Every picture that people bring is opened upright in RGB, or refused with a reason."""

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tam_widgets.capture.inputs import images
from tam_widgets.errors import ImageError

RED, WHITE = (255, 0, 0), (255, 255, 255)


def encoded(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def solid(mode: str, colour: object, size: tuple[int, int] = (6, 4)) -> Image.Image:
    return Image.new(mode, size, colour)


@pytest.mark.parametrize("kind", ["path", "text path", "bytes", "PIL", "array", "data URL"])
def test_sources(kind: str, tmp_path: Path) -> None:
    picture = solid("RGB", RED)
    (tmp_path / "red.png").write_bytes(encoded(picture))
    source = {
        "path": tmp_path / "red.png",
        "text path": str(tmp_path / "red.png"),
        "bytes": encoded(picture),
        "PIL": picture,
        "array": np.asarray(picture),
        "data URL": "data:image/png;base64," + base64.b64encode(encoded(picture)).decode(),
    }[kind]
    opened = images.load_image(source)
    assert (opened.mode, opened.size, opened.getpixel((0, 0))) == ("RGB", (6, 4), RED)


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        (solid("RGBA", (255, 0, 0, 255)), RED),
        (solid("RGBA", (255, 0, 0, 0)), WHITE),
        (solid("LA", (0, 0)), WHITE),
        (solid("CMYK", (0, 255, 255, 0)), (254, 0, 0)),
        (solid("P", 0).convert("P"), (0, 0, 0)),
        (solid("1", 1), WHITE),
        (solid("L", 128), (128, 128, 128)),
        (Image.fromarray(np.full((4, 6), 257 * 200, np.uint16)), (200, 200, 200)),
        (Image.fromarray(np.full((4, 6), 257, np.uint16)), (1, 1, 1)),
        (solid("F", 12.0), (12, 12, 12)),
    ],
    ids=["RGBA", "clear", "LA", "CMYK", "P", "1", "L", "16 bit", "dark 16 bit", "F"],
)
def test_modes(picture: Image.Image, expected: tuple[int, int, int]) -> None:
    opened = images.load_image(picture)
    assert opened.mode == "RGB"
    np.testing.assert_allclose(opened.getpixel((0, 0)), expected, atol=1)


def test_palette_with_transparency_lies_on_white() -> None:
    picture = solid("RGBA", (0, 255, 0, 0)).convert("P")
    data = encoded(picture, transparency=picture.getpixel((0, 0)))
    assert images.load_image(data).getpixel((0, 0)) == WHITE


def test_exif_rotation_is_applied() -> None:
    picture = solid("RGB", "blue")
    picture.putpixel((0, 0), RED)
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise by a quarter
    opened = images.load_image(encoded(picture, exif=exif))
    assert opened.size == (4, 6)
    assert opened.getpixel((3, 0)) == RED


def test_one_pixel_wide_picture() -> None:
    assert images.load_image(solid("RGB", RED, (1, 50))).size == (1, 50)


def test_the_largest_picture_is_stored_small_with_its_full_size() -> None:
    picture = images.load_image(encoded(solid("L", 9, (8192, 6144))))
    stored = images.store_image(picture)
    assert (stored.width, stored.height) == (8192, 6144)
    assert max(Image.open(io.BytesIO(stored.data)).size) == 2048


def test_too_many_pixels_are_refused() -> None:
    with pytest.raises(ImageError, match="megapixels"):
        images.load_image(encoded(solid("1", 0, (8192, 6145))))


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (np.ones((2, 3), np.uint8) * 7, (7, 7, 7)),
        (np.ones((2, 3, 1), np.uint8) * 7, (7, 7, 7)),
        (np.ones((2, 3, 3)) * 0.5, (128, 128, 128)),
        (np.full((2, 3, 3), 257 * 9, np.uint16), (9, 9, 9)),
        (np.full((2, 3, 4), (255, 0, 0, 0), np.uint8), WHITE),
    ],
)
def test_arrays(array: np.ndarray, expected: tuple[int, int, int]) -> None:
    opened = images.load_image(array)
    assert (opened.size, opened.getpixel((0, 0))) == ((3, 2), expected)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("nowhere.png", "nowhere.png"),
        (b"not a picture", "not a picture"),
        (b"", "not a picture"),
        (None, "NoneType"),
        (3, "int"),
        (np.zeros((3, 8, 8)), "channels last"),
        (np.zeros((0, 4, 3)), "empty"),
        (np.full((4, 4, 3), 300.0), "0..1"),
        (np.full((4, 4, 3), np.nan), "nan"),
        ("http://127.0.0.1:9/x.png", "downloaded"),
        ("data:image/png;base64,xx", "cannot be read"),
    ],
)
def test_bad_sources(source: object, said: str) -> None:
    with pytest.raises(ImageError, match=said):
        images.load_image(source)


def test_truncated_picture() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (90, 90, 3), dtype=np.uint8)
    with pytest.raises(ImageError, match="damaged"):
        images.load_image(encoded(Image.fromarray(noise))[:9000])


def test_large_pictures_are_stored_as_jpeg_small_ones_without_loss() -> None:
    small = images.store_image(solid("RGB", RED))
    assert small.mime == "image/png"
    assert images.load_image(small.data).getpixel((0, 0)) == RED
    assert images.store_image(solid("RGB", RED, (600, 500))).mime == "image/jpeg"
