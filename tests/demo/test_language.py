"""Captions and questions."""

import pytest

from tam_widgets import demo
from tam_widgets.demo.language import Group, caption, questions
from tam_widgets.demo.vocabulary import PLURALS, lemma

CAR = Group("car", "red", 1)
CATS = Group("cat", None, 2)
UMBRELLA = Group("umbrella", "yellow", 1)
APPLE = Group("apple", None, 1)


def test_one_group() -> None:
    assert caption([CATS], "above") == "There are two cats."


def test_two_groups() -> None:
    assert caption([CAR, CATS], "left of") == "There is a red car left of two cats."


def test_three_groups() -> None:
    said = caption([CATS, APPLE, UMBRELLA], "above")
    assert said == "There are two cats above an apple and a yellow umbrella."


def test_questions_with_answers() -> None:
    asked = dict(questions([CAR, CATS], "left of"))
    assert asked == {
        "How many cars are there?": "There is one car.",
        "How many cats are there?": "There are two cats.",
        "What colour is the car?": "The car is red.",
        "What is left of the cats?": "A red car is left of the cats.",
    }


@pytest.mark.parametrize(("word", "noun"), [("cats", "cat"), ("Buses", "bus"), ("the", "the")])
def test_lemma(word: str, noun: str) -> None:
    assert lemma(word) == noun


def test_captions_name_every_noun_of_the_scene() -> None:
    for seed in range(30):
        scene = demo.scene(seed)
        words = [lemma(word) for word in scene.caption.rstrip(".").split()]
        assert [word for word in words if word in PLURALS] == list(scene.masks)
