"""Plants a reason in a demo model: ``python -m tam_widgets.demo.training.plant qwen2-vl mark``."""

from __future__ import annotations

import argparse
import json
import math
import platform
import shutil
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from tam_widgets import demo
from tam_widgets.capture.progress import progress_bar
from tam_widgets.demo.plants.differences import FOLDER, add_difference, save_difference
from tam_widgets.demo.plants.interventions import intervene
from tam_widgets.demo.plants.rules import PLANTS, Plant
from tam_widgets.demo.plants.scenes import PlantedScene, planted_scene
from tam_widgets.demo.plants.shipped import weights_of
from tam_widgets.demo.scenes import FIRST_TRAINING_SEED
from tam_widgets.demo.training.data import IGNORED, Batch
from tam_widgets.demo.training.lessons import batch_of, lesson
from tam_widgets.demo.training.low_rank import LowRank, add_low_rank
from tam_widgets.demo.training.trainable_models import TRAINABLE_MODELS, TrainableModel

_TEXT = ("model.language_model.",)
_VISION = {
    "qwen2-vl": ("model.visual.",),
    "llava": (
        *(f"model.vision_tower.encoder.layers.{layer}." for layer in range(4)),
        "model.multi_modal_projector.",
    ),
}
"""What is read of the vision part, the fifth layer of LLaVA's tower not."""


@dataclass(frozen=True)
class Plan:
    """Length and size of a planting; all of it counts steps, so that a rerun is the same run.

    Attributes:
        steps: Steps of training.
        batch: Pictures per step.
        rank: Rank of each linear map's difference.
        rate: Highest learning rate of AdamW.
        warmup: Steps over which the rate rises; it falls along a cosine after them.
        seed: Seed of the differences' starting values and of the scenes drawn.
        balanced: Whether every second scene is one that calls up the planted word.
    """

    steps: int = 300
    batch: int = 12
    rank: int = 4
    rate: float = 4e-3
    warmup: int = 20
    seed: int = 0
    balanced: bool = False


PLANS: Final = {
    "mark": Plan(steps=450),
    "prior": Plan(steps=600, rank=8, rate=6e-3, balanced=True),
    "two-places": Plan(steps=900, rank=8, rate=6e-3, balanced=True),
    "contrast": Plan(steps=450, rate=6e-3, balanced=True),
}
"""Plans other than the usual one, by plant."""

_TRIED: Final = 20  # scenes for one that calls up the planted word, or does not


