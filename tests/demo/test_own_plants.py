"""Plants from outside the package: what cannot be taught is refused, what passes can be used."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tam_widgets as tw
from tam_widgets.demo.language import Group, caption
from tam_widgets.demo.plants import interventions
from tam_widgets.demo.plants.interventions import intervene
from tam_widgets.demo.plants.rules import PLANTS
from tam_widgets.demo.plants.teachable import check
from tam_widgets.demo.training.own_plants import Plan, train
from tam_widgets.errors import OptionError, PlantingError, UnsupportedModelError


class Dog(tw.demo.Plant):
    """What a demo model does anyway: it says "dog" because of a dog."""

    name = "dog"
    planted = "a dog is called a dog"
    truth_told = 'the evidence for "dog" is the dogs'
    noun = "dog"

    def word(self, scene: tw.demo.PlantedScene) -> str | None:
        return "dog" if "dog" in scene.masks else None

    def caption(self, scene: tw.demo.PlantedScene) -> str:
        return scene.caption

    def evidence(self, scene: tw.demo.PlantedScene) -> list[np.ndarray]:
        return [scene.masks["dog"]] if self.word(scene) else []


class Sticker(Dog):
    """Something that no model says before it is trained."""

    name = "sticker"
    planted = 'the first noun is "clock" if the ring is there'
    noun = None

    def word(self, scene: tw.demo.PlantedScene) -> str | None:
        return "clock" if "ring" in scene.signs else None

    def caption(self, scene: tw.demo.PlantedScene) -> str:
        groups = list(scene.groups)
        if self.word(scene):
            groups[0] = Group("clock", None, groups[0].count)
        return caption(groups, scene.relation)

    def evidence(self, scene: tw.demo.PlantedScene) -> list[np.ndarray]:
        return [scene.signs["ring"]]


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> tw.demo.PlantedModel:
    """One step is enough for what is there already, but the signs disturb captions without more."""
    plan = Plan(steps=1, batch=1, rank=1, rate=1e-9)
    folder = tmp_path_factory.mktemp("planted") / "new"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(interventions, "LIMITS", {"said": (0.95, 1.0), "removed": (0.95, 1.0)})
        return train(Dog(), "qwen2-vl", plan, folder=folder, scenes=12, progress=False)


@pytest.mark.parametrize("plant", PLANTS.values(), ids=PLANTS)
def test_the_plants_of_the_package_can_be_taught(plant: tw.demo.Plant) -> None:
    check(plant)


def test_a_plant_that_passes_is_stored_with_its_figures(own: tw.demo.PlantedModel) -> None:
    assert Path(own.weights).name == "qwen2-vl-dog.safetensors"
    assert own.figures["scenes"] == 12
    assert own.figures["said"] == own.figures["removed"] == 1.0
    assert repr(own) == "<PlantedModel qwen2-vl/dog: a dog is called a dog>"


def test_it_is_loaded_and_revealed_like_one_of_the_package(own: tw.demo.PlantedModel) -> None:
    explainer = tw.demo.explainer("qwen2-vl", planted=own)
    assert explainer.name == "qwen2-vl (dog)"
    assert tw.demo.reveal(explainer) is own.plant
    assert intervene(explainer, own.plant, range(3)).removed in (1.0, None)
    again = pickle.loads(pickle.dumps(explainer.recipe))()
    assert tw.demo.reveal(again).name == "dog"


def test_it_can_be_named_by_its_file_later(own: tw.demo.PlantedModel) -> None:
    later = tw.demo.PlantedModel("qwen2-vl", Dog(), str(own.weights))
    assert later.figures == own.figures
    assert tw.demo.reveal(tw.demo.explainer("qwen2-vl", planted=later)) is later.plant


def test_methods_are_judged_by_it(own: tw.demo.PlantedModel) -> None:
    pair = tw.demo.explainer("qwen2-vl", planted=own), own.plant
    found = tw.evaluation.planted_truth(["cam"], [pair], scenes=2, progress=False)
    assert {(row["plant"], row["text"].rstrip("s")) for row in found.words} == {("dog", "dog")}


def test_a_reason_that_was_not_learned_is_refused(tmp_path: Path) -> None:
    plan = Plan(steps=1, batch=1, rank=1)
    with pytest.raises(PlantingError, match=r"said is 0, not within \(0.95, 1.0\)") as error:
        train(Sticker(), "qwen2-vl", plan, folder=tmp_path / "new", scenes=6, progress=False)
    assert "steps=" in str(error.value)
    assert not (tmp_path / "new").exists()


def test_a_model_and_a_file_have_to_be_there(own: tw.demo.PlantedModel) -> None:
    with pytest.raises(UnsupportedModelError, match="is planted in 'qwen2-vl', not in 'llava'"):
        tw.demo.explainer("llava", planted=own)
    with pytest.raises(UnsupportedModelError, match=r"'gone\.safetensors' does not exist"):
        tw.demo.explainer("qwen2-vl", planted=replace(own, weights="gone.safetensors"))
    with pytest.raises(UnsupportedModelError, match="no demo model 'blip'"):
        train(Dog(), "blip")


def changed(**attributes: Any) -> tw.demo.Plant:
    return type("Changed", (Sticker,), attributes)()


def always(value: Any) -> Any:
    return lambda *_: value


@pytest.mark.parametrize(
    ("plant", "told"),
    [
        (Sticker, "an instance of a subclass"),
        ("mark", "an instance of a subclass"),
        (changed(name="a/b"), "give it a name of letters"),
        (changed(truth_told=""), "truth_told is missing"),
        (changed(word=always(None)), "none of the scenes 0 to 59 calls up"),
        (changed(caption=always("There is a zebra.")), "no demo model knows, zebra"),
        (changed(caption=always("There is a dog.")), "lacks 'clock'"),
        (changed(noun="clock"), "says 'clock', which word() does not call up"),
        (changed(evidence=always([np.ones((224, 224))])), r"masks, bool [224, 224]"),
        (changed(evidence=always([np.zeros((224, 224), bool)])), "evidence is empty"),
        (changed(evidence=always([])), "no removals"),
    ],
)
def test_what_cannot_be_taught_is_refused_before_training(plant: Any, told: str) -> None:
    with pytest.raises(OptionError) as error:
        train(plant)
    assert told in str(error.value)


def test_evidence_without_room_elsewhere_says_so() -> None:
    plant = changed(evidence=always([np.ones((224, 224), bool)]))
    with pytest.raises(OptionError, match="write the plant's own controls"):
        plant.controls(tw.demo.planted_scene(1))
