"""Settings of every test: no network; a profile of hypothesis that tries more examples; what is
begun first; and what a version of transformers cannot run."""

import os
from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import settings

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ.setdefault("OMP_NUM_THREADS", "1")  # models here are tiny: threads would only wait

from .torchvision_shim import provide

provide()

settings.register_profile("long", max_examples=10_000)

HERE = Path(__file__).parent
SLOWEST = (
    HERE / "test_notebooks.py",
    HERE / "e2e" / "test_site.py",
    HERE / "e2e" / "test_questions.py",
    HERE / "docs",
    HERE / "evaluation" / "execution" / "test_cluster.py",
    HERE / "e2e",
    HERE / "capture" / "test_given_answers.py",
    HERE / "models" / "test_families.py",
)
"""Begun first, so that no process is left with one of them at the end."""

BROKEN = {
    ("5.24.0", "llama4"): "transformers' own forward fails: its decoder returns no image_outputs",
}
"""What a version of transformers cannot run without us either, by model type."""


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skips what is broken, whichever part of a test's parameters names it."""
    parameters = getattr(item, "callspec", None)
    for (broken, kind), why in BROKEN.items():
        if parameters and kind in parameters.id.split("-") and version("transformers") == broken:
            pytest.skip(f"transformers {broken}: {why}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Brings the slowest files to the front; where several processes run, each is given whole
    files."""

    def rank(item: pytest.Item) -> int:
        places = (item.path, *item.path.parents)
        return next((i for i, slow in enumerate(SLOWEST) if slow in places), len(SLOWEST))

    items.sort(key=rank)
