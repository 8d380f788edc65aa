"""What lies outside the demo models' world, and that they say so."""

from __future__ import annotations

import io
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

import tam_widgets as tw
from tam_widgets.demo.vocabulary import CAPTION_PROMPTS
from tam_widgets.demo.world import is_question, is_scene

seeds = st.integers(0, 99_999)


@settings(max_examples=60, deadline=None)
@given(seeds, st.sampled_from([(224, 224), (280, 168), (168, 280), (640, 480), (64, 64)]))
def test_a_scene_is_one_at_any_size(seed: int, size: tuple[int, int]) -> None:
    assert is_scene(tw.demo.scene(seed, size).image)


@settings(max_examples=20, deadline=None)
@given(seeds)
def test_a_scene_that_was_resized_is_one(seed: int) -> None:
    image = tw.demo.scene(seed).image
    assert is_scene(image.resize((150, 130)))
    assert is_scene(image.convert("RGBA"))


def test_a_scene_from_a_jpeg_is_one() -> None:
    stored = io.BytesIO()
    tw.demo.scene(40).image.save(stored, "JPEG", quality=90)
    with Image.open(stored) as image:
        assert is_scene(image)


def photograph(seed: int) -> Image.Image:
    """Blurred noise of natural colours under a pale sky that grows darker, as grain has it."""
    rng = np.random.default_rng(seed)
    noise = Image.fromarray(rng.integers(0, 256, (160, 200, 3), np.uint8))
    pixels = np.asarray(noise.filter(ImageFilter.GaussianBlur(5)), float)
    pixels = 128 + 5 * (pixels - 128)
    sky = np.linspace(250, 180, 70)[:, None, None] * np.array([0.8, 0.9, 1])
    pixels[:70] = sky + rng.normal(0, 5, (70, 200, 3))
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


@pytest.mark.parametrize(
    "image",
    [
        *map(photograph, range(5)),
        photograph(5).convert("L"),
        Image.new("RGB", (224, 224)),
        Image.new("RGB", (224, 224), "white"),
        Image.fromarray(np.random.default_rng(0).integers(0, 256, (224, 224, 3), np.uint8)),
    ],
)
def test_other_pictures_are_none(image: Image.Image) -> None:
    assert not is_scene(image)


@given(seeds)
def test_its_questions_are_known(seed: int) -> None:
    scene = tw.demo.scene(seed)
    assert is_question(scene.prompt)
    assert all(is_question(asked) for asked, _ in scene.questions)


@pytest.mark.parametrize(
    "asked", [*CAPTION_PROMPTS, "What color are the cups?", " What do you see? "]
)
def test_other_spellings_of_training_are_known(asked: str) -> None:
    assert is_question(asked)


@pytest.mark.parametrize(
    "asked", ["How many objects are there?", "What colour is the apple?", "Hi"]
)
def test_other_questions_are_not(asked: str) -> None:
    assert not is_question(asked)


@pytest.fixture(params=tw.demo.MODELS)
def explainer(request: pytest.FixtureRequest) -> tw.Explainer:
    return tw.demo.explainer(request.param)


def test_it_says_once_that_a_picture_is_no_scene(explainer: tw.Explainer) -> None:
    with pytest.warns(UserWarning, match=r"toy .* this picture is not one of them") as said:
        explainer.explain(photograph(0), "Describe this image.")
    assert len(said) == 1
    assert said[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        explainer.explain(photograph(1), "Describe this image.")


def test_it_says_once_that_a_question_is_unknown(explainer: tw.Explainer) -> None:
    scene = tw.demo.scene(40)
    with pytest.warns(UserWarning, match="'How many objects\\?' is not one of these") as said:
        explainer.explain(scene.image, "How many objects?")
    assert len(said) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        explainer.explain(scene.image, "How many things?")


def test_several_pictures_are_unknown(explainer: tw.Explainer) -> None:
    images = [tw.demo.scene(seed).image for seed in range(2)]
    with pytest.warns(UserWarning, match="2 pictures were given at once"):
        explainer.explain(images, "Describe this image.")


def test_it_is_silent_about_its_own_world(explainer: tw.Explainer) -> None:
    scenes = [tw.demo.scene(seed) for seed in range(3)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        explainer.explain_many([(scene.image, scene.prompt) for scene in scenes], progress=False)
        chat = explainer.chat(progress=False)
        chat.ask(scenes[0].prompt, scenes[0].image)
        chat.ask(scenes[0].questions[0][0])
        explainer.explain(scenes[1].image, scenes[1].prompt, answer="There is a dog.")


def test_batches_and_chats_are_looked_at_too(explainer: tw.Explainer) -> None:
    with pytest.warns(UserWarning, match="this picture is not one of them"):
        explainer.explain_many([(photograph(0), "Describe this image.")], progress=False)
    chat = explainer.chat(progress=False)
    chat.ask("Describe this image.", tw.demo.scene(3).image)
    with pytest.warns(UserWarning, match="'Are you sure\\?' is not one of these"):
        chat.ask("Are you sure?")
