"""Measures of explanations: are the maps on the objects that the words name?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tam_widgets.evaluation.methods import ABLATION

if TYPE_CHECKING:
    from tam_widgets.evaluation import datasets
    from tam_widgets.evaluation.given_explanations import GivenExplanations
    from tam_widgets.evaluation.planted.figure import planted_figure
    from tam_widgets.evaluation.planted.planted_truth import planted_truth
    from tam_widgets.evaluation.planted.result import PlantedTruth

__all__ = [
    "ABLATION",
    "GivenExplanations",
    "PlantedTruth",
    "datasets",
    "planted_figure",
    "planted_truth",
]

_HOME = {
    "GivenExplanations": "given_explanations",
    "planted_truth": "planted.planted_truth",
    "planted_figure": "planted.figure",
    "PlantedTruth": "planted.result",
}
"""Modules of what is loaded on first use."""


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name == "datasets":
        return import_module(f"{__name__}.datasets")
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
