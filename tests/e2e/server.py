"""A throw-away Jupyter server, apart from the user's own settings and kernels."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient

PATIENCE = 60  # seconds, that a busy machine may need

FLAGS = (
    "--no-browser",
    "--allow-root",
    "--ip=127.0.0.1",
    "--ServerApp.port_retries=0",
    "--IdentityProvider.token=",
    "--ServerApp.password=",
    "--ServerApp.disable_check_xsrf=True",
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.expose_app_in_browser=True",
    "--JupyterNotebookApp.expose_app_in_browser=True",
)


@dataclass(frozen=True)
class Server:
    """A running server: its address, the folder it serves, and its own private folders."""

    url: str
    root: Path
    private: Path

    def request(self, path: str, method: str = "GET") -> Any:
        """Call the server's REST API; return the decoded answer."""
        call = urllib.request.Request(f"{self.url}/api/{path}", method=method)
        with urllib.request.urlopen(call, timeout=PATIENCE) as answer:
            body = answer.read()
        return json.loads(body) if body else None

    def kernel_of(self, notebook: str) -> str:
        """The id of the kernel that runs a notebook."""
        (kernel,) = (s["kernel"]["id"] for s in self.request("sessions") if s["path"] == notebook)
        return str(kernel)

    def evaluate(self, notebook: str, expression: str) -> str:
        """The repr of a Python expression, evaluated in the notebook's kernel from outside."""
        client = BlockingKernelClient(
            connection_file=str(self.private / "run" / f"kernel-{self.kernel_of(notebook)}.json")
        )
        client.load_connection_file()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=PATIENCE)
            reply = client.execute_interactive(
                "", user_expressions={"x": expression}, store_history=False, timeout=PATIENCE
            )
        finally:
            client.stop_channels()
        result = reply["content"]["user_expressions"]["x"]
        assert result["status"] == "ok", result
        return str(result["data"]["text/plain"])

    def stop_kernels(self) -> None:
        """Shut down every kernel."""
        for kernel in self.request("kernels"):
            self.request(f"kernels/{kernel['id']}", "DELETE")


@contextlib.contextmanager
def jupyter(folder: Path) -> Iterator[Server]:
    """A server for JupyterLab (/lab) and Notebook 7 (/notebooks) on a free local port."""
    port = free_port()
    server = Server(f"http://127.0.0.1:{port}", folder / "files", folder / "private")
    server.root.mkdir(parents=True)
    quiet_settings(server.private / "settings")
    command = [sys.executable, "-m", "jupyter", "lab", f"--port={port}", *FLAGS]
    command.append(f"--ServerApp.root_dir={server.root}")
    log = server.private / "server.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=private_environment(server.private),
        )
    try:
        wait_for_answer(server, process, log)
        yield server
        server.stop_kernels()
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def private_environment(private: Path) -> dict[str, str]:
    """The environment with all of Jupyter's folders under `private`."""
    return {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(private / "config"),
        "JUPYTER_DATA_DIR": str(private / "data"),
        "JUPYTER_RUNTIME_DIR": str(private / "run"),
        "IPYTHONDIR": str(private / "ipython"),
        "JUPYTERLAB_SETTINGS_DIR": str(private / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(private / "workspaces"),
    }


def quiet_settings(settings: Path) -> None:
    """Switch off the news pop-up, which would lie over the page, and draw all cells at once.

    Else cells out of sight are drawn when there is time, which a busy machine may not have.
    """
    folder = settings / "@jupyterlab" / "apputils-extension"
    folder.mkdir(parents=True)
    (folder / "notification.jupyterlab-settings").write_text(
        '{"fetchNews": "false", "checkForUpdates": false}'
    )
    folder = settings / "@jupyterlab" / "notebook-extension"
    folder.mkdir(parents=True)
    (folder / "tracker.jupyterlab-settings").write_text('{"windowingMode": "none"}')


def wait_for_answer(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the server answers; RuntimeError with its log if it ends or never does."""
    for _ in range(1800):
        with contextlib.suppress(OSError):
            server.request("status")
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError(f"the Jupyter server does not answer:\n{log.read_text()[-2000:]}")