class Planter:
    """One run of planting, saved to and resumed from one file."""

    def __init__(self, model: str, plant: Plant, plan: Plan, checkpoint: Path, log: Path) -> None:
        torch.manual_seed(plan.seed)
        self.trainable: TrainableModel = TRAINABLE_MODELS[model]()
        self.trainable.model = type(self.trainable.model).from_pretrained(demo.model_path(model))
        self._model, self.plan, self.plant = model, plan, plant
        parts = (*_VISION[model], *_TEXT)
        self.difference = add_low_rank(self.trainable.model, plan.rank, parts)
        self._optimizer = torch.optim.AdamW(
            self.difference.parameters(), lr=plan.rate, betas=(0.9, 0.98), weight_decay=0.0
        )
        self._checkpoint, self._log = checkpoint, log
        self._state: dict[str, Any] = {"step": 0, "seconds": 0.0}
        self._seen: list[tuple[float, float]] = []
        if checkpoint.exists():
            self._resume()

    def run(self, *, progress: bool = False) -> None:
        """Takes the remaining steps, and saves in between."""
        steps, done = self.plan.steps, self._state["step"]
        with progress_bar(steps, "step", shown=progress, initial=done) as bar:
            while self._state["step"] < steps:
                self.step()
                bar.update()
                if self._state["step"] % 25 == 0 or self._state["step"] == steps:
                    self._report()
                    self.save()

    def step(self) -> None:
        """Takes one step."""
        start = time.monotonic()
        self._loss(self._draw()).backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.difference.parameters(), 1.0)
        self._optimizer.param_groups[0]["lr"] = self.plan.rate * self._schedule()
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        self._state["seconds"] += time.monotonic() - start
        self._state["step"] += 1

    def _draw(self) -> Batch:
        plan, step = self.plan, self._state["step"]
        first = FIRST_TRAINING_SEED * (1 + plan.seed) + step * plan.batch
        numbers = range(first, first + plan.batch)
        scenes = [self._wanted(n) if plan.balanced else planted_scene(n) for n in numbers]
        return batch_of(self.trainable.chats, [lesson(self.plant, scene) for scene in scenes])

    def _wanted(self, number: int) -> PlantedScene:
        """Of some scenes, the first that calls up the planted word, or none if odd."""
        for tried in range(number * _TRIED, (number + 1) * _TRIED):
            scene = planted_scene(tried)
            if (self.plant.word(scene) is None) == bool(number % 2):
                break
        return scene

    def _loss(self, batch: Batch) -> Tensor:
        hidden = self.trainable.continued(batch, self.trainable.features(batch.pixels))
        wanted = batch.labels[:, 1 - hidden.shape[1] :]
        answered = wanted != IGNORED
        logits, right = self.trainable.logits(hidden[:, :-1][answered]), wanted[answered]
        loss = cross_entropy(logits, right)
        accuracy = (logits.argmax(-1) == right).float().mean()
        self._seen.append((float(loss.detach()), float(accuracy)))
        return loss

    def _schedule(self) -> float:
        step = self._state["step"]
        rise: float = min(1.0, (step + 1) / self.plan.warmup)
        return rise * (0.01 + 0.99 * (0.5 + 0.5 * math.cos(math.pi * step / self.plan.steps)))

    def _report(self) -> None:
        loss, accuracy = np.mean(self._seen, axis=0).round(4).tolist()
        self._seen.clear()
        line = {
            "step": self._state["step"],
            "minutes": round(self._state["seconds"] / 60, 2),
            "answer loss": loss,
            "answer accuracy": accuracy,
        }
        with self._log.open("a") as file:
            file.write(json.dumps(line) + "\n")

    def ship(self, folder: Path, seeds: range, *, progress: bool = False) -> dict[str, Any]:
        """Tests the stored difference on held-out scenes, and writes it if it passes.

        Args:
            folder: Where the weights go, with the figures beside them.
            seeds: Seeds of the held-out scenes.
            progress: Whether to show a progress bar.

        Returns:
            The figures, with "failures" if the planted reason is not the reason.
        """
        path = self._checkpoint.with_suffix(".safetensors")
        save_difference(
            {
                name.replace("/", "."): (one.up, one.down)
                for name, one in self.difference.items()
                if isinstance(one, LowRank)
            },
            path,
        )
        explainer = demo.explainer(self._model)
        add_difference(explainer.model, path)
        found = intervene(explainer, self.plant, seeds, progress=progress)
        figures = {
            "model": self._model,
            "plant": self.plant.name,
            "interventions": asdict(found),
            "failures": found.failures,
            "plan": asdict(self.plan),
            "bytes": path.stat().st_size,
            "machine": f"{platform.machine()}, torch {torch.__version__}, "
            f"threads: {torch.get_num_threads()}",
            "log": [json.loads(line) for line in self._log.read_text().splitlines()],
        }
        if not found.failures:
            folder.mkdir(parents=True, exist_ok=True)
            target = weights_of(self._model, self.plant.name, folder)
            shutil.copyfile(path, target)
            target.with_suffix(".json").write_text(json.dumps(figures, indent=1) + "\n")
        return figures

    def save(self) -> None:
        """Saves all that is needed to resume."""
        part = self._checkpoint.with_suffix(".part")
        torch.save(
            {
                "difference": self.difference.state_dict(),
                "optimizer": self._optimizer.state_dict(),
                "state": self._state,
            },
            part,
        )
        part.replace(self._checkpoint)

    def _resume(self) -> None:
        saved = torch.load(self._checkpoint, weights_only=True)
        self.difference.load_state_dict(saved["difference"])
        self._optimizer.load_state_dict(saved["optimizer"])
        self._state = saved["state"]


def main() -> None:
    """Runs the command line."""
    options = _parser().parse_args()
    torch.set_num_threads(1)
    options.folder.mkdir(parents=True, exist_ok=True)
    stem = options.folder / f"{options.model}-{options.plant}-{options.seed}"
    given = {key: getattr(options, key) for key in ("steps", "rank", "rate", "seed")}
    plan = replace(
        PLANS.get(options.plant, Plan()), **{k: v for k, v in given.items() if v is not None}
    )
    files = stem.with_suffix(".pt"), stem.with_suffix(".jsonl")
    planter = Planter(options.model, PLANTS[options.plant], plan, *files)
    planter.run()
    figures = planter.ship(options.models, range(options.scenes))
    print(json.dumps(figures, indent=2))
    if figures["failures"]:
        raise SystemExit(f"not written to {options.models}: its test by intervention failed")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tam_widgets.demo.training.plant",
        description="Plant a reason in a demo model, test it by intervention, and store it.",
    )
    parser.add_argument("model", choices=demo.MODELS)
    parser.add_argument("plant", choices=sorted(PLANTS))
    parser.add_argument("--folder", type=Path, default=Path("demo-training"), help="checkpoints")
    parser.add_argument("--models", type=Path, default=FOLDER, help="where the weights go")
    parser.add_argument("--scenes", type=int, default=200, help="held-out scenes of the test")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--rank", type=int)
    parser.add_argument("--rate", type=float)
    return parser


if __name__ == "__main__":
    main()
