"""The planted models that the package has, by name or blind."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from tam_widgets.demo.plants.differences import FOLDER
from tam_widgets.demo.plants.rules import PLANTS
from tam_widgets.errors import UnsupportedModelError

_ORDER: Final = 36  # a seed by which those shipped first come first, and keep their numbers


@dataclass(frozen=True)
class PlantedModel:
    """A planted model of the package.

    Attributes:
        model: The demo model in which a reason is planted: "qwen2-vl" or "llava".
        name: Name of the plant, for ``tw.demo.explainer(model, planted=name)``.
        planted: The rule that it was trained on.
        truth_told: What the planted word rests on, by construction.
        figures: What it says of held-out scenes as they are and changed, as
            `tam_widgets.demo.plants.interventions` measured it.
    """

    model: str
    name: str
    planted: str
    truth_told: str
    figures: dict[str, Any]


def planted_models() -> list[PlantedModel]:
    """Lists the planted models, in the order of the plants."""
    return [
        PlantedModel(model, name, plant.planted, plant.truth_told, _figures(path))
        for model in ("qwen2-vl", "llava")
        for name, plant in PLANTS.items()
        if (path := weights_of(model, name)).is_file()
    ]


def weights_of(model: str, name: str) -> Path:
    """The file of a planted model's difference from the plain one."""
    return FOLDER / f"{model}-{name}.safetensors"


def _figures(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.with_suffix(".json").read_text("utf-8"))
    return found["interventions"]  # type: ignore[no-any-return]


def resolve(model: str, name: str) -> str:
    """The plant that a name stands for, in one of the demo models.

    "blind-1" and so on stand for all plants of the model in an order that looks like chance: the
    first as many numbers as there are plants stand for each of them once, and so do the next. The
    order is that of all plants, shipped or not.

    Args:
        model: Name of the demo model.
        name: Name of a plant, or "blind-" and a number from 1.

    Raises:
        UnsupportedModelError: If the model has no such plant.
    """
    known: list[str] = [one.name for one in planted_models() if one.model == model]
    if not known:
        raise UnsupportedModelError(f"planted={name!r:.80}: nothing is planted in {model!r} yet")
    blind = re.fullmatch(r"blind-([1-9]\d{0,8})", str(name))
    if blind:
        round_, place = divmod(int(blind[1]) - 1, len(known))
        order: list[str] = np.random.default_rng((round_, _ORDER)).permutation([*PLANTS]).tolist()
        return [plant for plant in order if plant in known][place]
    if name not in known:
        raise UnsupportedModelError(
            f"nothing called {name!r:.80} is planted in {model!r}: give one of "
            f"{', '.join(known)}, or blind-1, blind-2, … for one that is not named"
        )
    return name
