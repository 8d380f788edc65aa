"""Planted models: those that the package has, by name or blind, and those of your own."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from tam_widgets.demo.plants.differences import FOLDER
from tam_widgets.demo.plants.rules import PLANTS, Plant
from tam_widgets.errors import UnsupportedModelError

_ORDER: Final = 36  # a seed by which those shipped first come first, and keep their numbers


@dataclass(frozen=True, repr=False)
class PlantedModel:
    """A planted model: one of the package, or one that you trained.

    Attributes:
        model: The demo model in which a reason is planted: "qwen2-vl" or "llava".
        plant: What is planted: captions, truth and interventions.
        weights: File of its difference from the plain model; its figures lie beside it.
    """

    model: str
    plant: Plant
    weights: str | Path

    def __repr__(self) -> str:
        return f"<PlantedModel {self.model}/{self.name}: {self.planted}>"

    @property
    def name(self) -> str:
        """Name of the plant, for ``tw.demo.explainer(model, planted=name)``."""
        return self.plant.name

    @property
    def planted(self) -> str:
        """The rule that it was trained on."""
        return self.plant.planted

    @property
    def truth_told(self) -> str:
        """What the planted word rests on, by construction."""
        return self.plant.truth_told

    @property
    def figures(self) -> dict[str, Any]:
        """What it says of held-out scenes as they are and changed.

        The fields of `tam_widgets.demo.plants.interventions.InterventionFigures`.
        """
        stored = Path(self.weights).with_suffix(".json").read_text("utf-8")
        found: dict[str, Any] = json.loads(stored)["interventions"]
        return found


def planted_models() -> list[PlantedModel]:
    """Lists the planted models of the package, in the order of the plants."""
    return [
        PlantedModel(model, plant, path)
        for model in ("qwen2-vl", "llava")
        for name, plant in PLANTS.items()
        if (path := weights_of(model, name, FOLDER)).is_file()
    ]


def weights_of(model: str, name: str, folder: Path) -> Path:
    """The file in a folder of a planted model's difference from the plain one."""
    return folder / f"{model}-{name}.safetensors"


def resolve(model: str, planted: str | PlantedModel) -> PlantedModel:
    """The planted model that a name stands for, in one of the demo models.

    "blind-1" and so on stand for all plants of the model in an order that looks like chance: the
    first as many numbers as there are plants stand for each of them once, and so do the next. The
    order is that of all plants, shipped or not.

    Args:
        model: Name of the demo model.
        planted: Name of a plant, "blind-" and a number from 1, or a planted model itself.

    Raises:
        UnsupportedModelError: If the model has no such plant.
    """
    if isinstance(planted, PlantedModel):
        return _of_the_model(model, planted)
    known = {one.name: one for one in planted_models() if one.model == model}
    if not known:
        raise UnsupportedModelError(f"planted={planted!r:.80}: nothing is planted in {model!r} yet")
    blind = re.fullmatch(r"blind-([1-9]\d{0,8})", str(planted))
    if blind:
        round_, place = divmod(int(blind[1]) - 1, len(known))
        order: list[str] = np.random.default_rng((round_, _ORDER)).permutation([*PLANTS]).tolist()
        return [known[plant] for plant in order if plant in known][place]
    if not isinstance(planted, str) or planted not in known:
        raise UnsupportedModelError(
            f"nothing called {planted!r:.80} is planted in {model!r}: give one of "
            f"{', '.join(known)}, or blind-1, blind-2, … for one that is not named"
        )
    return known[planted]


def _of_the_model(model: str, planted: PlantedModel) -> PlantedModel:
    if planted.model != model:
        raise UnsupportedModelError(
            f"{planted.name!r:.80} is planted in {planted.model!r:.80}, not in {model!r}: give "
            f"tw.demo.explainer({planted.model!r:.80}, planted=…)"
        )
    if not Path(planted.weights).is_file():
        raise UnsupportedModelError(
            f"{str(planted.weights)!r:.200} does not exist: give the file of {planted.name!r:.80}, "
            "or train it with tam_widgets.demo.training.plant.train"
        )
    return planted
