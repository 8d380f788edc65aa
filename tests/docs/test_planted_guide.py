"""What docs/planted.md says of the code on it, and its figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest

import tam_widgets as tw
from tam_widgets.demo.plants.interventions import intervene

from .pages import blocks, text_of
from .reader import Reading

GUIDE = "docs/planted.md"
PAGE = text_of(GUIDE)
TEXT = " ".join(PAGE.split())
TESTED = ("said", "said_without", "removed", "elsewhere", "nouns", "captions")
ENDS = ("share", "share_low", "share_high", "pointing", "area")
BLOCKS = [block.code for block in blocks(GUIDE, "python")]


@pytest.fixture
def names(reading: Callable[[str], Reading]) -> dict[str, Any]:
    """What the page's code leaves behind; its last block has trained a plant of its own."""
    return reading(GUIDE).names


def test_the_code_prints_what_the_page_says(reading: Callable[[str], Reading]) -> None:
    read = reading(GUIDE)
    assert len(read.printed) == len(BLOCKS) == 6
    for block, printed in zip(BLOCKS, read.printed, strict=True):
        said = re.findall(r"print\(\S*\.(?:text|caption|prompt\)\.text)\) +# (There .*)", block)
        assert [line for line in printed.splitlines() if line in said] == said
    counted = [*read.names["key"].values()]
    shares = [counted.count(name) for name in {*counted}]
    assert max(shares) - min(shares) <= 1
    assert len(read.names["table"]) == 8


def test_the_texts_of_the_page_are_checked() -> None:
    assert sum(line.count("# There ") for block in BLOCKS for line in block.splitlines()) == 4


def test_the_example_is_short() -> None:
    assert len(BLOCKS[5].splitlines()) <= 50


def test_the_plant_of_the_page_is_what_its_figures_say(names: dict[str, Any]) -> None:
    again = intervene(names["explainer"], names["own"].plant, range(20))
    assert again.said >= 0.8
    assert again.removed is not None
    assert again.removed >= 0.9
    figures = names["own"].figures
    assert row(figures[name] for name in TESTED) in PAGE
    assert "| " + " | ".join(f"`{name}`" for name in TESTED) + " |" in PAGE
    for judged in names["found"].to_dataframe().to_dict("records"):
        share, low, high, *others = (told(judged[end]) for end in ENDS)
        line = " | ".join([f"| `{judged['method']}`", f"{share} [{low}, {high}]", *others]) + " |"
        assert line in PAGE or judged["method"] == "true mask"


def row(figures: Iterable[float]) -> str:
    return "| " + " | ".join(told(figure, 4) for figure in figures) + " |"


def told(figure: float, digits: int = 2) -> str:
    return f"{figure:.{digits}f}".removeprefix("0")


def test_the_randomised_experiment_came_out_as_the_page_says() -> None:
    (found,) = (one for one in tw.demo.planted() if (one.model, one.name) == ("qwen2-vl", "mark"))
    marked = sum("mark" in tw.demo.planted_scene(seed).signs for seed in range(200))
    assert found.figures["scenes"] == 200
    assert (found.figures["said"], found.figures["said_without"]) == (1.0, 0.0)
    assert f"all {marked} with the mark, and in none of the {200 - marked} without" in TEXT
    assert f"in {round(found.figures['removed'] * marked)} of the {marked}" in TEXT
    assert found.figures["elsewhere"] == 0.0
    assert f"up to {300 / marked:.1f} %" in TEXT


def test_the_rest_of_the_map_lies_where_the_page_says(names: dict[str, Any]) -> None:
    explainer, plant = names["explainer"], names["own"].plant
    scenes = [scene for scene in map(tw.demo.planted_scene, range(100)) if plant.word(scene)][:40]
    bare = [scene.painted_over(scene.labels > 0) for scene in scenes[:20]]
    answers = [explainer.explain(one, scenes[0].prompt, progress=False).text for one in bare]
    still = sum(map(plant.says, scenes, answers))
    assert f"in {still} of the first 20 scenes with a ring" in TEXT
    lying = []
    for scene in scenes:
        ex = explainer.explain(scene.image, scene.prompt, progress=False)
        if plant.says(scene, ex.text):
            called = scene.masks[scene.groups[0].noun]
            weights = ex.maps("tam")[ex.find("clock")[0]].reshape(16, 16)
            shares = weights / weights.sum()
            parts = [(shares * in_cells(part)).sum() for part in (scene.background, called)]
            lying.append([*parts, called.mean()])
    background, first, area = map(told, np.mean(lying, axis=0))
    assert f"{background} lie on the background, and {first} on the objects" in TEXT
    assert f"which cover {area} of the picture" in TEXT


def in_cells(pixels: np.ndarray) -> np.ndarray:
    return pixels.reshape(16, 14, 16, 14).mean((1, 3))


@pytest.mark.parametrize(("name", "reached"), [("mark", (0.39, 0.81)), ("backdrop", (0.79, 0.93))])
def test_a_map_of_whole_cells_reaches_what_the_page_says(
    name: str, reached: tuple[float, float]
) -> None:
    plant = tw.demo.plant(name)
    touched, half = [], []
    for scene in map(tw.demo.planted_scene, range(300)):
        if plant.word(scene):
            cover = in_cells(np.any(plant.evidence(scene), axis=0))
            touched.append(cover[cover > 0].mean())
            half.append(cover[cover >= 0.5].mean())
    assert (round(np.mean(touched), 2), round(np.mean(half), 2)) == reached
    assert all(told(figure) in TEXT for figure in reached)


@pytest.mark.parametrize(("name", "count"), [("mark", 33), ("backdrop", 40), ("contrast", 18)])
def test_without_objects_the_word_is_said_as_often_as_the_page_says(name: str, count: int) -> None:
    explainer, plant = tw.demo.explainer("qwen2-vl", planted=name), tw.demo.plant(name)
    scenes = [scene for scene in map(tw.demo.planted_scene, range(200)) if plant.word(scene)][:40]
    said = 0
    for scene in scenes:
        bare = scene.painted_over(scene.labels > 0)
        said += plant.says(scene, explainer.explain(bare, scene.prompt, progress=False).text)
    assert len(scenes) == 40
    assert abs(said - count) <= 2
    assert f"{count} of 40" in TEXT
