"""How well the maps of a planted word agree with its truth."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tam_widgets.evaluation.planted.word import TRUE_MASK, PlantedWord

Row = dict[str, Any]
Floats = NDArray[np.float64]

SHOWN: Final = 0.5
"""From which value of a map, 0..1, on it shows something."""

CARRIED: Final = 0.05
"""Change of the probability without the picture up to which the picture does not carry a word."""

MEASURES: Final = ("share", "area", "pointing", "weakest", "nothing", "revealed")


def measured(word: PlantedWord) -> list[Row]:
    """A row for each method, and for the true mask if there is one.

    Each has `model`, `plant`, `seed`, `text`, `method` and the `MEASURES`, None where they have no
    meaning.
    """
    found = [(name, _of_map(word, weights)) for name, weights in word.maps.items()]
    if word.truth is not None:
        area = float(word.truth.mean())
        exact = {"share": 1.0, "area": area, "pointing": 1.0, "weakest": 1 / area}
        found.append((TRUE_MASK, exact))
    base = {"model": word.model, "plant": word.plant, "seed": word.seed, "text": word.text}
    return [
        base
        | {"method": name}
        | dict.fromkeys(MEASURES)
        | values
        | {"revealed": _revealed(word, name)}
        for name, values in found
    ]


def _of_map(word: PlantedWord, values: NDArray[np.float32]) -> dict[str, float]:
    weights = values.clip(min=0).astype(np.float64)
    if word.truth is None or word.places is None:
        return {"nothing": float(weights.max() < SHOWN)}
    placed = _placed(weights, word.cover(word.truth))
    places = (_placed(weights, word.cover(place)) for place in word.places)
    return placed | {"weakest": min(one["share"] / one["area"] for one in places)}


def _placed(weights: Floats, cover: Floats) -> dict[str, float]:
    """How much of a map lies on the evidence; nothing of one that is empty."""
    total = weights.sum()
    largest = weights == weights.max()
    return {
        "share": float(weights @ cover / total) if total else 0.0,
        "area": float(cover.mean()),
        "pointing": float(cover[largest].mean()) if total else 0.0,
    }


def _revealed(word: PlantedWord, name: str) -> float | None:
    """Whether the deletion check tells the truth, as far as it was run.

    The word must vanish sooner by the map than by every random order; or, if no pixel is evidence,
    keep its probability without the picture.
    """
    if word.p_full is None or word.p_blank is None:
        return None
    if word.truth is None:
        return float(abs(word.p_full - word.p_blank) <= CARRIED)
    return float(word.deletion[name] < min(word.random)) if name in word.deletion else None
