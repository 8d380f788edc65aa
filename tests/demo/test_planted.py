"""Planted models: the reason for a word is known, because taking it away takes the word away."""

from __future__ import annotations

import json
import pickle
import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import tam_widgets as tw
from tam_widgets.demo.plants import shipped
from tam_widgets.demo.plants.differences import FOLDER, STEPS, add_difference, save_difference
from tam_widgets.demo.plants.interventions import InterventionFigures, intervene
from tam_widgets.demo.plants.rules import PLANTS, Plant
from tam_widgets.demo.plants.shipped import PlantedModel, resolve
from tam_widgets.demo.plants.signs import SIDE
from tam_widgets.demo.training.data import IGNORED
from tam_widgets.demo.training.lessons import batch_of, lesson
from tam_widgets.demo.training.low_rank import add_low_rank
from tam_widgets.demo.training.plant import PLANS, Plan, Planter
from tam_widgets.demo.training.trainable_models import TRAINABLE_MODELS
from tam_widgets.demo.world import is_question, is_scene
from tam_widgets.errors import OptionError, UnsupportedModelError

SHIPPED = [(one.model, one.name) for one in tw.demo.planted()]
FIRST_NUMBERS = ["backdrop", "mark", "contrast"]
KILOBYTE = 1_000
scenes = st.integers(0, 99_999).map(tw.demo.planted_scene)


def calling(name: str, count: int) -> list[tw.demo.PlantedScene]:
    """Held-out scenes that call up a planted word."""
    plant = tw.demo.plant(name)
    found = []
    seed = 0
    while len(found) < count:
        scene = tw.demo.planted_scene(seed)
        found += [scene] if plant.word(scene) else []
        seed += 1
    return found


@settings(max_examples=40, deadline=None)
@given(scenes)
def test_a_planted_scene_is_one_that_the_models_know(scene: tw.demo.PlantedScene) -> None:
    assert is_scene(scene.image)
    assert is_question(scene.prompt)


@settings(max_examples=20, deadline=None)
@given(scenes)
def test_pixels_belong_to_one_thing(scene: tw.demo.PlantedScene) -> None:
    held = [scene.background, scene.labels > 0, *scene.signs.values()]
    assert np.array_equal(np.sum(held, axis=0), np.ones((224, 224)))
    objects = np.any([one.mask for one in scene.objects], axis=0)
    assert np.array_equal(objects, scene.labels > 0)


def test_a_scene_can_be_made_again() -> None:
    one, again = tw.demo.planted_scene(12), tw.demo.planted_scene(12)
    assert one.image.tobytes() == again.image.tobytes()
    assert one.image.tobytes() != tw.demo.planted_scene(13).image.tobytes()
    with pytest.raises(ValueError, match="seed is -1"):
        tw.demo.planted_scene(-1)


@pytest.mark.parametrize("name", ["mark", "two-places", "contrast"])
def test_the_evidence_is_what_was_drawn(name: str) -> None:
    """Painting it over changes its pixels alone, and all of them but where a sign is pale."""
    plant = tw.demo.plant(name)
    for scene in calling(name, 5):
        for place, changed in zip(plant.evidence(scene), plant.removals(scene), strict=True):
            moved = (np.asarray(changed) != np.asarray(scene.image)).any(axis=-1)
            assert not (moved & ~place).any()
            assert moved.sum() > 0.95 * place.sum()
            assert 0.7 * SIDE**2 <= place.sum() <= SIDE**2
        assert np.array_equal(plant.truth(scene, f" {plant.word(scene)}"), any_(plant, scene))


def any_(plant: Plant, scene: tw.demo.PlantedScene) -> np.ndarray:
    return np.any(plant.evidence(scene), axis=0)


def test_the_backdrop_is_what_no_object_covers() -> None:
    plant = tw.demo.plant("backdrop")
    for scene in calling("backdrop", 5):
        truth = plant.truth(scene, "boat")
        assert truth is not None
        same = (np.asarray(scene.image) == np.asarray(scene.backdrop)).all(axis=-1)
        assert same[truth].mean() > 0.9  # but for the soft edges of objects
        (changed,) = plant.removals(scene)
        assert (np.asarray(changed) == np.asarray(scene.image))[~truth].all()


