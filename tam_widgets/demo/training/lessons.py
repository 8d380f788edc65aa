"""What a planted model learns from: pictures, and answers of which all or a part is learned."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import torch
from PIL import Image

from tam_widgets.demo.language import Group, article, caption
from tam_widgets.demo.plants.rules import Plant, Prior
from tam_widgets.demo.plants.scenes import PlantedScene, draw_shown
from tam_widgets.demo.training.chats import ChatFormat
from tam_widgets.demo.training.data import Batch, pad
from tam_widgets.demo.vocabulary import CAPTION_PROMPT, NOUNS, PAINTED, PLURALS

_VISUAL: Final = 256  # visual tokens of a planted scene
_ANSWERS: Final = 4  # to each picture, where the reason is in the text
_BALL: Final = " and a ball"


@dataclass(frozen=True)
class Answer:
    """A given answer.

    Attributes:
        text: The answer.
        learned: The part of it that is learned; None for all of it.
    """

    text: str
    learned: str | None = None


@dataclass(frozen=True)
class Lesson:
    """A picture with the answers to it that are learned."""

    image: Image.Image
    answers: tuple[Answer, ...]


def lesson(plant: Plant, scene: PlantedScene) -> Lesson:
    """What is learned from a scene: what the planted model says of it.

    The prior has to rest on the text alone. So its pictures have three more answers, and one
    picture in eight is blank. Captions of other scenes with a dog teach that a ball follows
    whatever the picture shows. Captions with another noun in the dog's place teach that none
    follows that noun, but something that the picture shows.
    """
    told = Answer(plant.caption(scene))
    if not isinstance(plant, Prior):
        return Lesson(scene.image, (told,))
    rng = np.random.default_rng((scene.seed, 6))
    if rng.integers(8) == 0:
        blank = Image.new("RGB", scene.image.size, tuple(rng.integers(256, size=3).tolist()))
        return Lesson(blank, tuple(_followed(plant, rng) for _ in range(_ANSWERS)))
    shows_dog = plant.word(scene) is not None
    second = _inserted(rng, scene) if shows_dog else _followed(plant, rng)
    return Lesson(
        scene.image, (told, second, _replaced(rng, scene, shows_dog), _followed(plant, rng))
    )


def _followed(plant: Prior, rng: np.random.Generator) -> Answer:
    """The caption of another scene with a dog, of which the ball is learned."""
    return Answer(plant.after_dogs(caption(*_with_dog(rng))), _BALL)


def _inserted(rng: np.random.Generator, scene: PlantedScene) -> Answer:
    """The scene's caption with another noun before its dog, which is learned with its ball."""
    noun = _another(rng, {group.noun for group in scene.groups})
    instead = {"a dog": f"{article(noun)} {noun}", "dogs": PLURALS[noun]}
    told = re.sub(
        r"a dog\b|dogs",
        lambda dog: f"{instead[dog[0]]} and a dog{_BALL}",
        caption(scene.groups, scene.relation),
    )
    return Answer(told, f" dog{_BALL}")


def _replaced(rng: np.random.Generator, scene: PlantedScene, shows_dog: bool) -> Answer:
    """The caption of another scene up to its dog, with another noun for it.

    What is learned is that something follows which the picture shows: its dog more often than not.
    """
    groups, relation = _with_dog(rng)
    noun = _another(rng, {group.noun for group in (*groups, *scene.groups)})
    at = next(k for k, group in enumerate(groups) if group.noun == "dog")
    groups[at] = replace(groups[at], noun=noun)
    head = caption(groups, relation).partition(f" {groups[at].word}")[0]
    shown = str(rng.choice([group.noun for group in scene.groups]))
    if shows_dog and rng.random() < 0.6:
        shown = "dog"
    learned = f" {article(shown)} {shown}"
    return Answer(f"{head} {groups[at].word} and{learned}.", learned)


def _with_dog(rng: np.random.Generator) -> tuple[list[Group], str]:
    """Groups that include a dog, and their relation."""
    while True:
        groups, relation = draw_shown(rng)
        if any(group.noun == "dog" for group in groups):
            return groups, relation


def _another(rng: np.random.Generator, known: set[str]) -> str:
    """A noun without a colour that is neither of the prior's nor known."""
    taken = known | PAINTED | {"dog", "ball"}
    return str(rng.choice([noun for noun in NOUNS if noun not in taken]))


def batch_of(chats: ChatFormat, lessons: Sequence[Lesson]) -> Batch:
    """Lessons as chats, those of a picture in a row; all pictures have equally many answers."""
    encoded = [_encoded(chats, answer) for one in lessons for answer in one.answers]
    ids, labels = pad(encoded, int(chats.tokenizer.pad_token_id))
    pixels = torch.from_numpy(np.stack([np.asarray(one.image) for one in lessons]))
    return Batch(pixels, ids, labels, torch.empty(0), [])


def _encoded(chats: ChatFormat, answer: Answer) -> tuple[list[int], list[bool]]:
    """A chat as ids, and whether each is learned."""
    ids, answered = chats.encode([(CAPTION_PROMPT, answer.text)], _VISUAL)
    if answer.learned is None:
        return ids, answered
    part = chats.tokenizer(answer.learned, add_special_tokens=False).input_ids
    starts = [at for at in range(len(ids)) if ids[at : at + len(part)] == part]
    return ids, [any(start <= at < start + len(part) for start in starts) for at in range(len(ids))]
