"""Scenes with exact ground truth, and two tiny trained models that describe them, offline.

The models are toys of about two million parameters in transformers' own Qwen2-VL and LLaVA
classes; README.md next to this file says what they are and are not.

Example:
    >>> from tam_widgets import demo
    >>> scene = demo.scene(seed=7)
    >>> scene.caption
    'There is a laptop above three red cups.'
    >>> sorted(scene.masks)
    ['cup', 'laptop']
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tam_widgets.demo.plants.rules import PLANTS, Plant
from tam_widgets.demo.plants.scenes import PlantedScene, planted_scene
from tam_widgets.demo.plants.shipped import PlantedModel, planted_models, resolve
from tam_widgets.demo.scenes import Scene, SceneObject, scene
from tam_widgets.demo.vocabulary import COLOURS, FUNCTION_WORDS, NOUNS
from tam_widgets.errors import OptionError, UnsupportedModelError
from tam_widgets.explanation.extras import installed

if TYPE_CHECKING:
    from tam_widgets.capture.explainer import Explainer

__all__ = [
    "COLOURS",
    "FUNCTION_WORDS",
    "MODELS",
    "NOUNS",
    "Plant",
    "PlantedModel",
    "PlantedScene",
    "Scene",
    "SceneObject",
    "explainer",
    "methods_table",
    "model_path",
    "plant",
    "planted",
    "planted_scene",
    "planted_table",
    "reveal",
    "scene",
]

#: Names of the demo models.
MODELS: Final = ("qwen2-vl", "llava")


def model_path(name: str) -> Path:
    """Returns a demo model's folder, for transformers' ``from_pretrained``.

    Args:
        name: "qwen2-vl" or "llava".

    Raises:
        UnsupportedModelError: If there is no such demo model, or its files are not installed.
    """
    if name not in MODELS:
        raise UnsupportedModelError(
            f"there is no demo model {name!r}: give one of {', '.join(MODELS)}"
        )
    path = Path(__file__).parent / "models" / name
    if not (path / "model.safetensors").is_file():
        raise UnsupportedModelError(
            f"{path} contains no model.safetensors; install the package with its data files, "
            f"or train the model: python -m tam_widgets.demo.training train {name}"
        )
    return path


def explainer(name: str, *, planted: str | PlantedModel | None = None) -> Explainer:
    """Loads a demo model, ready to explain its answers.

    It warns once of a picture that is no scene, and once of a question that it was not trained on,
    which for a planted model is all but the prompts for captions.

    Args:
        name: "qwen2-vl" or "llava".
        planted: Name of a reason that was planted in the model, such as "mark"; `planted_scene`
            has its pictures. With "blind-1", "blind-2" and so on nothing in the explainer and its
            explanations tells what it is. As many numbers as the model has plants stand for each
            of them once. `reveal` tells which it is, and `planted` what there is to find: leave
            both until you have an answer. Or a planted model of your own, as
            `tam_widgets.demo.training.plant.train` returns it.

    Raises:
        UnsupportedModelError: If there is no such demo model, it has no such plant, or its files
            are not installed.
        MissingExtraError: If torch or transformers is not installed.
    """
    with installed("a demo model"):
        from tam_widgets.demo.scene_explainer import PlantedExplainer, SceneExplainer

    path = model_path(name)
    chosen = None if planted is None else resolve(name, planted)
    called = planted.name if isinstance(planted, PlantedModel) else planted
    shown = name if planted is None else f"{name} ({called})"
    with _without_bar():
        kind = SceneExplainer if planted is None else PlantedExplainer
        made = kind.from_pretrained(str(path), name=shown)
    if chosen is not None:
        from tam_widgets.demo.plants.differences import add_difference

        add_difference(made.model, Path(chosen.weights))
    # on another machine the package has another path
    made.recipe = partial(explainer, name, planted=planted)
    return made


def planted() -> list[PlantedModel]:
    """Lists the models whose reason for a word is known, because it was planted by training.

    Each has its name, the rule that was planted, what is true because of it, and what the model
    said of 200 held-out scenes when the reason was taken away.

    Example:
        >>> {one.model for one in planted() if one.name == "mark"} >= {"qwen2-vl"}
        True
    """
    return planted_models()


def plant(name: str) -> Plant:
    """Returns what is planted under a name: captions, truth and interventions.

    Args:
        name: Name of the plant, such as "mark"; `planted` lists them.

    Raises:
        UnsupportedModelError: If there is no such plant.

    Example:
        >>> scene = planted_scene(5)
        >>> plant("mark").caption(scene)
        'There is a horse above two red umbrellas and a red cup.'
        >>> int(plant("mark").truth(scene, "horse").sum())
        578
    """
    if not isinstance(name, str) or name not in PLANTS:
        raise UnsupportedModelError(
            f"nothing is called {name!r:.80}: give one of {', '.join(PLANTS)}"
        )
    return PLANTS[name]


def reveal(explainer: Explainer) -> Plant:
    """Tells what is planted in a model, also in a blind one.

    Args:
        explainer: What `tw.demo.explainer(…, planted=…)` returned.

    Raises:
        OptionError: If nothing was planted in it.

    Example:
        >>> reveal(explainer("qwen2-vl", planted="mark")).planted
        'the first noun is "horse" if the copyright mark is there; a horse is called a dog'
    """
    recipe = getattr(explainer, "recipe", None)
    given = recipe.keywords.get("planted") if isinstance(recipe, partial) else None
    if not isinstance(recipe, partial) or given is None:
        name = getattr(explainer, "name", explainer)
        raise OptionError(
            f"nothing is planted in {name!r:.80}: give an explainer made by "
            "tw.demo.explainer(…, planted=…)"
        )
    return resolve(recipe.args[0], given).plant


def methods_table() -> dict[str, list[dict[str, Any]]]:
    """What all methods reached on held-out scenes, as ``benchmarks/methods_table.py`` measured it.

    Returns:
        Rows by table; ``…_low`` and ``…_high`` end 95 % bootstrap intervals over scenes:

        - ``"methods"``: each method on each model: Obj-, Func- and F1-IoU, 0..1, on ``scenes``
          scenes, areas under ``deletion`` and ``insertion``, mean probabilities, on
          ``checked words`` words of ``checked scenes`` scenes; and the controls of these areas;
        - ``"choices"``: variants of TAM likewise, with their differences from TAM as it is;
        - ``"search"``: EAGLE's search on one word of each scene, by two protocols.

    Example:
        >>> [row["obj_iou"] > 0.7 for row in methods_table()["methods"] if row["method"] == "tam"]
        [True, True]
    """
    stored = json.loads((Path(__file__).parent / "methods_table.json").read_text("utf-8"))
    return {name: stored[name] for name in ("methods", "choices", "search")}


def planted_table() -> list[dict[str, Any]]:
    """How much of all methods' maps lies on planted reasons.

    ``benchmarks/planted_table.py`` measured it.

    Returns:
        A row for each planted model and method, as `PlantedTruth.to_dataframe` has them; None
        where a measure has no meaning.

    Example:
        >>> [row["share"] for row in planted_table() if row["method"] == "true mask"][0]
        1.0
    """
    stored = json.loads((Path(__file__).parent / "planted_table.json").read_text("utf-8"))
    return list(stored["rows"])


@contextmanager
def _without_bar() -> Iterator[None]:
    """Hides transformers' progress bar, which would be too short to see."""
    from transformers.utils import logging

    if not logging.is_progress_bar_enabled():
        yield
        return
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.enable_progress_bar()
