"""Endless training batches: pictures, chats, and what each visual token shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tam_widgets.demo.language import Group
from tam_widgets.demo.scenes import FIRST_TRAINING_SEED, Scene, compose, scene
from tam_widgets.demo.training.chats import ChatFormat, Turn
from tam_widgets.demo.vocabulary import CAPTION_PROMPT, CAPTION_PROMPTS

#: Side in pixels of the square that one visual token covers, in both models.
CELL = 14

IGNORED = -100


@dataclass(frozen=True)
class Batch:
    """Pictures of one size with their chats.

    Attributes:
        pixels: Pictures, uint8 [batch, height, width, 3].
        ids: Token ids, padded on the right, int64 [batch, length].
        labels: The ids of answers, `IGNORED` elsewhere, int64 [batch, length].
        cover: Share of each visual token's square covered by each group, float32
            [batch, visual, 3].
        groups: The groups of each picture.
    """

    pixels: Tensor
    ids: Tensor
    labels: Tensor
    cover: Tensor
    groups: list[tuple[Group, ...]]


def draw(chats: ChatFormat, first: int, count: int, size: tuple[int, int], near: bool) -> Batch:
    """Draws a batch of training scenes.

    Args:
        chats: The model's chat format.
        first: Number of the first scene, from 0; equal numbers give equal batches.
        count: Number of scenes.
        size: Width and height in pixels, multiples of 14.
        near: Whether each picture shows only one group.
    """
    numbers = range(first, first + count)
    scenes = [_scene(FIRST_TRAINING_SEED + number, size, near) for number in numbers]
    rngs = [np.random.default_rng((number, 1)) for number in numbers]
    visual = (size[0] // CELL) * (size[1] // CELL)
    encoded = [
        chats.encode(dialogue(rng, shown), visual) for rng, shown in zip(rngs, scenes, strict=True)
    ]
    ids, labels = pad(encoded, int(chats.tokenizer.pad_token_id))
    return Batch(
        pixels=torch.from_numpy(np.stack([np.asarray(shown.image) for shown in scenes])),
        ids=ids,
        labels=labels,
        cover=torch.from_numpy(np.stack([cover(shown) for shown in scenes])),
        groups=[shown.groups for shown in scenes],
    )


def _scene(seed: int, size: tuple[int, int], near: bool) -> Scene:
    return compose(np.random.default_rng(seed), size, 1) if near else scene(seed, size)


def dialogue(rng: np.random.Generator, shown: Scene) -> list[Turn]:
    """Draws a chat: the caption and up to two questions, in any order."""
    known = shown.questions
    chosen = rng.permutation(len(known))[:2]
    turns = [(_spelled(rng, known[k][0]), known[k][1]) for k in chosen]
    prompt = CAPTION_PROMPT if rng.random() < 0.7 else str(rng.choice(CAPTION_PROMPTS))
    position = 0 if rng.random() < 0.6 else int(rng.integers(len(turns) + 1))
    turns.insert(position, (prompt, shown.caption))
    return turns


def _spelled(rng: np.random.Generator, question: str) -> str:
    return question.replace("colour", "color") if rng.random() < 0.4 else question


def cover(shown: Scene, groups: int = 3) -> NDArray[np.float32]:
    """Share of each square of 14 pixels covered by each group, float32 [visual, groups]."""
    height, width = shown.labels.shape
    squares = shown.labels.reshape(height // CELL, CELL, width // CELL, CELL)
    shares = [(squares == k + 1).mean(axis=(1, 3)).ravel() for k in range(groups)]
    return np.stack(shares, axis=-1).astype(np.float32)


def pad(encoded: Sequence[tuple[list[int], list[bool]]], pad: int) -> tuple[Tensor, Tensor]:
    """Pads chats on the right: ids and labels, int64 [batch, length]."""
    length = max(len(ids) for ids, _ in encoded)
    shape = (len(encoded), length)
    ids, labels = torch.full(shape, pad), torch.full(shape, IGNORED)
    for row, (known, answered) in enumerate(encoded):
        real = torch.tensor(known)
        ids[row, : len(known)] = real
        labels[row, : len(known)] = real.where(torch.tensor(answered), IGNORED)
    return ids, labels
