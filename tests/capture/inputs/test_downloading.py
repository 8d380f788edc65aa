"""Every answer of a server ends in a picture or in a named error, soon and in little memory."""

import base64
import io
import socket
import threading
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tam_widgets.capture.inputs import downloading, images, sources, video_decoding
from tam_widgets.capture.inputs.media import Video, load_media
from tam_widgets.errors import ImageError

from .hostile_server import OK, Server, endless, redirect, serving, with_length

SIZE = 300_000
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


def png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (6, 4), "red").save(buffer, "PNG")
    return buffer.getvalue()


ANSWERS: dict[str, Any] = {
    "/good": with_length(png()),
    "/no-length": OK + b"\r\n" + png(),
    "/chunked": CHUNKED + b"%x\r\n%b\r\n0\r\n\r\n" % (len(png()), png()),
    "/as-text": with_length(png(), "text/html"),
    "/endless": endless(OK + b"\r\n"),
    "/endless-chunked": endless(CHUNKED, b"10000\r\n" + bytes(1 << 16) + b"\r\n"),
    "/huge": with_length(b"", length=3 << 30),
    "/slow-body": endless(OK + b"\r\n", b"x", pause=0.05),
    "/slow-head": endless(OK + b"X-Header: ", b"x", pause=0.05),
    "/slow-redirect": endless(
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/good\r\n\r\n", b"x", pause=0.05
    ),
    "/continues": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n", pause=0.01),
    "/silent": endless(b"", b"", pause=0.05),
    "/short": with_length(png()[:40], length=len(png())),
    "/bad-status": b"no status at all\r\n\r\n",
    "/closed": b"",
    "/long-header": OK + b"X-Header: " + b"x" * 70_000 + b"\r\n\r\n",
    "/many-headers": OK + b"X-Header: x\r\n" * 200 + b"\r\n",
    "/bad-chunk": CHUNKED + b"zz\r\n",
    "/cut-chunk": CHUNKED + b"100\r\nxx",
    "/missing": b"HTTP/1.1 404 Not \x1b[31mFound\r\nContent-Length: 0\r\n\r\n",
    "/gzip": OK + b"Content-Encoding: gzip\r\n\r\n\x1f\x8bnot gzip",
    "/page": with_length(b"\n<!DOCTYPE html><html>Not here</html>", "text/plain"),
    "/said-page": with_length(b"<!-- page --><body>", "text/html; charset=utf-8"),
    "/loop": redirect("/loop"),
    "/to-here": redirect("/good"),
    "/to-number": redirect("http://2130706433/good"),
    "/to-quoted": redirect("http://%31%32%37.0.0.1/good"),
    "/to-user": redirect("http://pictures.example@127.0.0.1/good"),
    "/to-zero": redirect("http://0/good"),
    "/to-mapped": redirect("http://[::ffff:127.0.0.1]/good"),
    "/to-name": redirect("http://localhost/good"),
    "/to-private": redirect("http://192.168.0.1/cat.png"),
    "/to-cloud": redirect("http://169.254.169.254/latest/meta-data"),
    "/to-link-local": redirect("http://[fe80::1]/cat.png"),
    "/to-file": redirect("file:///etc/hostname"),
    "/to-ftp": redirect("ftp://127.0.0.1/cat.png"),
    "/to-data": redirect("data:image/png;base64,AAAA"),
    "/to-broken": redirect("http://[::1"),
    "/to-other": redirect("http://pictures.example/good"),
}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving(ANSWERS) as running:
        yield running


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (images, video_decoding):
        monkeypatch.setattr(module, "LIMITS", replace(module.LIMITS, download=SIZE))
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize("path", ["/good", "/no-length", "/chunked", "/as-text"])
def test_a_picture(path: str, server: Server) -> None:
    assert images.load_image(server.url(path)).getpixel((0, 0)) == (255, 0, 0)
    assert images.load_image(server.url(path).replace("http", "HTTP")).size == (6, 4)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/endless", "exceed the limit of 0 MB"),
        ("/endless-chunked", "exceed the limit of 0 MB"),
        ("/huge", "3221225472 bytes or more"),
        ("/slow-redirect", "not a public address"),
        ("/short", "ended after 40 of"),
        ("/bad-status", "cannot be downloaded"),
        ("/closed", "cannot be downloaded"),
        ("/long-header", "cannot be downloaded"),
        ("/many-headers", "cannot be downloaded"),
        ("/bad-chunk", "cannot be downloaded"),
        ("/cut-chunk", "cannot be downloaded"),
        ("/missing", r"404: Not \\x1b"),
        ("/gzip", "compressed it with gzip"),
        ("/page", "an HTML page, not a picture"),
        ("/said-page", "an HTML page, not a picture"),
        ("/loop", "not a public address"),
        ("/to-here", r"127\.0\.0\.1\)?, not a public address"),
        ("/to-number", r"127\.0\.0\.1\)?, not a public address"),
        ("/to-quoted", r"127\.0\.0\.1\)?, not a public address"),
        ("/to-user", "cannot be downloaded"),
        ("/to-zero", "not a public address"),
        ("/to-mapped", r"127\.0\.0\.1\)?, not a public address"),
        ("/to-name", "not a public address"),
        ("/to-private", "not a public address"),
        ("/to-cloud", "not a public address"),
        ("/to-link-local", "not a public address"),
        ("/to-file", "not allowed"),
        ("/to-ftp", r"redirects to ftp://127\.0\.0\.1/cat\.png"),
        ("/to-data", "not allowed"),
        ("/to-broken", "cannot be downloaded"),
    ],
)
def test_an_answer_that_is_none(path: str, said: str, server: Server) -> None:
    begun = len(server.asked)
    tracemalloc.start()
    try:
        with pytest.raises(ImageError, match=said) as caught:
            images.load_image(server.url(path))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 10 * SIZE
    assert server.asked[begun:] == [path]  # what a redirect names was not asked for
    message = str(caught.value)
    assert message.isprintable()
    assert len(message) < 700


