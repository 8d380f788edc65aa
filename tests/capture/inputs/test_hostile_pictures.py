"""What strangers give as pictures ends in a picture or in a named error, and starts no program."""

import io
import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import EpsImagePlugin, Image

from tam_widgets.capture.inputs import images
from tam_widgets.errors import ImageError

PHOTO = Image.fromarray(np.random.default_rng(0).integers(0, 255, (36, 48, 3), dtype=np.uint8))


def encoded(kind: str, picture: Image.Image = PHOTO, **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )


def png(*chunks: bytes, size: tuple[int, int] = PHOTO.size, end: bytes = b"") -> bytes:
    """A PNG with chunks before its pixels, perhaps of another size than these."""
    content = encoded("PNG")
    header = struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0)
    return (
        content[:8]
        + chunk(b"IHDR", header)
        + b"".join(chunks)
        + content[33:-12]
        + end
        + content[-12:]
    )


def animation(kind: str, count: int) -> bytes:
    frames = [Image.new("RGB", (8, 8), (number % 256, 9, 9)) for number in range(count)]
    return encoded(kind, frames[0], save_all=True, append_images=frames[1:])


def refused(source: Any, said: str) -> None:
    with pytest.raises(ImageError, match=said) as caught:
        images.load_image(source)
    message = str(caught.value)
    assert message.isprintable()
    assert len(message) < 700


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_the_formats_that_are_promised(kind: str) -> None:
    assert images.load_image(encoded(kind)).size == PHOTO.size


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (encoded("EPS"), "a PostScript file"),
        (encoded("PDF"), "a PDF file"),
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "an SVG drawing"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><html></html>", "an HTML page"),
        (b"8BPS\0\1" + bytes(400), "a Photoshop file"),
        (b"\0\0\0\x18ftypmp42" + bytes(400), "a video"),
        (encoded("ICO"), "unknown format"),
        (encoded("TGA"), "unknown format"),
        (encoded("PPM"), "unknown format"),
        (b"", "unknown format"),
    ],
)
def test_other_formats_under_a_false_name(
    content: bytes, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EpsImagePlugin, "Ghostscript", None)  # to be called by nobody
    refused(content, f"not a picture that can be opened: .*{said}")
    if content:
        (tmp_path / "photo.png").write_bytes(content)
        refused(tmp_path / "photo.png", said)


def test_an_eps_picture_that_somebody_opened_is_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EpsImagePlugin, "Ghostscript", None)
    refused(Image.open(io.BytesIO(encoded("EPS"))), "an external program would draw")


BOMB = zlib.compress(bytes(50_000_000), 9)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (png(size=(10_000, 10_000)), "10000 x 10000 pixels are more than the limit of 50 mega"),
        (png(size=(2**31 - 1, 2**31 - 1)), "more than 50 megapixels"),
        (png(size=(0, 7)), "not a picture"),
        (png(chunk(b"zTXt", b"key\0\0" + BOMB)), "not a picture"),
        (png(chunk(b"iTXt", b"key\0\1\0\0\0" + BOMB)), "not a picture"),
        (png(chunk(b"iCCP", b"key\0\0" + BOMB)), "not a picture"),
        (png(end=chunk(b"zTXt", b"key\0\0" + BOMB)), "damaged"),
        (png()[:33] + struct.pack(">I", 2**31 - 1) + b"zTXt" + png()[33:], "not a picture"),
        (encoded("JPEG")[:-900], "damaged"),
        (encoded("WEBP")[:-300], "damaged|not a picture"),
        (encoded("GIF")[:-900], "damaged"),
        (encoded("BMP")[:-900], "damaged"),
        (encoded("TIFF")[:-300], "damaged|not a picture"),
        (encoded("JPEG", progressive=True).replace(b"\xff\xd9", b"\xff\xda" * 60), "50 scans"),
        (encoded("WEBP", Image.new("L", (6000, 4500))), "25 megapixels for WebP"),
    ],
)
def test_bombs_and_broken_files(content: bytes, said: str) -> None:
    refused(content, said)


