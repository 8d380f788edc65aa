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

from tam_widgets.demo.scenes import Scene, SceneObject, scene
from tam_widgets.demo.vocabulary import COLOURS, FUNCTION_WORDS, NOUNS
from tam_widgets.errors import UnsupportedModelError
from tam_widgets.explanation.extras import installed

if TYPE_CHECKING:
    from tam_widgets.capture.explainer import Explainer

__all__ = [
    "COLOURS",
    "FUNCTION_WORDS",
    "MODELS",
    "NOUNS",
    "Scene",
    "SceneObject",
    "explainer",
    "methods_table",
    "model_path",
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


def explainer(name: str) -> Explainer:
    """Loads a demo model, ready to explain its answers.

    It warns once of a picture that is no scene, and once of a question that it was not trained on.

    Args:
        name: "qwen2-vl" or "llava".

    Raises:
        UnsupportedModelError: If there is no such demo model, or its files are not installed.
        MissingExtraError: If torch or transformers is not installed.
    """
    with installed("a demo model"):
        from tam_widgets.demo.scene_explainer import SceneExplainer

    with _without_bar():
        made = SceneExplainer.from_pretrained(str(model_path(name)), name=name)
    made.recipe = partial(explainer, name)  # on another machine the package has another path
    return made


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
