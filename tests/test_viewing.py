"""A saved explanation is of full use where only NumPy and Pillow are compiled, as in a browser."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

import tam_widgets as tw

from . import viewing
from .faithfulness import made as checks
from .views import made

PURE = "--as-in-a-browser"
ROOT = Path(__file__).parents[1]


def write_explanation(path: Path) -> None:
    """Saves an explanation with all that one may have."""
    plain = made.explanation(answer=(*made.ANSWER, " ü🐱"))
    whole = made.with_layers(made.with_alternatives(plain))
    whole = whole.with_check(checks.check(whole)).with_check(checks.flips(whole))
    ramp = np.linspace(-1, 1, whole.activations.size, dtype=np.float32)
    method = tw.Method("ramp", "a ramp", "by hand", signed=True, cost="nothing")
    whole.with_maps(method, ramp.reshape(whole.activations.shape), step=1).save(path)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("saved") / "explanation.safetensors"
    write_explanation(path)
    return path


def viewed(saved: Path, folder: Path, *options: str) -> str:
    command = [sys.executable, str(ROOT / "tests" / "viewing.py"), str(saved), str(folder)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        [*command, *options], env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_a_browsers_python_views_the_same(saved: Path, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir(), there.mkdir()
    viewing.view(saved, here)
    viewed(saved, there, PURE)
    for name in ("explanation.html", "compared.html", "explanation.png", "again.safetensors"):
        assert (there / name).read_bytes() == (here / name).read_bytes(), name
    with np.load(here / "maps.npz") as expected, np.load(there / "maps.npz") as found:
        assert set(found) == set(expected)
        for name in expected:
            np.testing.assert_array_equal(found[name], expected[name], name)


def test_what_needs_more_says_how_to_get_it(saved: Path, tmp_path: Path) -> None:
    said = dict(line.split(": ", 1) for line in viewed(saved, tmp_path, PURE).splitlines())
    assert said.pop("table") == "a table needs pandas, which is not installed: pip install pandas"
    assert said["Explainer"] == (
        "tam_widgets.Explainer needs torch, which is not installed: pip install tam-widgets"
    )
    assert said.keys() == {"Explainer", "demo", "models"}
    for line in said.values():
        assert line.endswith("which is not installed: pip install tam-widgets")


def test_the_viewers_requirements_are_the_packages_own() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        all_of_them = tomllib.load(file)["project"]["dependencies"]
    listed = (ROOT / "requirements-viewer.txt").read_text("utf-8").splitlines()
    viewer = [line for line in listed if not line.startswith("#")]
    assert viewer == [one for one in all_of_them if ";" not in one]
    for other in all_of_them[len(viewer) :]:
        assert other.endswith("; sys_platform != 'emscripten'")
