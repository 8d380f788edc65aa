"""The built wheel holds all that the installed package reads, and says that it has types."""

from pathlib import Path
from zipfile import ZipFile

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "tam_widgets"


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


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
    shipped = {f"tam_widgets/demo/notebooks/{path.name}" for path in ROOT.glob("notebooks/*.ipynb")}
    assert shipped == {name for name in names if name.endswith(".ipynb")}


def test_nothing_else_is_in_the_wheel(names: set[str]) -> None:
    folders = {name.split("/")[0] for name in names}
    assert {folder for folder in folders if not folder.endswith(".dist-info")} == {"tam_widgets"}
