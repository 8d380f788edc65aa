"""What the demo models were trained on: whether a picture or a question is of that kind.

A scene's background fades from one pale colour to another, with a texture that is the same in all
three channels. So in the background the differences of channels are linear in the position, which
they hardly ever are in a photograph.
"""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tam_widgets.demo.language import Group, questions
from tam_widgets.demo.vocabulary import CAPTION_PROMPTS, NOUNS, PAINTED, RELATIONS

_SIDE: Final = 56
_BACKGROUND: Final = 0.12
"""Share of the pixels; of 200 scenes at least .26, of 17 photographs at most .09."""
_TOLERANCE: Final = 2.0  # levels of 255
_ATTEMPTS: Final = 200
_SMALLEST_VALUE: Final = 0.7 * 255
_SATURATION: Final = (0.03, 0.4)


def is_scene(picture: Image.Image) -> bool:
    """Whether a picture has the background of a scene, also when resized or saved as a JPEG.

    Planes through three random pale pixels are tried until one holds for enough of the others.
    """
    small = picture.convert("RGB").resize((_SIDE, _SIDE), Image.Resampling.NEAREST)
    pixels = np.asarray(small, np.float64).reshape(-1, 3)
    y, x = np.divmod(np.arange(len(pixels)), _SIDE)
    places = np.stack([x / _SIDE, y / _SIDE, np.ones(len(pixels))], axis=1)
    pale = _pale(pixels)
    places, differences = places[pale], -np.diff(pixels[pale], axis=1)
    enough = _BACKGROUND * len(pixels)
    if len(places) < enough:
        return False
    rng = np.random.default_rng(0)
    for _ in range(_ATTEMPTS):
        chosen = rng.choice(len(places), 3, replace=False)
        plane = np.linalg.pinv(places[chosen]) @ differences[chosen]
        near = np.abs(places @ plane - differences).max(axis=1) <= _TOLERANCE
        if near.sum() >= enough:
            return True
    return False


def _pale(pixels: NDArray[np.float64]) -> NDArray[np.bool_]:
    value, spread = pixels.max(axis=1), np.ptp(pixels, axis=1)
    least, most = (limit * value for limit in _SATURATION)
    pale: NDArray[np.bool_] = (value >= _SMALLEST_VALUE) & (spread >= least) & (spread <= most)
    return pale


def is_question(text: str) -> bool:
    """Whether the demo models were trained on a question or a prompt."""
    return text.strip() in _questions()


def is_caption_prompt(text: str) -> bool:
    """Whether the demo models were trained to answer a prompt with a caption."""
    return text.strip() in CAPTION_PROMPTS


@cache
def _questions() -> frozenset[str]:
    known = set(CAPTION_PROMPTS)
    for noun, count, relation in product(NOUNS, (1, 2), RELATIONS):
        group = Group(noun, "red" if noun in PAINTED else None, count)
        known.update(asked for asked, _ in questions([group, group], relation))
    return frozenset(known | {asked.replace("colour", "color") for asked in known})
