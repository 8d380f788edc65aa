"""The settings of a report; a run with different settings cannot resume it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from typing import Any

import numpy as np

from tam_widgets.errors import EvaluationError, TamError
from tam_widgets.evaluation.datasets.sample import Dataset, Sample
from tam_widgets.evaluation.execution.ids import checked_sample
from tam_widgets.evaluation.execution.measuring import Explains, Measurement
from tam_widgets.evaluation.measures.text_scores import meteor_variant
from tam_widgets.evaluation.methods import settings_of as method_settings
from tam_widgets.evaluation.storage.report_folder import FORMAT
from tam_widgets.evaluation.storage.schema import Json

PACKAGES = (
    "numpy",
    "opencv-python-headless",
    "pillow",
    "tam-widgets",
    "torch",
    "torchvision",
    "transformers",
)
"""Packages that figures may depend on; the last three decide what a model sees and answers."""


def settings_of(explainers: Mapping[str, Explains], measurement: Measurement) -> Json:
    """Settings as JSON values.

    Raises:
        EvaluationError: The data set is empty.
    """
    dataset, scoring = measurement.dataset, measurement.scoring
    if len(dataset) == 0:
        raise EvaluationError("the data set is empty: give at least one sample")
    return {
        "format": FORMAT,
        "dataset": {
            "name": str(getattr(dataset, "name", type(dataset).__name__)),
            "samples": len(dataset),
            "first": _id(dataset, 0),
            "last": _id(dataset, len(dataset) - 1),
        },
        "models": {name: _identity(one) for name, one in explainers.items()},
        "methods": {
            method.name: {
                "name": method.name,
                "method": method.registered,
                "settings": method_settings(method, scoring.compat),
            }
            for method in scoring.methods
        },
        "compat": scoring.compat,
        "faithfulness": measurement.faithfulness,
        "language": scoring.language.name,
        "meteor": meteor_variant(),
        "generation": {key: _plain(value) for key, value in sorted(measurement.generation.items())},
        "versions": {package: _version(package) for package in PACKAGES},
    }


def _id(dataset: Dataset | Sequence[Sample], number: int) -> str | None:
    try:
        return str(checked_sample(dataset[number], number).id)
    except TamError:
        return None


def _identity(explainer: Any) -> Json:
    """What tells one model from another of the same name."""
    model = getattr(explainer, "model", None)
    if model is None:
        digest = getattr(explainer, "digest", None)
        return {"type": type(explainer).__name__} | ({"digest": digest} if digest else {})
    from tam_widgets.capture.classifier import classifier_rows

    rows = classifier_rows(model)[:64].detach().float().cpu().numpy()
    return {
        "type": type(model).__name__,
        "dtype": str(model.dtype),
        "classifier": hashlib.sha256(np.ascontiguousarray(rows).tobytes()).hexdigest()[:16],
    }


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | None) else repr(value)


@cache
def _version(package: str) -> str | None:
    try:
        return version(package)
    except ImportError:
        return None
