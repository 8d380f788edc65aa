"""Scenes: pictures of a few everyday objects with exact masks, a caption and questions.

Seeds 0 to 99 999 are held out; training uses seeds from `FIRST_TRAINING_SEED` on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tam_widgets.demo.backgrounds import background
from tam_widgets.demo.language import Group, caption, questions
from tam_widgets.demo.layout import Place, places, slots
from tam_widgets.demo.sprites import sprite
from tam_widgets.demo.vocabulary import CAPTION_PROMPT, COLOURS, NOUNS, PAINTED, RELATIONS

FIRST_TRAINING_SEED: Final = 1_000_000

_OPAQUE: Final = 128
_SMALLEST_SIDE: Final = 64


@dataclass(frozen=True)
class SceneObject:
    """One object of a scene.

    Attributes:
        noun: Singular noun.
        colour: Colour word, or None if the object is not painted.
        mask: Visible pixels, bool [height, width].
        box: Left, top, right and bottom of the visible pixels, right and bottom exclusive.
    """

    noun: str
    colour: str | None
    mask: NDArray[np.bool_]
    box: tuple[int, int, int, int]


@dataclass(frozen=True)
class Scene:
    """A picture with its ground truth.

    Attributes:
        image: RGB picture.
        groups: Groups of equal objects in the order of mention.
        relation: How the first group relates to the others.
        labels: The group at each pixel, counted from 1; 0 is the background; uint8
            [height, width].
        objects: Every object with its visible pixels.
    """

    image: Image.Image
    groups: tuple[Group, ...]
    relation: str
    labels: NDArray[np.uint8]
    objects: list[SceneObject]

    @property
    def prompt(self) -> str:
        """The prompt that asks for the caption."""
        return CAPTION_PROMPT

    @property
    def caption(self) -> str:
        """The correct caption."""
        return caption(self.groups, self.relation)

    @property
    def questions(self) -> list[tuple[str, str]]:
        """Questions about the scene, each with its correct answer."""
        return questions(self.groups, self.relation)

    @cached_property
    def masks(self) -> dict[str, NDArray[np.bool_]]:
        """Visible pixels of all objects of each noun, bool [height, width]."""
        return {group.noun: self.labels == k + 1 for k, group in enumerate(self.groups)}


def scene(seed: int = 7, size: tuple[int, int] = (224, 224)) -> Scene:
    """Makes the scene for a seed.

    Args:
        seed: Not negative; the same seed and size give the same scene.
        size: Width and height in pixels, at least 64 each.

    Raises:
        ValueError: The seed is negative or the picture too small.
    """
    if seed < 0:
        raise ValueError(f"seed is {seed}; give 0 or more")
    if min(size) < _SMALLEST_SIDE:
        raise ValueError(f"size is {size}; give at least {_SMALLEST_SIDE} pixels a side")
    rng = np.random.default_rng(seed)
    return compose(rng, size, int(rng.choice(3, p=(0.2, 0.45, 0.35))) + 1)


def compose(rng: np.random.Generator, size: tuple[int, int], groups: int) -> Scene:
    """Makes a scene of a given number of groups, 1 to 3, from a random generator."""
    relation = RELATIONS[rng.integers(len(RELATIONS))]
    drawn = draw_groups(rng, groups)
    return arrange(rng, background(rng, size), drawn, relation)


def arrange(
    rng: np.random.Generator, canvas: Image.Image, drawn: Sequence[Group], relation: str
) -> Scene:
    """Draws one to three groups onto a background, in place, as their caption describes them."""
    owners = np.zeros(canvas.size[::-1], dtype=np.uint8)
    numbered: list[int] = []
    for k, slot in enumerate(slots(canvas.size, len(drawn), relation)):
        for place in places(rng, slot, drawn[k].count, canvas.size):
            numbered.append(k)
            _stamp(rng, canvas, owners, drawn[k], place, len(numbered))
    lookup = np.array([0, *(k + 1 for k in numbered)], dtype=np.uint8)
    objects = [object_of(drawn[k], owners == i + 1) for i, k in enumerate(numbered)]
    return Scene(canvas, tuple(drawn), relation, lookup[owners], objects)


def draw_groups(rng: np.random.Generator, groups: int) -> list[Group]:
    """Draws groups of different nouns, 1 to 3, with their colours and numbers."""
    nouns = rng.choice(NOUNS, groups, replace=False).tolist()
    return [Group(noun, _colour(rng, noun), _count(rng, groups, k)) for k, noun in enumerate(nouns)]


def _colour(rng: np.random.Generator, noun: str) -> str | None:
    return str(rng.choice(tuple(COLOURS))) if noun in PAINTED else None


def _count(rng: np.random.Generator, groups: int, k: int) -> int:
    """Usually one object; at most two in a quarter of the picture, or three in a half."""
    if groups == 3 and k > 0:
        return 1 + int(rng.random() < 0.2)
    return 1 + int(rng.choice(3, p=(0.6, 0.25, 0.15)))


def _stamp(
    rng: np.random.Generator,
    canvas: Image.Image,
    owners: NDArray[np.uint8],
    group: Group,
    place: Place,
    number: int,
) -> None:
    """Draws one object over the others, and marks the pixels that it now covers."""
    side = max(round(place.side), 1)
    picture = sprite(group.noun, group.colour)
    if rng.random() < 0.5:
        picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    picture = picture.rotate(rng.uniform(-14, 14), Image.Resampling.BILINEAR, expand=True)
    picture = picture.resize((side, side), Image.Resampling.BILINEAR)
    left, top = round(place.x - side / 2), round(place.y - side / 2)
    canvas.paste(picture, (left, top), picture)
    solid = np.asarray(picture.getchannel("A")) >= _OPAQUE
    height, width = owners.shape
    rows, columns = slice(max(top, 0), top + side), slice(max(left, 0), left + side)
    part = solid[max(-top, 0) : height - top, max(-left, 0) : width - left]
    owners[rows, columns][part] = number


def object_of(group: Group, mask: NDArray[np.bool_]) -> SceneObject:
    """An object of a group with its visible pixels, at least one."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    box = (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    return SceneObject(group.noun, group.colour, mask, box)
