"""Whether a plant can be taught to a demo model and tested, before minutes are spent on it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from tam_widgets.demo.plants.rules import Plant, Prior, lemmas
from tam_widgets.demo.plants.scenes import PlantedScene, planted_scene
from tam_widgets.demo.vocabulary import INNER_WORDS
from tam_widgets.errors import OptionError

_SCENES: Final = 60
_WORDS: Final = {word.lower() for word in INNER_WORDS}


def check(plant: Plant) -> None:
    """Refuses a plant that cannot be taught or tested.

    Raises:
        OptionError: If a sentence or the name is missing, no scene calls up the word, a caption
            has a word that the demo models do not know or lacks the planted one, or the evidence
            is no mask.
    """
    if not isinstance(plant, Plant):
        raise OptionError(f"plant={plant!r:.80}: give an instance of a subclass of tw.demo.Plant")
    scenes = [planted_scene(seed) for seed in range(_SCENES)]
    wrong = next(_wrong(plant, scenes), None)
    if wrong is not None:
        raise OptionError(f"plant {getattr(plant, 'name', plant)!r:.80} cannot be taught: {wrong}")


def _wrong(plant: Plant, scenes: Sequence[PlantedScene]) -> Iterator[str]:
    if not re.fullmatch(r"[\w-]+", str(getattr(plant, "name", ""))):
        yield "give it a name of letters, digits, - and _, which is used for its files"
    for sentence in ("planted", "truth_told"):
        if not getattr(plant, sentence, ""):
            yield f"{sentence} is missing; give a sentence"
    if all(plant.word(scene) is None for scene in scenes):
        yield f"none of the scenes 0 to {_SCENES - 1} calls up its word"
    for scene in scenes:
        yield from (f"{one}, in scene {scene.seed}" for one in _wrong_in(plant, scene))


def _wrong_in(plant: Plant, scene: PlantedScene) -> Iterator[str]:
    told, word = plant.caption(scene), plant.word(scene)
    unknown = sorted(set(re.findall(r"\w+", told.lower())) - _WORDS)
    if unknown:
        yield f"its caption has words that no demo model knows, {', '.join(unknown)}"
    if word is None:
        if plant.noun in lemmas(told):
            yield f"its caption says {plant.noun!r}, which word() does not call up"
        return
    if not plant.says(scene, told):
        yield f"its caption lacks {word!r}, which word() calls up"
    shape = scene.labels.shape
    for place in plant.evidence(scene):
        if not isinstance(place, np.ndarray) or place.dtype != bool or place.shape != shape:
            yield f"its evidence has to be masks, bool {list(shape)}"
        elif not place.any():
            yield "a place of its evidence is empty"
    if not plant.removals(scene) and not isinstance(plant, Prior):
        yield "it has no removals, so that its reason cannot be tested"
