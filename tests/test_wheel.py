"""The built wheel is small, holds all that the installed package reads, and says that it has types.

One that is built from the source distribution holds the same.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from pathlib import Path
from zipfile import ZipFile

import nbformat
import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

from scripts.execute_notebooks import JPEG, STATE, VIEW

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "tam_widgets"
NOTEBOOKS = sorted(ROOT.glob("notebooks/*.ipynb"))
MEGABYTE = 1_000_000


def built(root: Path, folder: Path) -> Path:
    (wheel,) = WheelBuilder(str(root)).build(directory=str(folder), versions=["standard"])
    return Path(wheel)


def held(wheel: Path) -> dict[str, int]:
    """Checksums of a wheel's files by name."""
    with ZipFile(wheel) as archive:
        return {file.filename: file.CRC for file in archive.infolist()}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel's files, as an installer leaves them."""
    folder = tmp_path_factory.mktemp("installed")
    with ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    return set(held(wheel))


def test_it_is_small(wheel: Path) -> None:
    assert wheel.stat().st_size <= 9 * MEGABYTE


def test_every_file_of_the_package_is_in_the_wheel(names: set[str]) -> None:
    files = {
        path.relative_to(ROOT).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }
    assert files - names == set()


@pytest.mark.parametrize(
    "name",
    [
        "py.typed",
        "contract.json",
        "views/static/widget.js",
        "views/static/widget.css",
        "views/static/standalone.js",
        "views/static/gallery.js",
        "demo/models/qwen2-vl/model.safetensors",
        "demo/methods_table.json",
        "demo/notebooks/01_quickstart.ipynb",
    ],
)
def test_data_is_in_the_wheel(names: set[str], name: str) -> None:
    assert f"tam_widgets/{name}" in names


def test_the_notebooks_are_those_of_the_repository(names: set[str]) -> None:
    shipped = {f"tam_widgets/demo/notebooks/{path.name}" for path in NOTEBOOKS}
    assert shipped == {name for name in names if name.endswith(".ipynb")}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_has_its_cells_and_stills_but_no_state(installed: Path, path: Path) -> None:
    notebook = nbformat.read(installed / "tam_widgets/demo/notebooks" / path.name, as_version=4)
    nbformat.validate(notebook)
    stored = nbformat.read(path, as_version=4)
    assert STATE in stored.metadata.widgets  # the repository's is left as it was
    assert "widgets" not in notebook.metadata
    assert [cell.source for cell in notebook.cells] == [cell.source for cell in stored.cells]
    data, full = (
        [out.data for cell in node.cells for out in cell.get("outputs", []) if "data" in out]
        for node in (notebook, stored)
    )
    assert not any(VIEW in one for one in data)
    assert [one.get(JPEG) for one in data] == [one.get(JPEG) for one in full]
    assert any(JPEG in one for one in data)


@pytest.mark.notebooks
def test_its_quickstart_runs(installed: Path, tmp_path: Path) -> None:
    """As `tam-widgets demo` does, in a Python that has the wheel before this repository."""
    command = (
        "import tam_widgets; from tam_widgets.demo import launch;"
        "print(tam_widgets.__file__, launch.prepare('demo'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", command],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert str(installed) in done.stdout
    assert [path.name for path in sorted((tmp_path / "demo").glob("*.ipynb"))] == [
        path.name for path in NOTEBOOKS
    ]
    quickstart = nbformat.read(tmp_path / "demo" / NOTEBOOKS[0].name, as_version=4)
    views = [
        out.data[VIEW]["model_id"]
        for cell in quickstart.cells
        for out in cell.get("outputs", [])
        if VIEW in out.get("data", {})
    ]
    state = quickstart.metadata.widgets[STATE]["state"]
    assert {state[view]["model_name"] for view in views} == {"AnyModel"}  # no bar stays


def test_one_from_the_source_distribution_is_the_same(wheel: Path, tmp_path: Path) -> None:
    (sdist,) = SdistBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (source,) = (path for path in tmp_path.iterdir() if path.is_dir())
    assert held(built(source, tmp_path)) == held(wheel)


def test_nothing_else_is_in_the_wheel(names: set[str]) -> None:
    folders = {name.split("/")[0] for name in names}
    assert {folder for folder in folders if not folder.endswith(".dist-info")} == {"tam_widgets"}
