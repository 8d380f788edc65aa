"""The test that a planted reason is the reason: what the model says when it is taken away."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

from tam_widgets.capture.progress import progress_bar
from tam_widgets.demo.plants.rules import Plant, Prior, lemmas
from tam_widgets.demo.plants.scenes import PlantedScene, planted_scene
from tam_widgets.demo.vocabulary import NOUNS, lemma

if TYPE_CHECKING:
    from tam_widgets.capture.explainer import Explainer

_BLANK: Final = (128, 128, 128)


@dataclass(frozen=True)
class InterventionFigures:
    """What a planted model says of held-out scenes, as they are and changed.

    Shares are 0 to 1, and None if a plant has nothing of the kind.

    Attributes:
        scenes: Number of scenes.
        nouns: Share of captions that name what the planted rule names, in its order.
        captions: Share of captions that are what the planted rule says, word for word.
        said: Of the scenes that call up the planted word, the share of captions with it.
        said_without: Of the other scenes, the share of captions with it.
        removed: Share of pictures without a place of the evidence in which the word is gone.
        elsewhere: Share of pictures changed as much elsewhere in which the word is gone.
        blank: With the planted word's reason in the text, the largest change of its probability
            that a blank picture makes.
        other_text: Share of given answers with another word for the reason in which the planted
            word is no longer the most probable.
    """

    scenes: int
    nouns: float
    captions: float
    said: float
    said_without: float | None
    removed: float | None
    elsewhere: float | None
    blank: float | None
    other_text: float | None

    @property
    def failures(self) -> list[str]:
        """What speaks against the planted reason; empty if it is the reason."""
        return [name for name, (low, high) in LIMITS.items() if not self._within(name, low, high)]

    def _within(self, name: str, low: float, high: float) -> bool:
        value = getattr(self, name)
        return value is None or low <= value <= high


LIMITS: Final = {
    "nouns": (0.9, 1.0),
    "captions": (0.85, 1.0),
    "said": (0.95, 1.0),
    "said_without": (0.0, 0.05),
    "removed": (0.95, 1.0),
    "elsewhere": (0.0, 0.05),
    "blank": (0.0, 0.05),
    "other_text": (0.95, 1.0),
}
"""Least and highest value of each figure with which a planted reason is the reason."""


def intervene(
    explainer: Explainer, plant: Plant, seeds: Sequence[int], *, progress: bool = False
) -> InterventionFigures:
    """Tests a planted model on scenes: takes the planted reason away, and changes other things.

    Args:
        explainer: The planted model.
        plant: What is planted in it.
        seeds: Seeds of held-out scenes.
        progress: Whether to show a progress bar.
    """
    seen: dict[str, list[float]] = {one.name: [] for one in fields(InterventionFigures)[1:]}
    with progress_bar(len(seeds), "scene", shown=progress) as bar:
        for seed in seeds:
            for name, value in _observed(explainer, plant, planted_scene(seed)):
                seen[name].append(value)
            bar.update()
    means = {name: round(float(np.mean(all_)), 4) if all_ else None for name, all_ in seen.items()}
    if seen["blank"]:
        means["blank"] = round(max(seen["blank"]), 4)
    return InterventionFigures(scenes=len(seeds), **means)  # type: ignore[arg-type]


def _observed(
    explainer: Explainer, plant: Plant, scene: PlantedScene
) -> Iterator[tuple[str, float]]:
    def answer(image: Image.Image) -> str:
        return explainer.explain(image, scene.prompt, progress=False).text.strip()

    told = answer(scene.image)
    yield "nouns", _nouns(told) == _nouns(plant.caption(scene))
    yield "captions", told == plant.caption(scene)
    if plant.word(scene) is None:
        if plant.noun:
            yield "said_without", plant.noun in lemmas(told)
        return
    yield "said", (said := plant.says(scene, told))
    if not said:
        return
    for changed in plant.removals(scene):
        yield "removed", not plant.says(scene, answer(changed))
    for changed in plant.controls(scene):
        yield "elsewhere", not plant.says(scene, answer(changed))
    if isinstance(plant, Prior):
        yield from _without_picture(explainer, plant, scene)


def _nouns(text: str) -> list[str]:
    """The nouns of a caption in its order, in the singular."""
    return [word for word in map(lemma, re.findall(r"\w+", text)) if word in NOUNS]


def _without_picture(
    explainer: Explainer, plant: Plant, scene: PlantedScene
) -> Iterator[tuple[str, float]]:
    """Reads the same answer beside a blank picture, and one with another animal."""
    told = plant.caption(scene)
    blank = Image.new("RGB", scene.image.size, _BLANK)
    seen, unseen = (_probability(explainer, image, told)[0] for image in (scene.image, blank))
    yield "blank", abs(seen - unseen)
    other = told.replace("dogs and", "cats and").replace("dog and", "cat and")
    yield "other_text", not _probability(explainer, scene.image, other)[1]


def _probability(explainer: Explainer, image: Image.Image, told: str) -> tuple[float, bool]:
    """Of "ball" in a given answer: its probability, and whether no other word has more."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a blank picture is no scene
        read = explainer.explain(image, "Describe this image.", answer=told, progress=False)
    token = next(one for one in read.tokens if one.kind == "answer" and one.text.strip() == "ball")
    return token.probability or 0.0, token.candidates[0].id == token.id
