"""Measures of explanations: are the maps on the objects that the words name?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tam_widgets.evaluation.methods import ABLATION

if TYPE_CHECKING:
    from tam_widgets.evaluation import datasets
    from tam_widgets.evaluation.planted_words import PlantedTruth, planted_truth

__all__ = ["ABLATION", "PlantedTruth", "datasets", "planted_truth"]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name == "datasets":
        return import_module(f"{__name__}.datasets")
    if name in ("PlantedTruth", "planted_truth"):
        return getattr(import_module(f"{__name__}.planted_words"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
