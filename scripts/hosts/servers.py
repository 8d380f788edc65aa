"""Starts what shows an app, and ends it."""

from __future__ import annotations

import contextlib
import functools
import http.server
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tests.e2e.server import free_port, private_environment

ROOT = Path(__file__).resolve().parents[2]


def environment(folder: Path) -> dict[str, str]:
    """With this checkout, and with Jupyter's and everybody's private files in `folder`."""
    return {
        **private_environment(folder / "private"),
        "PYTHONPATH": str(ROOT),
        "HOME": str(folder / "home"),
        "PYTHONWARNINGS": "ignore",
        "SOLARA_ASSETS_PROXY": "false",  # else its server asks the network, out of sight
    }


@contextlib.contextmanager
def running(folder: Path, *command: str, path: str = "") -> Iterator[str]:
    """Runs a module of this Python that serves; `{port}` stands for a free port. Its address."""
    port = free_port()
    arguments = [part.format(port=port) for part in command]
    log = folder / "server.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=folder,
            env=environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait(f"http://127.0.0.1:{port}/", process, log)
        yield f"http://127.0.0.1:{port}/{path}"
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Returns when something answers at `url`."""
    for _ in range(600):
        try:
            urllib.request.urlopen(url, timeout=20).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
    raise RuntimeError(f"does not start: {log.read_text()[-800:]}")


def run(folder: Path, *command: str) -> None:
    """Runs a module of this Python to its end."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=environment(folder),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:3])}: {(done.stderr or done.stdout)[-800:]}")


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def files(folder: Path) -> Iterator[str]:
    """Serves a folder's files."""
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
