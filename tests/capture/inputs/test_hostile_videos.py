"""What strangers give as videos ends in frames or in a named error, and opens no other file."""

import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tam_widgets.capture.inputs import video_decoding
from tam_widgets.capture.inputs.media import Video, load_media
from tam_widgets.errors import ImageError
from tam_widgets.models.medium import Medium

av = pytest.importorskip("av")

FRAMES = 10


def film(path: Path, size: tuple[int, int] = (96, 64), codec: str = "mpeg4") -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=5)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for number in range(FRAMES):
            grey = np.full((size[1], size[0], 3), 10 * number, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(grey, format="rgb24")))
        container.mux(stream.encode())
    return path


def load(source: Any, **how: Any) -> Medium:
    (medium,) = load_media([Video(source, **how)], None)
    return medium


def refused(source: Any, said: str) -> None:
    with pytest.raises(ImageError, match=said) as caught:
        load(source)
    message = str(caught.value)
    assert message.isprintable()
    assert len(message) < 700


@pytest.fixture(params=["PyAV", "OpenCV"])
def decoder(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "OpenCV":
        pytest.importorskip("cv2")
        known = video_decoding.find_spec
        monkeypatch.setattr(
            video_decoding, "find_spec", lambda name: known(name) if name == "cv2" else None
        )
    return request.param


def playlists(other: Path) -> dict[str, bytes]:
    """Texts that FFmpeg would follow to another file or to the network."""
    return {
        "HLS": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{other}\n#EXT-X-ENDLIST\n".encode(),
        "concat": f"ffconcat version 1.0\nfile '{other.name}'\n".encode(),
        "SDP": b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\n"
        b"m=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n",
        "DASH": f'<?xml version="1.0"?><MPD><BaseURL>{other}</BaseURL></MPD>'.encode(),
    }


@pytest.mark.parametrize("kind", ["HLS", "concat", "SDP", "DASH"])
def test_a_playlist_is_not_followed(kind: str, decoder: str, tmp_path: Path) -> None:
    other = film(tmp_path / "other.ts", codec="mpeg2video")
    assert load(other).total == FRAMES
    (tmp_path / "film.mp4").write_bytes(playlists(other)[kind])
    said = {"PyAV": "the video cannot be read", "OpenCV": "its format is unknown"}
    refused(tmp_path / "film.mp4", said[decoder])


@pytest.mark.parametrize("prefix", ["concat:", "subfile:", "file:", "data:video/mp4,"])
def test_a_name_is_no_address_of_ffmpeg(prefix: str, tmp_path: Path) -> None:
    film(tmp_path / "film.mp4")
    refused(f"{prefix}{tmp_path}/film.mp4", "no such file|cannot be read")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"words, no film. " * 900, "cannot be read"),
        (b"", "it is empty"),
        (np.random.default_rng(0).bytes(50_000), "cannot be read"),
        (b"\0\0\0\x18ftypmp42" + bytes(5000), "cannot be read"),
        (b"\x1aE\xdf\xa3" + b"\xff" * 5000, "cannot be read"),
        (b"RIFF\xff\xff\xff\xffAVI " + bytes(5000), "cannot be read"),
        (b"<!DOCTYPE html><html></html>" * 90, "cannot be read"),
    ],
)
@pytest.mark.usefixtures("decoder")
def test_a_false_name(content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_bytes(content)
    refused(tmp_path / "film.mp4", said)


def test_a_picture_and_a_sound_are_no_video(tmp_path: Path) -> None:
    Image.new("RGB", (64, 64)).save(tmp_path / "photo.png")
    (tmp_path / "photo.png").replace(tmp_path / "photo.mp4")
    refused(tmp_path / "photo.mp4", "cannot be read")
    with av.open(str(tmp_path / "sound.mp4"), "w") as container:
        stream = container.add_stream("aac", rate=8000)
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 1024), "f4"), "fltp", "mono")
        silence.sample_rate = 8000
        container.mux(stream.encode(silence))
        container.mux(stream.encode())
    refused(tmp_path / "sound.mp4", "no pictures, perhaps only sound")


