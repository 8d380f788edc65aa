"""Build a JupyterLite site: a notebook that opens a saved explanation in the browser's own Python.

    pip install -r docs/browser_notebook/requirements.txt
    python -m scripts.browser_notebook FOLDER [WHEEL]
    python -m http.server --directory FOLDER

The wheel is built from this repository if none is given. The site carries it, and with it the
pure-Python packages that it needs and Pyodide lacks. Pyodide itself, with NumPy and Pillow, is
loaded by the reader's browser from its own address; `--pyodide` puts a distribution of it into the
site, for a room without network.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "docs" / "browser_notebook"
CARRIED = ("anywidget", "comm", "filelock", "ipywidgets", "jupyterlab_widgets", "psygnal")
"""Packages that the views and the kernel need, and that Pyodide does not bring."""
PURE = ("--no-deps", "--only-binary=:all:", "--platform=any", "--implementation=py", "--abi=none")


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.browser_notebook",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", type=Path, help="where the site is written")
    parser.add_argument("wheel", nargs="?", type=Path, help="the package; by default built")
    parser.add_argument("--pyodide", help="path or address of Pyodide's distribution, a tarball")
    options = parser.parse_args()
    build(options.folder, options.wheel, options.pyodide)


def build(folder: Path, wheel: Path | None = None, pyodide: str | None = None) -> None:
    """Writes the site.

    Args:
        folder: Where it is written.
        wheel: The package's wheel; by default it is built.
        pyodide: Path or address of Pyodide's distribution, a tarball; by default the reader's
            browser loads it.
    """
    with tempfile.TemporaryDirectory() as temporary:
        wheels, contents = Path(temporary) / "wheels", Path(temporary) / "contents"
        pip("download", *PURE, "-d", str(wheels), *CARRIED)
        if wheel:
            shutil.copy(wheel, wheels)
        else:
            pip("wheel", "--no-deps", "-w", str(wheels), str(ROOT))
        shutil.copytree(NOTEBOOKS, contents, ignore=shutil.ignore_patterns("*.txt"))
        command = [sys.executable, "-m", "jupyterlite_core", "build", "--contents", str(contents)]
        for path in sorted(wheels.iterdir()):
            command += ["--piplite-wheels", str(path)]
        if pyodide:
            command += ["--pyodide", pyodide]
        command += ["--lite-dir", temporary, "--output-dir", str(folder.resolve())]
        subprocess.run(command, check=True, cwd=temporary)


def pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", *arguments, "-q", "--disable-pip-version-check"]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
