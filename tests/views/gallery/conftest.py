"""Reports and galleries for the tests here, a fresh copy for each."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import tam_widgets as tw
from tests.evaluation.made import MadeExplainer
from tests.views.gallery.heard import GOOD, Heard, evaluate


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two reports, `one` of two models and `two` of other samples in another order."""
    folder = tmp_path_factory.mktemp("gallery")
    evaluate(folder / "one", [MadeExplainer("a"), MadeExplainer("b")], GOOD)
    evaluate(folder / "two", MadeExplainer("c"), GOOD[3:1:-1])
    return folder


@pytest.fixture
def one(folders: Path, tmp_path: Path) -> tw.Report:
    return tw.Report(shutil.copytree(folders / "one", tmp_path / "one"))


@pytest.fixture
def two(folders: Path, tmp_path: Path) -> tw.Report:
    return tw.Report(shutil.copytree(folders / "two", tmp_path / "two"))


@pytest.fixture
def view(one: tw.Report) -> Heard:
    return Heard(one)