@pytest.mark.parametrize(
    ("tag", "value"), [(257, 2**32 - 1), (278, 0), (273, 2**32 - 1), (277, 60_000), (258, 2**31)]
)
def test_a_tiff_of_absurd_tags(tag: int, value: int) -> None:
    content = bytearray(encoded("TIFF", compression="tiff_deflate"))
    (start,) = struct.unpack_from("<I", content, 4)
    (count,) = struct.unpack_from("<H", content, start)
    places = range(start + 2, start + 2 + 12 * count, 12)
    place = next(p for p in places if struct.unpack_from("<H", content, p)[0] == tag)
    struct.pack_into("<HII", content, place + 2, 4, 1, value)
    refused(bytes(content), "not a picture|damaged|megapixels")


@pytest.mark.parametrize(
    "exif", [b"Exif\0\0" + bytes(90), b"Exif\0\0II*\0\x08\0\0\0" + b"\xff" * 90]
)
def test_broken_metadata_does_not_matter(exif: bytes) -> None:
    content = encoded("JPEG", exif=b"Exif\0\0" + exif, icc_profile=b"no profile")
    assert images.load_image(content).size == PHOTO.size
    profile = b"Raw profile type exif\0\nexif\n 9\n" + exif.hex().encode() + b"no hex digits"
    assert images.load_image(png(chunk(b"tEXt", profile))).size == PHOTO.size


def test_a_turned_picture_with_broken_metadata_is_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    content = exif.tobytes().replace(struct.pack("<I", 0), struct.pack("<I", 2**31))
    assert images.load_image(encoded("JPEG", exif=content)).size == PHOTO.size[::-1]


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF"])
def test_the_first_frame_of_many(kind: str) -> None:
    opened = images.load_image(animation(kind, 300))
    assert opened.size == (8, 8)
    np.testing.assert_allclose(opened.getpixel((4, 4)), (0, 9, 9), atol=9)


@pytest.mark.parametrize("size", [(1, 30_000), (30_000, 1)])
@pytest.mark.parametrize("mode", ["RGB", "P", "LA", "F"])
def test_long_and_thin(size: tuple[int, int], mode: str) -> None:
    opened = images.load_image(Image.new(mode, size))
    assert (opened.mode, opened.size) == ("RGB", size)
    assert max(Image.open(io.BytesIO(images.store_image(opened).data)).size) == 2048


@pytest.mark.parametrize("seed", range(12))
def test_changed_bytes(seed: int) -> None:
    random = np.random.default_rng(seed)
    for kind in images.FORMATS:
        content = bytearray(encoded(kind))
        for _ in range(3):
            place = int(random.integers(2, len(content) if seed % 2 else 80))
            content[place : place + 4] = random.choice([b"\xff" * 4, bytes(4), random.bytes(3)])
        try:
            images.load_image(bytes(content))
        except ImageError as error:
            assert str(error).isprintable()  # noqa: PT017


def test_the_largest_picture_stays_within_its_memory(tmp_path: Path) -> None:
    if not Path("/proc/self/status").exists():
        pytest.skip("a system that does not tell a process's largest memory")
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (8192, 6144)).save(tmp_path / "large.jpg", exif=exif)
    code = (
        "import sys; from tam_widgets.capture.inputs.images import load_image, store_image\n"
        "store_image(load_image(sys.argv[1])); print(open('/proc/self/status').read())"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "large.jpg")]
    told = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    peak = int(told.partition("VmHWM:")[2].split()[0])
    assert 200_000 < peak < 500_000  # of 1024 bytes


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without pipes in folders")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    refused(tmp_path / "pipe.png", "a folder or a device")


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/stdin", "/proc/self/pagemap", "/proc/kmsg"])
def test_files_that_never_end(path: str) -> None:
    if not Path(path).exists():
        pytest.skip("a system without it")
    refused(path, "a folder or a device|it is empty|cannot be read")


