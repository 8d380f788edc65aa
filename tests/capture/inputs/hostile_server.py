"""A server on this machine that answers as no server should."""

import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

OK = b"HTTP/1.1 200 OK\r\n"


class Answers(socketserver.StreamRequestHandler):
    """Answers each path with the bytes, or the generator of bytes, that the server has for it."""

    def handle(self) -> None:
        method, _, rest = self.rfile.readline().partition(b" ")
        if method not in (b"GET", b"HEAD"):
            return  # the beginning of TLS, whose random bytes may look like anything
        path = rest.split()[0].decode()
        while self.rfile.readline().strip():
            pass
        self.server.asked.append(path)
        answer = self.server.answers[path]
        with suppress(OSError):
            for part in [answer] if isinstance(answer, bytes) else answer():
                self.wfile.write(part)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    answers: dict
    asked: list[str]

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}{path}"


@contextmanager
def serving(answers: dict) -> Iterator[Server]:
    """A running server for a while."""
    with Server(("127.0.0.1", 0), Answers) as server:
        server.answers, server.asked = answers, []
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()


def with_length(body: bytes, kind: str = "image/png", length: int | None = None) -> bytes:
    """A whole answer, with a length that may be a lie."""
    size = len(body) if length is None else length
    head = f"Content-Type: {kind}\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n"
    return OK + head.encode() + body


def redirect(address: str) -> bytes:
    return f"HTTP/1.1 302 Found\r\nLocation: {address}\r\nContent-Length: 0\r\n\r\n".encode()


def endless(beginning: bytes, part: bytes = bytes(1 << 16), pause: float = 0.0):  # noqa: ANN201
    """A generator of an answer without an end."""

    def parts() -> Iterator[bytes]:
        yield beginning
        while True:
            yield part
            time.sleep(pause)

    return parts
