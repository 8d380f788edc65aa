"""Tells whether another process, perhaps on another machine, would measure the same."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from tam_widgets.errors import TamError
from tam_widgets.evaluation.datasets.sample import Dataset
from tam_widgets.evaluation.execution.measuring import Explains, Measurement
from tam_widgets.evaluation.execution.resume import differences
from tam_widgets.evaluation.execution.settings import settings_of
from tam_widgets.evaluation.storage.schema import Json

_SETTINGS = ("dataset", "models", "language", "meteor", "versions")
_WEIGHTS = "weights"
_VALUES = 8  # of each weight: what is trained or merged changes all of them


def fingerprint(explainer: Explains, measurement: Measurement) -> Json:
    """Digests of a model, a data set and the packages, as this process sees them."""
    settings = settings_of({explainer.name: explainer}, measurement)
    dataset: Any = measurement.dataset
    some = sorted({0, len(dataset) // 2, len(dataset) - 1})
    return {
        **{key: settings[key] for key in _SETTINGS},
        _WEIGHTS: weights_digest(getattr(explainer, "model", None)),
        **{f"sample {number}": _seen(dataset, number) for number in some},
    }


def mismatches(there: Json, here: Json) -> list[str]:
    """The differences of two fingerprints, one per line; weights count only if both are known."""
    unknown = there[_WEIGHTS] is None or here[_WEIGHTS] is None
    skipped = {_WEIGHTS} if unknown else set()
    first, second = (
        {key: value for key, value in one.items() if key not in skipped} for one in (there, here)
    )
    return differences(first, second)


def weights_digest(model: Any) -> str | None:
    """A digest of names, shapes and first values; None if a part is not in memory."""
    if model is None:
        return None
    digest = hashlib.sha256()
    for name, weight in model.named_parameters():
        if weight.is_meta:
            return None
        digest.update(f"{name} {tuple(weight.shape)} ".encode())
        if weight.is_floating_point():
            values = weight.detach().reshape(-1)[:_VALUES].float().cpu().numpy()
            digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()[:16]


def _seen(dataset: Dataset, number: int) -> str:
    """The sample's id, whether its picture's file exists, and a digest of its mask."""
    try:
        sample = dataset[number]
        labels = np.ascontiguousarray(sample.labels())
    except TamError as error:
        return type(error).__name__
    is_file = isinstance(sample.image, str | Path) and Path(sample.image).is_file()
    digest = hashlib.sha256(labels.tobytes()).hexdigest()[:16]
    return f"{sample.id}, {'a file' if is_file else 'no file'}, mask {labels.shape} {digest}"
