"""The content delivery networks that hosts load code from, played from the npm registry.

So a host can be tried on a machine that reaches the registry and nothing else, and the table can
say who needs the network.
"""

from __future__ import annotations

import importlib.util
import mimetypes
import re
import subprocess
import tarfile
import tempfile
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from playwright.sync_api import BrowserContext, Route

STORE = Path(tempfile.gettempdir()) / "tam-hosts-npm"
NPM = re.compile(r"/(?:npm/+)?((?:@[^/]+/)?[^@/]+)@([^/]+)(?:/(.*))?")
CDNJS = re.compile(r"/ajax/libs/require.js/([^/]+)/require(?:.min)?.js")


class Cdn:
    """Answers for other machines; remembers which were asked."""

    def __init__(self, context: BrowserContext) -> None:
        self.asked: set[str] = set()
        context.route(re.compile(r"^https?://(?!127\.0\.0\.1|localhost)"), self._answer)

    def _answer(self, route: Route) -> None:
        url = urlsplit(route.request.url)
        self.asked.add(url.netloc)
        data = stored(url.netloc, unquote(url.path))
        if data is None:
            route.abort()
            return
        kind = mimetypes.guess_type(url.path)[0] or "text/javascript"
        headers = {"Access-Control-Allow-Origin": "*"}
        route.fulfill(body=data, content_type=kind, headers=headers)


def stored(host: str, path: str) -> bytes | None:
    """The bytes at an address, None where no npm package has them."""
    if host == "cdnjs.cloudflare.com":
        if (match := CDNJS.fullmatch(path)) is None:
            return None
        package, version, inner = "requirejs", match[1], "require.js"
    elif (match := NPM.fullmatch(path)) is not None:
        package, version, inner = match[1], match[2], match[3] or ""
    else:
        return None
    root = unpacked(package, version)
    if root is None:
        return None
    for name in (inner, f"{inner}.js", "dist/index.js"):
        if (file := root / name).is_file():
            return file.read_bytes()
    return None


@cache
def unpacked(package: str, version: str) -> Path | None:
    """A folder with an npm package; None if there is no such package."""
    if package == "@marimo-team/frontend":  # the same files are in marimo itself
        return marimo_files()
    folder = STORE / f"{package}@{version}".replace("/", "+")
    if not (folder / "package").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        wanted = f"{package}@{version}"
        command = ["npm", "pack", "--silent", "--pack-destination", str(folder), wanted]
        if subprocess.run(command, check=False, capture_output=True, timeout=120).returncode:
            return None
        (archive,) = folder.glob("*.tgz")
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
    return folder / "package"


def marimo_files() -> Path | None:
    """A folder whose `dist` are the files of marimo's own front end."""
    spec = importlib.util.find_spec("marimo")
    if spec is None or spec.origin is None:
        return None
    folder = STORE / "marimo"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dist").unlink(missing_ok=True)
    (folder / "dist").symlink_to(Path(spec.origin).parent / "_static")
    return folder
