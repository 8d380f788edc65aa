"""Downloads with one deadline, a limited size, and no redirects into the local network.

The address itself is opened as given, so that `http://localhost:8000/cat.png` works. A redirect
comes from the server: it may only lead to public http(s) addresses.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import urllib.request
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from typing import IO, Any, BinaryIO
from urllib.request import Request

from ...errors import ImageError
from .source_names import excerpt, source_name

_MEND = "check the address, or download it yourself and give its path"
_BLOCK = 1 << 16
_BLANKS = b"\xef\xbb\xbf \t\r\n"
_COMPRESSED = ("gzip", "x-gzip", "deflate", "compress", "br", "zstd")


@dataclass(frozen=True)
class Limits:
    """Limits for what is read from a source.

    Attributes:
        what: What is expected, for messages: `"picture"` or `"video"`.
        file: Largest file in bytes; None if it is not read into memory.
        download: Largest download in bytes.
        seconds: Time for a download, from looking up the name to the last byte.
    """

    what: str
    file: int | None
    download: int
    seconds: float


def download(url: str, file: BinaryIO, limits: Limits) -> None:
    """Downloads an http(s) address into a file.

    The proxies of the environment (`https_proxy`, `no_proxy`, …) are used.

    Args:
        url: The address. If it redirects, the new address must be http(s) and public, not in a
            private, local or link-local network; such an address must be given directly.
        file: Open for writing.
        limits: Limits of size and time.

    Raises:
        ImageError: If it cannot be downloaded within the limits, or is an HTML page.
    """
    sockets = _Sockets()
    done: Future[None] = Future()

    def work() -> None:
        try:
            _transfer(url, file, limits, sockets)
            done.set_result(None)
        except BaseException as error:  # raised again by `done.result`
            done.set_exception(error)

    # A thread can be abandoned while it looks up a name or reads a header byte by byte.
    Thread(target=work, name="download", daemon=True).start()
    try:
        done.result(limits.seconds)
    except ImageError:
        raise
    except TimeoutError as error:
        raise ImageError(
            f"{source_name(url)}: the download took longer than {limits.seconds:g} seconds; {_MEND}"
        ) from error
    except Exception as error:  # urllib, http.client, ssl and codecs raise different ones
        raise ImageError(
            f"{source_name(url)}: this cannot be downloaded ({excerpt(error)}); {_MEND}"
        ) from error
    finally:
        sockets.close()


def _transfer(url: str, file: BinaryIO, limits: Limits, sockets: _Sockets) -> None:
    request = Request(url, headers={"User-Agent": "tam_widgets"})
    with _opener(sockets).open(request, timeout=limits.seconds) as answer:
        declared: int | None = answer.length
        if declared is not None and declared > limits.download:
            raise _too_large(url, declared, limits)
        encoding = answer.headers.get("Content-Encoding", "").strip().lower()
        if encoding in _COMPRESSED:
            raise ValueError(f"the server compressed it with {encoding}, which was not requested")
        received = 0
        while block := answer.read(_BLOCK):
            if received == 0 and _is_html(block, answer.headers.get_content_type()):
                raise ImageError(
                    f"{source_name(url)}: an HTML page, not a {limits.what}; give the "
                    f"address of the {limits.what} itself"
                )
            received += len(block)
            if received > limits.download:
                raise _too_large(url, received, limits)
            file.write(block)
    if declared is not None and received < declared:
        raise ValueError(f"it ended after {received} of {declared} bytes")


def _too_large(url: str, size: int, limits: Limits) -> ImageError:
    return ImageError(
        f"{source_name(url)}: {size} bytes or more exceed the limit of "
        f"{limits.download // 10**6} MB; make the {limits.what} smaller first"
    )


def _is_html(beginning: bytes, content_type: str) -> bool:
    text = beginning[:512].lstrip(_BLANKS).lower()
    said = content_type == "text/html" and text.startswith(b"<")
    return said or text.startswith((b"<!doctype html", b"<html"))


class _Sockets:
    """A download's connections, which another thread can close."""

    def __init__(self) -> None:
        self._handles: list[socket.socket] = []
        self._closed = False

    def add(self, connected: socket.socket) -> None:
        self._handles.append(connected.dup())
        if self._closed:
            self.close()

    def close(self) -> None:
        self._closed = True
        for handle in self._handles:
            with suppress(OSError):
                handle.shutdown(socket.SHUT_RDWR)
            handle.close()


def _opener(sockets: _Sockets) -> urllib.request.OpenerDirector:
    """An opener of urllib without the protocols that read local files."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.UnknownHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _Connections(sockets),
    ):
        opener.add_handler(handler)
    return opener


class _Connections(
    urllib.request.HTTPRedirectHandler, urllib.request.HTTPSHandler, urllib.request.HTTPHandler
):
    """Connects to the given address, and after redirects only to public ones.

    Args:
        sockets: Collects every connection.
    """

    def __init__(self, sockets: _Sockets) -> None:
        super().__init__()
        self._sockets = sockets
        self._redirected: dict[Request, str] = {}  # the host, before a proxy replaces it

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> Request | None:
        fp.close()  # urllib would read the whole body, of any length
        request = super().redirect_request(req, fp, code, msg, headers, newurl)
        if request is not None:
            if request.type not in ("http", "https"):
                raise ValueError(f"it redirects to {excerpt(newurl)}, not an http(s) address")
            self._redirected[request] = request.host
        return request

    def http_open(self, req: Request) -> http.client.HTTPResponse:
        return self._answer(http.client.HTTPConnection, req)

    def https_open(self, req: Request) -> http.client.HTTPResponse:
        return self._answer(http.client.HTTPSConnection, req)

    def _answer(
        self, kind: type[http.client.HTTPConnection], request: Request
    ) -> http.client.HTTPResponse:
        connect: Callable[..., socket.socket] = self._connect
        target = self._redirected.get(request)
        if target == request.host:
            connect = self._connect_public
        elif target is not None:  # a proxy may resolve names that are unknown here
            named_by = kind(target)
            with suppress(socket.gaierror):
                _public(named_by.host, named_by.port)

        def connection(host: str, **options: Any) -> http.client.HTTPConnection:
            made = kind(host, **options)
            # Here http.client opens its socket, before TLS. The name is resolved only once, so
            # that it cannot point to another machine after the check.
            made._create_connection = connect  # type: ignore[attr-defined]
            return made

        return self.do_open(connection, request)

    def _connect(self, address: tuple[str, int], timeout: float, _source: Any) -> socket.socket:
        connected = socket.create_connection(address, timeout)
        self._sockets.add(connected)
        return connected

    def _connect_public(
        self, address: tuple[str, int], timeout: float, source: Any
    ) -> socket.socket:
        failure: OSError = OSError("the name has no address")
        for place in _public(*address):
            try:
                return self._connect(place, timeout, source)
            except OSError as error:
                failure = error
        raise failure


def _public(host: str, port: int) -> list[tuple[str, int]]:
    """The addresses of a name; raises `ValueError` if one is not public."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for *_, place in found:
        address = ipaddress.ip_address(place[0])
        address = getattr(address, "ipv4_mapped", None) or address
        if not address.is_global or address.is_multicast:
            known = str(address) if host == str(address) else f"{excerpt(host)} ({address})"
            raise ValueError(
                f"it redirects to {known}, not a public address: give it directly if intended"
            )
    return [(str(place[0]), int(place[1])) for *_, place in found]