def test_a_file_of_a_terabyte(tmp_path: Path) -> None:
    with (tmp_path / "large.png").open("wb") as file:
        file.truncate(1 << 40)
    refused(tmp_path / "large.png", "more than the limit of 100 MB.*smaller")


@pytest.mark.parametrize(
    "name", ["a\0b.png", "a\nb\x1b[31m.png", "x" * 5000, "\ud800.png", "", ".", "../nowhere.png"]
)
def test_names_of_no_file(name: str) -> None:
    refused(name, "cannot be read|no such file")


def test_odd_names_of_real_files(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    PHOTO.save(tmp_path / "a\nb.png")
    assert images.load_image(tmp_path / "folder" / ".." / "a\nb.png").size == PHOTO.size
    assert images.load_image(os.fsencode(tmp_path / "a\nb.png").decode()).size == PHOTO.size


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    PHOTO.save(tmp_path / "secret.png")
    (tmp_path / "secret.png").chmod(0)
    refused(tmp_path / "secret.png", "Permission denied")


class _Raises:
    def __array__(self, *_: Any, **__: Any) -> np.ndarray:
        raise RecursionError("deep")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (np.full((4, 4), None), "image array of object: uint8"),
        (np.full((4, 4, 3), "red"), "image array of <U3: uint8"),
        (np.zeros((4, 4), [("r", "u1"), ("g", "u1")]), "image array of .*: uint8"),
        (np.full((4, 4, 3), np.inf), "from inf to inf"),
        (np.full((4, 4, 3), np.nan), "from nan to nan"),
        (np.full((4, 4, 3), -1), "from -1 to -1"),
        (np.full((4, 4, 3), 1e308), "uint8, uint16 or floats"),
        (np.zeros((4, 4, 3), complex), "uint8, uint16 or floats"),
        (np.zeros((4, 4), "M8[s]"), "uint8, uint16 or floats"),
        (np.broadcast_to(np.uint8(0), (10**6, 10**6, 3)), "more than 50 megapixels"),
        (np.zeros((4, 0, 3), np.uint8), "empty"),
        (np.zeros(()), "channels last"),
        (np.zeros((2, 2, 2, 2, 3)), "channels last"),
        (torch.zeros(4, 4, 3, requires_grad=True), "cannot be converted to an array"),
        (_Raises(), "cannot be converted to an array .deep."),
        ([[0, 1], [2, 3]], "type list"),
        ({"url": "a.png"}, "type dict"),
        (Image.new("RGB", (0, 4)), "empty"),
    ],
)
def test_arrays_and_objects_that_are_no_picture(source: Any, said: str) -> None:
    refused(source, said)


def test_a_closed_picture() -> None:
    picture = Image.open(io.BytesIO(encoded("PNG")))
    picture.close()
    refused(picture, "damaged")


@pytest.mark.parametrize(
    "view",
    [lambda a: a[::-2, ::3], lambda a: a.transpose(1, 0, 2), lambda a: np.ma.masked_array(a)],
)
def test_arrays_of_any_layout(view: Callable[[np.ndarray], np.ndarray]) -> None:
    array = view(np.asarray(PHOTO).copy())
    array.flags.writeable = False
    opened = images.load_image(array)
    np.testing.assert_array_equal(np.asarray(opened), np.asarray(array))


def test_a_picture_of_the_user_is_left_as_it_is(tmp_path: Path) -> None:
    PHOTO.save(tmp_path / "photo.png")
    lazy = Image.open(tmp_path / "photo.png")
    opened = images.load_image(lazy)
    opened.paste("red", (0, 0, *opened.size))
    np.testing.assert_array_equal(np.asarray(lazy), np.asarray(PHOTO))


def test_grey_values_without_a_range() -> None:
    values = np.full((2, 3), np.nan, np.float32)
    assert images.load_image(Image.fromarray(values)).getpixel((0, 0)) == (0, 0, 0)
    values[0] = (-1e38, 0, np.inf)
    opened = images.load_image(Image.fromarray(values))
    assert [opened.getpixel((column, 0))[0] for column in range(3)] == [0, 255, 255]
