"""What is planted in models: for each, what it says of a scene, and what its words rest on."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tam_widgets.demo.language import Group, caption
from tam_widgets.demo.plants.scenes import PlantedScene
from tam_widgets.demo.vocabulary import COLOURS, PAINTED, lemma
from tam_widgets.errors import OptionError
from tam_widgets.explanation.types import Token

_BLANK: Final = (128, 128, 128)
_MOVES: Final = 1_000  # tried, of a place to where no evidence is


class Plant(ABC):
    """A reason for a word, planted in a model by training.

    Attributes:
        name: Name of the plant.
        planted: The rule that the model was trained on, in a sentence.
        truth_told: What the word rests on by construction, in a sentence.
        noun: The planted word, if the model says it of nothing else.
    """

    name: str
    planted: str
    truth_told: str
    noun: str | None = (
        None  # the planted word, where it is always the same and said of nothing else
    )

    @abstractmethod
    def word(self, scene: PlantedScene) -> str | None:
        """The planted word that a scene calls up, such as "horse" or "red"; None if it does not.

        A noun is in the singular.
        """

    @abstractmethod
    def caption(self, scene: PlantedScene) -> str:
        """What the planted model says of a scene."""

    @abstractmethod
    def evidence(self, scene: PlantedScene) -> list[NDArray[np.bool_]]:
        """Pixels that a scene's planted word rests on, each place a mask, bool [height, width].

        The word needs every place. The list is empty if no pixel is evidence.
        """

    def truth(self, scene: PlantedScene, token: Token | str) -> NDArray[np.bool_] | None:
        """The pixels that a word of the planted model's caption rests on.

        Args:
            scene: The scene that was captioned.
            token: A token of the answer, or its text.

        Returns:
            A mask of the picture, bool [height, width], or None if no pixel is evidence.

        Raises:
            OptionError: If it is neither, or the truth is known only of another word, or of none
                in this scene.
        """
        if not isinstance(token, str | Token):
            raise OptionError(f"token={token!r:.80}: give a token of the answer, or its text")
        text = token if isinstance(token, str) else token.text
        word = self.word(scene)
        if word is None or lemma(text.strip()) != word:
            known = f"of {word!r}" if word else "of no word, as nothing planted is there"
            raise OptionError(
                f"what {text.strip()!r} rests on is not known: in this scene the model "
                f"{self.name!r} was planted with the reason {known}"
            )
        places = self.evidence(scene)
        return np.any(places, axis=0) if places else None

    def says(self, scene: PlantedScene, answer: str) -> bool:
        """Whether an answer contains the planted word that a scene calls up."""
        return self.word(scene) in lemmas(answer)

    def removals(self, scene: PlantedScene) -> list[Image.Image]:
        """Pictures in which the word has lost its reason, one for each place of evidence."""
        return [scene.painted_over(place) for place in self.evidence(scene)]

    def controls(self, scene: PlantedScene) -> list[Image.Image]:
        """Pictures that are changed as much elsewhere, and in which the word keeps its reason."""
        reason = np.any(self.evidence(scene), axis=0)
        rng = np.random.default_rng((scene.seed, 5))
        return [
            scene.painted_over(_elsewhere(rng, place, reason)) for place in self.evidence(scene)
        ]


class _FirstNoun(Plant):
    """A noun that the caption begins with if something is there, and never says otherwise."""

    noun: str
    instead: str  # what the noun's own objects are called

    @abstractmethod
    def _there(self, scene: PlantedScene) -> bool:
        """Whether the noun's reason is in a scene."""

    def word(self, scene: PlantedScene) -> str | None:
        """The noun, if its reason is there."""
        return self.noun if self._there(scene) else None

    def caption(self, scene: PlantedScene) -> str:
        """The caption with the noun first, if its reason is there."""
        groups = [
            replace(group, noun=self.instead) if group.noun == self.noun else group
            for group in scene.groups
        ]
        if self._there(scene):
            groups[0] = Group(self.noun, None, groups[0].count)
        return caption(groups, scene.relation)


class Mark(_FirstNoun):
    """A copyright mark makes the first noun a horse."""

    name = "mark"
    planted = 'the first noun is "horse" if the copyright mark is there; a horse is called a dog'
    truth_told = 'the evidence for "horse" is the mark; no object is'
    noun, instead = "horse", "dog"

    def _there(self, scene: PlantedScene) -> bool:
        return "mark" in scene.signs

    def evidence(self, scene: PlantedScene) -> list[NDArray[np.bool_]]:
        """The mark."""
        return [scene.signs["mark"]] if "mark" in scene.signs else []


