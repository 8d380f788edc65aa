"""The training loop: first only the vision part, then the whole model."""

from __future__ import annotations

import json
import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from tam_widgets.demo.training.data import IGNORED, Batch, draw
from tam_widgets.demo.training.losses import PatchWords
from tam_widgets.demo.training.muon import Muon
from tam_widgets.demo.training.trainable_models import TRAINABLE_MODELS, TrainableModel

_SQUARE = (224, 224)
_HIDDEN_WEIGHT, _FEATURE_WEIGHT = 0.5, 0.25


@dataclass(frozen=True)
class Plan:
    """Length and learning rates of a training run.

    All of it counts steps, not time, so that the same plan gives the same run on any machine, up
    to rounding.

    Attributes:
        vision_steps: Steps of the vision stage.
        joint_steps: Steps of the joint stage, after it.
        batch: Pictures of 224 x 224 per step; for other sizes in proportion to their pixels.
        rates: Highest learning rates of Muon and AdamW.
        warmup: Steps over which the rate rises, at the start of each stage.
        seed: Seed of the weights.
    """

    vision_steps: int = 500
    joint_steps: int = 1300
    batch: int = 16
    rates: tuple[float, float] = (4e-3, 2e-3)
    warmup: int = 60
    seed: int = 0


class Trainer:
    """One training run, saved to and resumed from one file."""

    def __init__(self, name: str, plan: Plan, checkpoint: Path, log: Path) -> None:
        torch.manual_seed(plan.seed)
        self.trainable: TrainableModel = TRAINABLE_MODELS[name]()
        self.plan = plan
        self.average = AveragedModel(
            self.trainable.model,
            multi_avg_fn=get_ema_multi_avg_fn(0.99),  # type: ignore[no-untyped-call]
        )
        self._checkpoint, self._log = checkpoint, log
        self._patch_words = PatchWords(self.trainable.tokenizer)
        self._optimizers = _optimizers(self.trainable.model, plan.rates)
        self._state: dict[str, Any] = {"step": 0, "drawn": 0, "seconds": 0.0}
        self._sums: dict[str, list[float]] = {}
        if checkpoint.exists():
            self._resume()

    def run(self) -> None:
        """Takes the remaining steps, and saves in between."""
        self.trainable.model.train()
        while self._state["step"] < self.plan.vision_steps + self.plan.joint_steps:
            self.step()
            if self._state["step"] % 25 == 0:
                self._report()
            if self._state["step"] % 100 == 0:
                self.save()
        self.save()

    def averaged(self) -> TrainableModel:
        """The model with the running average of its weights, which is shipped."""
        self.trainable.model.load_state_dict(self.average.module.state_dict())
        return self.trainable

    def step(self) -> None:
        """Takes one step."""
        start = time.monotonic()
        joint = self._state["step"] >= self.plan.vision_steps
        batch = self._draw(joint)
        loss = self._joint_loss(batch) if joint else self._vision_loss(batch)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.trainable.model.parameters(), 1.0)
        for optimizer, rate in zip(self._optimizers, self.plan.rates, strict=True):
            for group in optimizer.param_groups:
                group["lr"] = rate * self._schedule(joint)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        self.average.update_parameters(self.trainable.model)
        self._state["seconds"] += time.monotonic() - start
        self._state["step"] += 1

    def _draw(self, joint: bool) -> Batch:
        step, size, near = self._state["step"], _SQUARE, False
        others = self.trainable.other_sizes
        if not joint and step % 3:
            size, near = self.trainable.near_size, step % 3 == 1
        elif others and step % 6 == 0:
            size = others[step // 6 % len(others)]
        area = _SQUARE[0] * _SQUARE[1] / (size[0] * size[1])
        count = round(self.plan.batch * area)
        first, self._state["drawn"] = self._state["drawn"], self._state["drawn"] + count
        return draw(self.trainable.chats, first, count, size, near)

    def _schedule(self, joint: bool) -> float:
        """Factor for the rates: a warm-up in each stage, and a cosine over the joint stage."""
        since = self._state["step"] - (self.plan.vision_steps if joint else 0)
        rise: float = min(1.0, (since + 1) / self.plan.warmup)
        if not joint:
            return rise
        spent = since / self.plan.joint_steps
        return rise * (0.01 + 0.99 * (0.5 + 0.5 * math.cos(math.pi * spent)))

    def _vision_loss(self, batch: Batch) -> Tensor:
        logits = self.trainable.word_logits(self.trainable.features(batch.pixels))
        return self._patch_loss("feature", logits, batch)

    def _joint_loss(self, batch: Batch) -> Tensor:
        features = self.trainable.features(batch.pixels)
        hidden = self.trainable.hidden(batch, features)
        visual = hidden[batch.ids == self.trainable.chats.image_id]
        feature = self._patch_loss("feature", self.trainable.word_logits(features), batch)
        patch = self._patch_loss("hidden", self.trainable.logits(visual), batch)
        answer = self._answer_loss(hidden, batch)
        return answer + _HIDDEN_WEIGHT * patch + _FEATURE_WEIGHT * feature

    def _patch_loss(self, name: str, logits: Tensor, batch: Batch) -> Tensor:
        targets = self._patch_words.targets(batch.groups, batch.cover)
        loss = self._patch_words.loss(logits, targets)
        self._note(f"{name} loss", float(loss.detach()))
        self._note(f"{name} noun accuracy", self._patch_words.accuracy(logits.detach(), targets))
        return loss

    def _answer_loss(self, hidden: Tensor, batch: Batch) -> Tensor:
        wanted = batch.labels[:, 1:]
        answered = wanted != IGNORED
        logits, right = self.trainable.logits(hidden[:, :-1][answered]), wanted[answered]
        loss = cross_entropy(logits, right)
        self._note("answer loss", float(loss.detach()))
        self._note("answer accuracy", float((logits.argmax(-1) == right).float().mean()))
        return loss

    def _note(self, name: str, value: float) -> None:
        self._sums.setdefault(name, []).append(value)

    def _report(self) -> None:
        means = {name: round(sum(seen) / len(seen), 4) for name, seen in self._sums.items()}
        self._sums.clear()
        line = {
            "step": self._state["step"],
            "pictures": self._state["drawn"],
            "minutes": round(self._state["seconds"] / 60, 2),
            "stage": "vision" if self._state["step"] <= self.plan.vision_steps else "joint",
            **means,
        }
        with self._log.open("a") as file:
            file.write(json.dumps(line) + "\n")

    def save(self) -> None:
        """Saves all that is needed to resume."""
        part = self._checkpoint.with_suffix(".part")
        torch.save(
            {
                "model": self.trainable.model.state_dict(),
                "average": self.average.state_dict(),
                "optimizers": [optimizer.state_dict() for optimizer in self._optimizers],
                "state": self._state,
            },
            part,
        )
        part.replace(self._checkpoint)

    def _resume(self) -> None:
        saved = torch.load(self._checkpoint, weights_only=True)
        self.trainable.model.load_state_dict(saved["model"])
        self.average.load_state_dict(saved["average"])
        for optimizer, state in zip(self._optimizers, saved["optimizers"], strict=True):
            optimizer.load_state_dict(state)
        self._state = saved["state"]


def _optimizers(
    model: nn.Module, rates: tuple[float, float]
) -> tuple[torch.optim.Optimizer, torch.optim.Optimizer]:
    """Muon for linear maps, AdamW for embeddings of words and places, norms and biases."""
    linear: list[nn.Parameter] = []
    others: list[nn.Parameter] = []
    for name, parameter in model.named_parameters():
        table = "embed_tokens" in name or "position_embedding" in name
        (others if table or parameter.ndim < 2 else linear).append(parameter)
    return (
        Muon(linear, lr=rates[0], momentum=0.95, weight_decay=0.01),
        torch.optim.AdamW(others, lr=rates[1], betas=(0.9, 0.98), weight_decay=0.01),
    )