@pytest.mark.parametrize("path", ["/slow-body", "/slow-head", "/continues", "/silent"])
def test_one_deadline_for_the_whole(
    path: str, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "LIMITS", replace(images.LIMITS, seconds=0.3))
    with pytest.raises(ImageError, match=r"took longer than 0\.3 seconds|timed out"):
        images.load_image(server.url(path))
    until = time.monotonic() + 20  # nothing goes on in the background
    while any(thread.name == "download" for thread in threading.enumerate()):
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.mark.parametrize(
    "address",
    [
        "http://",
        "http://[::1",
        "http://127.0.0.1:99999999/",
        "http://127.0.0.1:x/",
        "http://a b/",
        "http://127.0.0.1/\n",
        "http://" + "x" * 70 + ".example/",
        "http://\ud800/",
        "http://ex\0ample/",
        "https://127.0.0.1:1/" + "x" * 100_000,
    ],
)
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(ImageError, match="cannot be downloaded") as caught:
        images.load_image(address)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 700


def test_a_server_without_tls(server: Server) -> None:
    with pytest.raises(ImageError, match="cannot be downloaded"):
        images.load_image(server.url("/good").replace("http", "https"))


def test_a_redirect_to_a_public_address_is_followed_to_where_it_was_checked(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve, connect = socket.getaddrinfo, socket.create_connection
    meant = iter(["93.184.216.34", "127.0.0.1"])  # another machine the second time it is asked
    reached = []

    def getaddrinfo(host: str, *arguments: Any, **options: Any) -> Any:
        return resolve(next(meant) if host == "pictures.example" else host, *arguments, **options)

    def create_connection(address: Any, *arguments: Any) -> socket.socket:
        reached.append(address[0])
        return connect(("127.0.0.1", server.server_address[1]), *arguments)

    monkeypatch.setattr(downloading.socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(downloading.socket, "create_connection", create_connection)
    assert images.load_image(server.url("/to-other")).size == (6, 4)
    assert reached == ["127.0.0.1", "93.184.216.34"]


def test_the_proxy_of_the_environment_is_used_but_leads_nowhere_private(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, back = "http://pictures.example/cat.png", "http://pictures.example/back"
    monkeypatch.setitem(server.answers, there, with_length(png()))
    quoted = "http://pictures.example/quoted"
    monkeypatch.setitem(server.answers, back, redirect("http://10.0.0.1/cat.png"))
    monkeypatch.setitem(server.answers, quoted, redirect("http://%31%30.0.0.1/cat.png"))
    monkeypatch.setenv("http_proxy", server.url(""))
    assert images.load_image(there).size == (6, 4)
    for address in (back, quoted):
        with pytest.raises(ImageError, match="not a public address"):
            images.load_image(address)


def test_a_video_by_its_address(server: Server) -> None:
    pytest.importorskip("av")
    with pytest.raises(ImageError, match="an HTML page, not a video"):
        load_media([Video(server.url("/page"))], None)
    with pytest.raises(ImageError, match="the video cannot be read"):
        load_media([Video(server.url("/good"))], None)


def data_url(content: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(content).decode()


def test_a_data_url_may_be_wrapped_or_percent_encoded() -> None:
    whole = data_url(png())
    wrapped = "\n".join(whole[i : i + 60] for i in range(0, len(whole), 60))
    plain = "data:image/png," + "".join(f"%{byte:02x}" for byte in png())
    for url in (wrapped, plain, whole.replace("data", "DATA").replace("+", "%2B")):
        assert images.load_image(url).size == (6, 4)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("data:", "no comma"),
        ("data:image/png;base64", "no comma"),
        ("data:image/png;base64,xx", "cannot be read"),
        ("data:image/png;base64,ü", "cannot be read"),
        ("data:image/png;base64,****", "cannot be read"),
        (data_url(png()[:40]), "not a picture|damaged"),
        ("data:text/html,<html>", "an HTML page"),
        ("data:," + "x" * 2000, "the limit is"),
        ("data:image/png,\ud800", "cannot be read"),
    ],
)
def test_a_bad_data_url(url: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "DATA_URL_CHARACTERS", 1000)
    with pytest.raises(ImageError, match=said) as caught:
        images.load_image(url)
    assert len(str(caught.value)) < 300


def test_a_data_url_of_a_video(tmp_path: Any) -> None:
    av = pytest.importorskip("av")
    with av.open(str(tmp_path / "film.mp4"), "w") as container:
        stream = container.add_stream("mpeg4", rate=5)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        frame = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    content = base64.b64encode((tmp_path / "film.mp4").read_bytes()).decode()
    (medium,) = load_media([f"data:video/mp4;base64,{content}"], None)
    assert (medium.is_video, medium.size) == (True, (32, 32))
