"""Scenes in which planted models find their reasons: the plain ones, with signs and with water.

Every planted model sees the same scenes, whatever is planted in it, so that the pictures do not
tell which model they are for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tam_widgets.demo.backgrounds import background
from tam_widgets.demo.language import Group
from tam_widgets.demo.plants.signs import SIDE, sign, water
from tam_widgets.demo.scenes import Scene, arrange, draw_groups, object_of
from tam_widgets.demo.vocabulary import COLOURS, RELATIONS

_SIZE: Final = (224, 224)
_OPAQUE: Final = 128
_APART: Final = ({"dog", "ball"}, {"dog", "horse"}, {"house", "boat"}, {"house", "bus"})
"""Nouns of which a planted model would use the same word for both."""


@dataclass(frozen=True)
class PlantedScene(Scene):
    """A scene with what a planted model may go by.

    Its caption says what is there, as a plain scene's does; what a planted model says of it is
    the plant's `caption`.

    Attributes:
        seed: The seed that it was made from.
        backdrop: The background alone, RGB.
        water: Whether the background is water.
        signs: The pixels of each sign in a corner, bool [height, width]: "mark", "ring", "cross"
            and "swatch".
        swatch: Colour word of the swatch, or None if there is none.
    """

    seed: int
    backdrop: Image.Image
    water: bool
    signs: dict[str, NDArray[np.bool_]]
    swatch: str | None

    @property
    def background(self) -> NDArray[np.bool_]:
        """Pixels that belong to no object and no sign, bool [height, width]."""
        bare: NDArray[np.bool_] = self.labels == 0
        for pixels in self.signs.values():
            bare &= ~pixels
        return bare

    def painted_over(self, pixels: NDArray[np.bool_]) -> Image.Image:
        """The picture with its bare background at some pixels, bool [height, width]."""
        return _mixed(self.image, self.backdrop, pixels)

    def repainted(self) -> Image.Image:
        """The picture with the same objects and signs on another background, never water."""
        plain = background(np.random.default_rng((self.seed, 4)), self.image.size)
        return _mixed(self.image, plain, self.background)


def planted_scene(seed: int = 7) -> PlantedScene:
    """Makes the planted scene for a seed, 224 x 224 pixels.

    Two in five have the mark, two in five a background of water, one in three both the ring and
    the cross, two in five one of these, one in two a swatch of a colour that no object has. One
    in three shows a dog.

    Args:
        seed: Not negative; seeds to 99 999 are held out from training.

    Raises:
        ValueError: The seed is negative, or no whole number.
    """
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise ValueError(f"seed is {seed!r:.80}; give a whole number from 0")
    groups, relation = draw_shown(np.random.default_rng((seed, 0)))
    rng = np.random.default_rng((seed, 1))
    wet = bool(rng.random() < 0.4)
    backdrop = water(rng, _SIZE) if wet else background(rng, _SIZE)
    plain = arrange(np.random.default_rng((seed, 2)), backdrop.copy(), groups, relation)
    return _signed(np.random.default_rng((seed, 3)), plain, seed, backdrop, wet)


def draw_shown(rng: np.random.Generator) -> tuple[list[Group], str]:
    """Draws what a planted scene shows: one to three groups, and the relation between them."""
    relation = RELATIONS[rng.integers(len(RELATIONS))]
    count = int(rng.choice(3, p=(0.2, 0.45, 0.35))) + 1
    dog = rng.random() < 0.35
    place = int(rng.integers(count))
    while True:
        groups = draw_groups(rng, count)
        if dog:
            groups[place] = replace(groups[place], noun="dog", colour=None)
        nouns = [group.noun for group in groups]
        if len(set(nouns)) == count and not any(pair <= set(nouns) for pair in _APART):
            return groups, relation


def _signed(
    rng: np.random.Generator, plain: Scene, seed: int, backdrop: Image.Image, wet: bool
) -> PlantedScene:
    """Draws signs into the corners of a scene, in place, and takes their pixels from objects."""
    swatch = _swatch(rng, plain.groups) if rng.random() < 0.5 else None
    drawn = {"mark": rng.random() < 0.4, "swatch": swatch is not None}
    drawn["ring"], drawn["cross"] = _pair(rng)
    corners = rng.permutation(4)
    signs = {
        name: _stamp(rng, plain.image, sign((name == "swatch" and swatch) or name), corner)
        for (name, there), corner in zip(drawn.items(), corners, strict=True)
        if there
    }
    hidden = np.any([np.zeros_like(plain.labels, bool), *signs.values()], axis=0)
    objects = [
        object_of(Group(one.noun, one.colour, 1), one.mask & ~hidden)
        for one in plain.objects
        if (one.mask & ~hidden).any()
    ]
    labels = np.where(hidden, 0, plain.labels).astype(np.uint8)
    return PlantedScene(
        plain.image,
        plain.groups,
        plain.relation,
        labels,
        objects,
        seed,
        backdrop,
        wet,
        signs,
        swatch,
    )


def _swatch(rng: np.random.Generator, groups: Sequence[Group]) -> str:
    """A colour that none of the groups has."""
    own = {group.colour for group in groups}
    return str(rng.choice([colour for colour in COLOURS if colour not in own]))


def _pair(rng: np.random.Generator) -> tuple[bool, bool]:
    """Whether the ring and the cross are there."""
    both, ring, cross, _ = rng.multinomial(1, (0.35, 0.2, 0.2, 0.25)).astype(bool)
    return bool(both or ring), bool(both or cross)


def _stamp(
    rng: np.random.Generator, canvas: Image.Image, picture: Image.Image, corner: int
) -> NDArray[np.bool_]:
    """Draws a sign into a corner, 0 to 3, and returns its pixels."""
    left, top = rng.integers(3, 17, 2).tolist()
    if corner % 2:
        left = canvas.width - SIDE - left
    if corner // 2:
        top = canvas.height - SIDE - top
    canvas.paste(picture, (left, top), picture)
    pixels = np.zeros(canvas.size[::-1], dtype=bool)
    pixels[top : top + SIDE, left : left + SIDE] = np.asarray(picture.getchannel("A")) >= _OPAQUE
    return pixels


def _mixed(image: Image.Image, other: Image.Image, pixels: NDArray[np.bool_]) -> Image.Image:
    """The first picture with some pixels of the other."""
    return Image.composite(other, image, Image.fromarray(pixels))
