"""Measures of explanations: are the maps on the objects that the words name?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tam_widgets.evaluation.methods import ABLATION

if TYPE_CHECKING:
    from tam_widgets.evaluation import datasets
    from tam_widgets.evaluation.planted.planted_truth import planted_truth
    from tam_widgets.evaluation.planted.result import PlantedTruth

__all__ = ["ABLATION", "PlantedTruth", "datasets", "planted_truth"]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name == "datasets":
        return import_module(f"{__name__}.datasets")
    if name == "planted_truth":
        return import_module(f"{__name__}.planted.planted_truth").planted_truth
    if name == "PlantedTruth":
        return import_module(f"{__name__}.planted.result").PlantedTruth
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
