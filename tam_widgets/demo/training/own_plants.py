"""Planting a reason of your own, outside the package."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tam_widgets.demo import model_path
from tam_widgets.demo.plants.interventions import LIMITS
from tam_widgets.demo.plants.rules import Plant
from tam_widgets.demo.plants.shipped import PlantedModel, weights_of
from tam_widgets.demo.plants.teachable import check
from tam_widgets.demo.training.plant import Plan, Planter
from tam_widgets.errors import PlantingError

__all__ = ["Plan", "train"]


def train(
    plant: Plant,
    model: str = "qwen2-vl",
    plan: Plan | None = None,
    *,
    folder: str | Path = "planted",
    scenes: int = 200,
    progress: bool = True,
) -> PlantedModel:
    """Plants a reason of your own in a demo model, and tests by intervention that it is the reason.

    An interruption leaves nothing behind.

    Args:
        plant: What to plant.
        model: "qwen2-vl" or "llava".
        plan: Length and size of the training; by default 300 steps of 12 pictures.
        folder: Where the weights and the figures go.
        scenes: Number of held-out scenes of the test.
        progress: Whether to show progress bars.

    Returns:
        The planted model, for ``tw.demo.explainer(model, planted=…)``.

    Raises:
        OptionError: If the plant cannot be taught or tested.
        UnsupportedModelError: If there is no such demo model.
        PlantingError: If the planted reason is not the reason; nothing is stored then.
    """
    model_path(model)
    check(plant)
    with TemporaryDirectory() as temporary:
        files = Path(temporary) / "checkpoint.pt", Path(temporary) / "log.jsonl"
        planter = Planter(model, plant, plan or Plan(), *files)
        planter.run(progress=progress)
        figures = planter.ship(Path(folder), range(scenes), progress=progress)
    if figures["failures"]:
        raise PlantingError(_told(figures))
    return PlantedModel(model, plant, weights_of(model, plant.name, Path(folder)))


def _told(figures: dict[str, Any]) -> str:
    """What failed, with its figure and the limits that it has to keep."""
    failed = (
        f"{name} is {figures['interventions'][name]:.3g}, not within {LIMITS[name]}"
        for name in figures["failures"]
    )
    return (
        f"{figures['plant']!r} was not planted in {figures['model']!r}: {'; '.join(failed)}. Train "
        "it longer or with a higher rank, plan=Plan(steps=…, rank=…, balanced=True), or plant a "
        "simpler reason"
    )
