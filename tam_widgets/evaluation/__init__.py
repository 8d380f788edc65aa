"""Measures of explanations: are the maps on the objects that the words name?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tam_widgets.evaluation.methods import ABLATION

if TYPE_CHECKING:
    from tam_widgets.evaluation import datasets
    from tam_widgets.evaluation.planted.figure import planted_figure
    from tam_widgets.evaluation.planted.planted_truth import planted_truth
    from tam_widgets.evaluation.planted.result import PlantedTruth

__all__ = ["ABLATION", "PlantedTruth", "datasets", "planted_figure", "planted_truth"]

_PLANTED = {
    "planted_truth": "planted_truth",
    "planted_figure": "figure",
    "PlantedTruth": "result",
}
"""Modules of the functions and the class that need the demo models."""


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name == "datasets":
        return import_module(f"{__name__}.datasets")
    if name in _PLANTED:
        return getattr(import_module(f"{__name__}.planted.{_PLANTED[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
