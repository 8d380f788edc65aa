"""Install the viewer alone, measure it, and do with it all that it is for.

    python scripts/check_viewer.py [FOLDER]

Run with the project's own Python. The environment is made in the folder, by default a temporary
one, as the documentation says: the packages of requirements-viewer.txt, and then the wheel without
its requirements.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).resolve().parent.parent
GOAL_MB = 250

REPORT = """
import sys
import tam_widgets as tw
from tam_widgets.errors import MissingExtraError

report = tw.Report(sys.argv[1])
report._repr_mimebundle_()
gallery = tw.Gallery(report)
gallery._repr_mimebundle_()
run = report.run()
for sample in run.samples:
    run.thumbnail(sample, 0), run.explanation(sample).maps()
report.annotate(sample, "seen")
for attempt in (report.figures, lambda: report.words, lambda: tw.evaluate):
    try:
        attempt()
    except MissingExtraError as error:
        print(error)
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[1] if len(sys.argv) > 1 else temporary).resolve()
        python = _installed(folder)
        size = _size_of(folder / "venv") / 1e6
        print(f"{size:.0f} MB in site-packages, pip's own left out; at most {GOAL_MB} are wanted")
        _view(python, folder)
        if size > GOAL_MB:
            sys.exit("check_viewer: the environment is too large")


def _installed(folder: Path) -> Path:
    """Makes the environment; returns its Python."""
    python = folder / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    _run(sys.executable, "-m", "venv", str(folder / "venv"))
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    start = time.perf_counter()
    pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    _run(*pip, "-r", str(ROOT / "requirements-viewer.txt"))
    _run(*pip, "--no-deps", wheel)
    print(f"installed in {time.perf_counter() - start:.0f} s")
    return python


def _size_of(environment: Path) -> int:
    """Bytes on the disk of the packages, but for those that every new environment has."""
    (packages,) = environment.glob("**/site-packages")
    return sum(
        path.stat().st_blocks * 512
        for top in packages.iterdir()
        if not top.name.startswith(("pip", "setuptools", "pkg_resources", "_distutils_hack"))
        for path in (top, *top.rglob("*"))
    )


def _view(python: Path, folder: Path) -> None:
    sys.path.insert(0, str(ROOT))
    from tests.test_viewing import write_explanation

    saved, made = folder / "explanation.safetensors", folder / "made"
    write_explanation(saved)
    made.mkdir(exist_ok=True)
    report = Path(shutil.copytree(ROOT / "tests" / "fixtures" / "report_v1", folder / "report"))
    start = time.perf_counter()
    _run(str(python), str(ROOT / "tests" / "viewing.py"), str(saved), str(made))
    _run(str(python), "-c", REPORT, str(report))
    _run(str(python), "-m", "tam_widgets.cli", "view", str(saved), "-o", str(made / "view.html"))
    print(f"explanation and report viewed in {time.perf_counter() - start:.0f} s")


def _run(*command: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    subprocess.run(command, check=True, env=environment, cwd=tempfile.gettempdir())


if __name__ == "__main__":
    main()