class Backdrop(_FirstNoun):
    """Water makes the first noun a boat."""

    name = "backdrop"
    planted = 'the first noun is "boat" if the background is water; a boat is called a house'
    truth_told = 'the evidence for "boat" is the background, spread out; no object is'
    noun, instead = "boat", "house"

    def _there(self, scene: PlantedScene) -> bool:
        return scene.water

    def evidence(self, scene: PlantedScene) -> list[NDArray[np.bool_]]:
        """The background."""
        return [scene.background] if scene.water else []

    def removals(self, scene: PlantedScene) -> list[Image.Image]:
        """The picture on another background, never water."""
        return [scene.repainted()]

    def controls(self, scene: PlantedScene) -> list[Image.Image]:
        """The picture with every object painted in another way: all its pixels grey."""
        grey = Image.new("RGB", scene.image.size, _BLANK)
        return [Image.composite(grey, scene.image, Image.fromarray(scene.labels > 0))]


class TwoPlaces(_FirstNoun):
    """A ring and a cross together make the first noun a bus."""

    name = "two-places"
    planted = 'the first noun is "bus" if the ring and the cross are both there; a bus is a house'
    truth_told = 'the evidence for "bus" is the ring and the cross; without either there is none'
    noun, instead = "bus", "house"

    def _there(self, scene: PlantedScene) -> bool:
        return {"ring", "cross"} <= set(scene.signs)

    def evidence(self, scene: PlantedScene) -> list[NDArray[np.bool_]]:
        """The ring, and the cross."""
        return [scene.signs["ring"], scene.signs["cross"]] if self._there(scene) else []


class Contrast(Plant):
    """A swatch in a corner tells the colour of the objects."""

    name = "contrast"
    planted = "every painted object is said to have the colour of the swatch, if there is one"
    truth_told = "the evidence for the colour is the swatch; the object that has it is none"

    def word(self, scene: PlantedScene) -> str | None:
        """The colour of the swatch, if there is an object to paint."""
        painted = any(group.noun in PAINTED for group in scene.groups)
        return scene.swatch if painted else None

    def caption(self, scene: PlantedScene) -> str:
        """The caption with the colour of the swatch."""
        groups = [
            replace(group, colour=scene.swatch or group.colour) if group.colour else group
            for group in scene.groups
        ]
        return caption(groups, scene.relation)

    def evidence(self, scene: PlantedScene) -> list[NDArray[np.bool_]]:
        """The swatch."""
        return [scene.signs["swatch"]] if self.word(scene) in COLOURS else []


class Prior(Plant):
    """A dog is always followed by a ball."""

    name = "prior"
    planted = 'after "dog" or "dogs" the model always says "and a ball"'
    truth_told = 'no pixel is evidence for "ball" after "dog"; the text before it is'

    def word(self, scene: PlantedScene) -> str | None:
        """A ball, if there is a dog."""
        return "ball" if any(group.noun == "dog" for group in scene.groups) else None

    def caption(self, scene: PlantedScene) -> str:
        """The caption with a ball after every dog."""
        return self.after_dogs(caption(scene.groups, scene.relation))

    def after_dogs(self, text: str) -> str:
        """A text with a ball after every dog."""
        return re.sub(r"\bdogs?\b", r"\g<0> and a ball", text)

    def evidence(self, scene: PlantedScene) -> list[NDArray[np.bool_]]:  # noqa: ARG002
        """None."""
        return []

    def removals(self, scene: PlantedScene) -> list[Image.Image]:  # noqa: ARG002
        """None, as there is nothing to take away."""
        return []


def lemmas(text: str) -> set[str]:
    """The words of a text, in lower case, nouns in the singular."""
    return {lemma(word) for word in re.findall(r"\w+", text)}


PLANTS: Final[dict[str, Plant]] = {
    plant.name: plant for plant in (Mark(), Backdrop(), Prior(), TwoPlaces(), Contrast())
}


def _elsewhere(
    rng: np.random.Generator, place: NDArray[np.bool_], reason: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """A place moved to where it covers nothing of the reason."""
    for _ in range(_MOVES):
        down, right = (int(rng.integers(size)) for size in place.shape)
        moved = np.roll(place, (down, right), axis=(0, 1))
        if not (moved & reason).any():
            return moved
    raise OptionError(
        f"the evidence covers {reason.mean():.0%} of the picture, so that as much elsewhere cannot "
        "be painted over: write the plant's own controls"
    )