def changed(content: bytes, mark: bytes, offset: int, value: bytes) -> bytes:
    place = content.index(mark) + offset
    return content[:place] + value + content[place + len(value) :]


BILLION = 10**9
LIES: dict[str, Callable[[bytes], bytes]] = {
    "sizes": lambda mp4: changed(mp4, b"stsz", 12, struct.pack(">I", BILLION)),
    "frames": lambda mp4: changed(mp4, b"stsz", 8, struct.pack(">II", 1, BILLION)),
    "times": lambda mp4: changed(mp4, b"stts", 8, struct.pack(">III", 1, BILLION, 1)),
    "chunks": lambda mp4: changed(mp4, b"stsc", 8, struct.pack(">III", 1, 1, BILLION)),
    "no clock": lambda mp4: changed(mp4, b"mdhd", 16, bytes(8)),
    "fast clock": lambda mp4: changed(mp4, b"mdhd", 16, struct.pack(">I", 2**31 - 1)),
    "width": lambda mp4: changed(mp4, b"mp4v", 28, b"\xff" * 4),
    "cut off": lambda mp4: mp4[: len(mp4) // 2],
}


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.usefixtures("decoder")
def test_an_mp4_file_that_lies(lie: str, tmp_path: Path) -> None:
    path = film(tmp_path / "film.mp4")
    path.write_bytes(LIES[lie](path.read_bytes()))
    _harmless(path)


@pytest.mark.parametrize(
    ("offset", "value"),
    [
        (40, struct.pack("<I", BILLION)),
        (40, struct.pack("<I", 400_000)),
        (28, bytes(8)),
        (28, struct.pack("<II", 1, 2**31 - 1)),
        (28, struct.pack("<II", 2**31 - 1, 1)),
    ],
    ids=["frames", "some frames", "no rate", "fast", "slow"],
)
@pytest.mark.usefixtures("decoder")
def test_an_avi_file_that_lies(offset: int, value: bytes, tmp_path: Path) -> None:
    path = film(tmp_path / "film.avi")
    path.write_bytes(changed(path.read_bytes(), b"strh", offset, value))
    _harmless(path)


def _harmless(path: Path) -> None:
    try:
        medium = load(path)
    except ImageError as error:
        assert str(error).isprintable()  # noqa: PT017
    else:
        assert 0 < len(medium.pictures) <= FRAMES
        assert medium.size == (96, 64)
        assert list(medium.times) == sorted(set(medium.times))


@pytest.mark.parametrize("how", [{"frames": 10**9}, {"fps": 1e300}, {"fps": 1e-300}])
def test_absurd_wishes(how: dict[str, Any], tmp_path: Path) -> None:
    assert 0 < len(load(film(tmp_path / "film.mp4"), **how).pictures) <= FRAMES


def test_frames_are_refused_or_smaller_where_they_would_be_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = film(tmp_path / "film.mp4")
    monkeypatch.setattr(video_decoding, "MAX_VIDEO_PIXELS", 96 * 64 * FRAMES // 4)
    frames = load(path).pictures
    assert {picture.size for picture in frames} == {(48, 32)}
    assert [round(np.asarray(picture).mean() / 10) for picture in frames] == list(range(FRAMES))
    given = np.zeros((FRAMES, 64, 96, 3), np.uint8)
    assert load(given).size == load(list(given)).size == (48, 32)
    monkeypatch.setattr(video_decoding, "MAX_FRAME_PIXELS", 96 * 63)
    refused(path, "cannot be read")


def test_films_of_too_many_frames(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video_decoding, "MAX_FRAMES", FRAMES - 1)
    refused(film(tmp_path / "film.mkv"), "more than 9 frames")
    refused(film(tmp_path / "film.mp4"), "more than 9 frames")
    refused([np.zeros((2, 2, 3), np.uint8)] * 5000, "5000 frames: the limit is 4096")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without pipes in folders")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    refused(tmp_path / "pipe.mp4", "a folder or a device")


@pytest.mark.parametrize("name", ["a\0b.mp4", "a\nb.mp4", "x" * 5000 + ".mp4", "\ud800.mp4"])
def test_names_of_no_file(name: str) -> None:
    refused(name, "cannot be read|no such file")