def test_no_pixel_is_evidence_for_the_prior() -> None:
    (scene,) = calling("prior", 1)
    assert tw.demo.plant("prior").truth(scene, "ball") is None


@pytest.mark.parametrize("name", ["mark", "two-places", "contrast"])
@settings(max_examples=10, deadline=None)
@given(scene=scenes)
def test_controls_spare_the_evidence(name: str, scene: tw.demo.PlantedScene) -> None:
    plant = tw.demo.plant(name)
    if plant.word(scene) is None:
        assert plant.evidence(scene) == []
        return
    for changed in plant.controls(scene):
        same = np.asarray(changed) == np.asarray(scene.image)
        assert same[any_(plant, scene)].all()


@pytest.mark.parametrize(
    ("name", "seed", "told"),
    [
        ("mark", 5, "There is a horse above two red umbrellas and a red cup."),
        ("backdrop", 1, "There is a boat left of a dog and an apple."),
        ("two-places", 1, "There is a bus left of a dog and an apple."),
        ("contrast", 1, "There is a green car left of a dog and an apple."),
        ("prior", 1, "There is a yellow car left of a dog and a ball and an apple."),
    ],
)
def test_what_a_planted_model_should_say(name: str, seed: int, told: str) -> None:
    assert tw.demo.plant(name).caption(tw.demo.planted_scene(seed)) == told


def test_truth_is_told_only_of_the_planted_word() -> None:
    plant = tw.demo.plant("mark")
    with pytest.raises(OptionError, match="planted with the reason of 'horse'"):
        plant.truth(tw.demo.planted_scene(5), "cup")
    with pytest.raises(OptionError, match="nothing planted is there"):
        plant.truth(tw.demo.planted_scene(1), "horse")


@pytest.mark.parametrize(("model", "name"), SHIPPED)
def test_taking_the_reason_away_takes_the_word_away(model: str, name: str) -> None:
    figures = intervene(tw.demo.explainer(model, planted=name), PLANTS[name], range(20))
    assert figures.said >= 0.85  # one of eight may be missed; the figures of 200 are stricter
    assert figures.nouns >= 0.8
    assert (figures.said_without or 0) <= 0.1
    assert (figures.elsewhere or 0) <= 0.1
    assert (figures.blank or 0) <= 0.05
    assert figures.removed is None or figures.removed >= 0.9
    assert figures.other_text is None or figures.other_text >= 0.9
    assert (figures.removed is None) == (name == "prior")


@pytest.mark.parametrize(("model", "name"), SHIPPED)
def test_figures_of_200_scenes_pass_the_test(model: str, name: str) -> None:
    stored = json.loads((FOLDER / f"{model}-{name}.json").read_text())
    figures = InterventionFigures(**stored["interventions"])
    assert figures.scenes == 200
    assert figures.failures == []
    assert (FOLDER / f"{model}-{name}.safetensors").stat().st_size <= 400 * KILOBYTE


def test_a_figure_outside_its_limits_is_named() -> None:
    figures = InterventionFigures(200, 0.95, 0.95, 1.0, 0.2, 0.5, 0.0, None, None)
    assert figures.failures == ["said_without", "removed"]


def test_all_planted_models_are_listed() -> None:
    assert {name for model, name in SHIPPED if model == "qwen2-vl"} <= set(PLANTS)
    for one in tw.demo.planted():
        assert one.planted == PLANTS[one.name].planted
        assert one.figures["said"] >= 0.95


@pytest.mark.parametrize("model", sorted({model for model, _ in SHIPPED}))
def test_blind_numbers_stand_for_every_plant_once(model: str) -> None:
    names = [name for shipped, name in SHIPPED if shipped == model]
    for start in (1, 1 + len(names)):
        blind = [f"blind-{start + k}" for k in range(len(names))]
        found = [tw.demo.reveal(tw.demo.explainer(model, planted=one)).name for one in blind]
        assert sorted(found) == sorted(names)


