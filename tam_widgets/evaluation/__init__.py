"""Measures of explanations: are the maps on the objects that the words name?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tam_widgets.evaluation.methods import ABLATION

if TYPE_CHECKING:
    from tam_widgets.evaluation import datasets

__all__ = ["ABLATION", "datasets"]


def __getattr__(name: str) -> Any:
    if name != "datasets":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return import_module(f"{__name__}.datasets")