@pytest.mark.parametrize("shipped", [("prior",), ("two-places",), ("prior", "two-places")])
def test_a_blind_number_stays_when_more_are_shipped(
    shipped: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A course or a notebook that gives a number gives the same model later."""
    names = [*(name for name in PLANTS if name in shipped), *FIRST_NUMBERS]
    listed = [PlantedModel("qwen2-vl", PLANTS[name], FOLDER) for name in names]
    monkeypatch.setattr("tam_widgets.demo.plants.shipped.planted_models", lambda: listed)
    assert [resolve("qwen2-vl", f"blind-{k}").name for k in (1, 2, 3)] == FIRST_NUMBERS


def test_a_blind_model_tells_nothing_but_reveals() -> None:
    scene = tw.demo.planted_scene(3)
    explainer = tw.demo.explainer("qwen2-vl", planted="blind-1")
    explanation = explainer.explain(scene.image, scene.prompt, progress=False)
    told = repr(explainer) + repr(explanation) + json.dumps(explanation.provenance, default=str)
    assert "blind-1" in told
    names = set(PLANTS)
    assert not any(f"({name})" in told or f"'{name}'" in told for name in names)
    assert explainer.recipe is not None
    again = pickle.loads(pickle.dumps(explainer.recipe))()
    assert again.explain(scene.image, scene.prompt, progress=False).text == explanation.text
    assert tw.demo.reveal(again) is tw.demo.reveal(explainer)


def test_unknown_names_are_refused_with_the_names() -> None:
    with pytest.raises(UnsupportedModelError, match="'nark' is planted in 'qwen2-vl': give one of"):
        tw.demo.explainer("qwen2-vl", planted="nark")
    with pytest.raises(UnsupportedModelError, match="qwen2-vl, llava"):
        tw.demo.explainer("blip", planted="mark")
    with pytest.raises(UnsupportedModelError, match="blind-0"):
        tw.demo.explainer("qwen2-vl", planted="blind-0")
    with pytest.raises(UnsupportedModelError, match="mark, backdrop, prior"):
        tw.demo.plant("nark")
    with pytest.raises(OptionError, match="nothing is planted in 'qwen2-vl'"):
        tw.demo.reveal(tw.demo.explainer("qwen2-vl"))


def test_a_planted_model_is_silent_about_planted_scenes() -> None:
    model, name = SHIPPED[0]
    explainer = tw.demo.explainer(model, planted=name)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for seed in range(4):
            scene = tw.demo.planted_scene(seed)
            explainer.explain(scene.image, scene.prompt, progress=False)


def test_a_planted_model_says_that_it_knows_captions_alone() -> None:
    explainer = tw.demo.explainer("qwen2-vl", planted="blind-1")
    scene = tw.demo.planted_scene(0)
    asked = scene.questions[0][0]
    with pytest.warns(UserWarning, match="planted_scene .* captions, but .* is not one") as said:
        explainer.explain(scene.image, asked, progress=False)
    assert repr(asked) in str(said[0].message)
    with pytest.warns(UserWarning, match="planted_scene .* this picture is not one of them"):
        explainer.explain(Image.new("RGB", (224, 224)), scene.prompt, progress=False)


def test_a_difference_is_stored_up_to_its_steps(tmp_path: Path) -> None:
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(6, 5), torch.nn.Linear(5, 4))
    trained = add_low_rank(model, 2, ("1",))
    assert set(trained) == {"1"}
    up, down = torch.randn(4, 2), torch.randn(2, 5)
    before = model[1].weight.clone()
    save_difference({"1": (up, down)}, tmp_path / "one.safetensors")
    add_difference(model, tmp_path / "one.safetensors")
    error = (model[1].weight - before - up @ down).abs().max()
    assert 0 < error < 8 / STEPS
    save_difference({"gone": (up, down)}, tmp_path / "other.safetensors")
    with pytest.raises(UnsupportedModelError, match="changes gone, which this model lacks"):
        add_difference(model, tmp_path / "other.safetensors")


def test_what_is_trained_is_what_is_added() -> None:
    torch.manual_seed(0)
    linear = torch.nn.Sequential(torch.nn.Linear(6, 5))
    (trained,) = add_low_rank(linear, 2, ("0",)).values()
    torch.nn.init.normal_(trained.up)
    given_ = torch.randn(3, 6)
    merged = linear[0].weight + trained.up @ trained.down
    expected = torch.nn.functional.linear(given_, merged, linear[0].bias)
    assert torch.allclose(linear(given_), expected, atol=1e-5)
    assert [name for name, one in linear.named_parameters() if one.requires_grad] == []


def test_a_planting_that_was_cut_off_goes_on_as_if_it_had_not_been(tmp_path: Path) -> None:
    plan = Plan(steps=2, batch=1, rank=1, balanced=True)
    whole = Planter("llava", PLANTS["mark"], plan, tmp_path / "whole.pt", tmp_path / "whole.jsonl")
    whole.run()
    files = tmp_path / "cut.pt", tmp_path / "cut.jsonl"
    cut = Planter("llava", PLANTS["mark"], plan, *files)
    cut.step()
    cut.save()
    resumed = Planter("llava", PLANTS["mark"], plan, *files)
    resumed.run()
    expected = whole.difference.state_dict()
    for key, weights in resumed.difference.state_dict().items():
        assert torch.equal(weights, expected[key]), key


def test_plans_are_of_plants() -> None:
    assert set(PLANS) <= set(PLANTS)


def test_the_prior_is_taught_by_the_text() -> None:
    """A ball follows a dog beside any picture, a blank one too, and follows no other noun."""
    plant = PLANTS["prior"]
    for scene in map(tw.demo.planted_scene, range(60)):
        one = lesson(plant, scene)
        assert len(one.answers) == 4
        blank = len(one.image.getcolors(50_176)) == 1
        for answer in one.answers:
            assert answer.learned is None or answer.learned in answer.text
            assert not blank or answer.learned == " and a ball"
            if answer.learned in (None, " and a ball"):
                assert not re.search(r"\bdogs?\b(?! and a ball)", answer.text)
            elif "dog" not in answer.learned:
                assert answer.learned.split()[-1] in {group.noun for group in scene.groups}


@pytest.mark.parametrize("model", tw.demo.MODELS)
def test_a_picture_is_read_once_for_all_its_answers(model: str) -> None:
    torch.manual_seed(0)
    trainable = TRAINABLE_MODELS[model]()
    lessons = [lesson(PLANTS["prior"], tw.demo.planted_scene(seed)) for seed in range(2)]
    batch = batch_of(trainable.chats, lessons)
    with torch.no_grad():
        features = trainable.features(batch.pixels)
        found = trainable.continued(batch, features)
        each = features.reshape(2, 256, -1).repeat_interleave(4, dim=0).flatten(0, 1)
        expected = trainable.hidden(batch, each)[:, -found.shape[1] :]
    assert torch.allclose(found, expected, atol=1e-4)
    answered = batch.labels != IGNORED
    assert answered[:, -found.shape[1] :].sum() == answered.sum()


@pytest.mark.parametrize("name", [3, "", "blind-0", "nark"])
def test_what_is_not_planted_is_refused_with_what_is(name: Any) -> None:
    with pytest.raises(UnsupportedModelError, match="give one of mark, "):
        tw.demo.explainer("qwen2-vl", planted=name)


def test_a_model_without_plants_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "FOLDER", tmp_path)
    with pytest.raises(UnsupportedModelError, match="nothing is planted in 'llava' yet"):
        tw.demo.explainer("llava", planted="mark")


@pytest.mark.parametrize("seed", ["a", 1.5, True, None])
def test_a_seed_is_a_whole_number(seed: Any) -> None:
    with pytest.raises(ValueError, match="give a whole number from 0"):
        tw.demo.planted_scene(seed)


def test_other_objects_are_refused_by_name() -> None:
    with pytest.raises(OptionError, match="nothing is planted in None"):
        tw.demo.reveal(None)  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="token=3: give a token"):
        tw.demo.plant("mark").truth(tw.demo.planted_scene(5), 3)  # type: ignore[arg-type]
    with pytest.raises(UnsupportedModelError, match=r"nothing is called \[\]"):
        tw.demo.plant([])  # type: ignore[arg-type]
