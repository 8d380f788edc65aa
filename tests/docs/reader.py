"""Runs a page's code as a reader would, in a folder that has what the page names."""

from __future__ import annotations

import contextlib
import doctest
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import tam_widgets as tw
from tam_widgets.attribution import methods
from tam_widgets.capture.loading import load_checkpoint
from tam_widgets.demo.training import own_plants
from tam_widgets.evaluation.datasets.authors import COCO_CAPTIONS, COCO_INSTANCES
from tam_widgets.models import registry

from .pages import ROOT, Block, blocks

DOG = 247
"""Seed of the scene that stands for `dog.jpg` and every other picture that a page names: "There is
a dog left of a red balloon and a blue guitar."."""
STICKER = ROOT / "tests" / "demo" / "planted" / "qwen2-vl-sticker.safetensors"


@dataclass
class Reading:
    """What a page's code left behind.

    Attributes:
        folder: Where it ran.
        names: The names that it defined.
        printed: What each block printed, by its place among the page's blocks that are run.
    """

    folder: Path
    names: dict[str, Any] = field(default_factory=lambda: {"__name__": "__main__"})
    printed: list[str] = field(default_factory=list)


def read(page: str, folder: Path) -> Reading:
    """Runs a page's Python from top to bottom in one namespace.

    `from_pretrained` gives the demo model of the named checkpoint's kind, loaded once; `tw.load`
    finds an explanation of the demo under each name, and `own_plants.train` gives the weights that
    the page's own training made.

    Args:
        page: Its path.
        folder: An empty folder.
    """
    reading = Reading(folder)
    runnable = [block for block in blocks(page, "python", "pycon") if not block.not_run]
    furnish(folder, "".join(block.code for block in runnable))
    with contextlib.chdir(folder), _substitutes(), _registries():
        for block in runnable:
            said = io.StringIO()
            with contextlib.redirect_stdout(said):
                _run(block, reading.names)
            reading.printed.append(said.getvalue())
    return reading


def _run(block: Block, names: dict[str, Any]) -> None:
    if block.language == "pycon":
        test = doctest.DocTestParser().get_doctest(
            block.code, names, str(block), block.page, block.line
        )
        doctest.DebugRunner(optionflags=doctest.ELLIPSIS).run(test, clear_globs=False)
        names.update(test.globs)
        return
    exec(compile("\n" * block.line + block.code, ROOT / block.page, "exec"), names)


@contextlib.contextmanager
def _substitutes() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tam_widgets.capture.explainer.load_checkpoint", demo_checkpoint)
        patch.setattr(tw.demo, "explainer", demo_explainer)
        patch.setattr(own_plants, "train", trained)
        yield


@contextlib.contextmanager
def _registries() -> Iterator[None]:
    """Forgets methods and families that a page adds."""
    known: list[dict[str, Any]] = [methods._REGISTERED, registry._FAMILIES]
    tw.list_methods()  # finds those of installed packages first
    before = [dict(one) for one in known]
    try:
        yield
    finally:
        for one, earlier in zip(known, before, strict=True):
            one.clear()
            one.update(earlier)


_load_demo = tw.demo.explainer
_demo_named = cache(_load_demo)


def demo_explainer(name: str, *, planted: Any = None) -> tw.Explainer:
    """A demo explainer, loaded once unless it is of a plant of the page's own."""
    shared = planted is None or isinstance(planted, str)
    return _demo_named(name, planted=planted) if shared else _load_demo(name, planted=planted)


_checkpoints: dict[str, Any] = {}


def demo_checkpoint(checkpoint: str, processor_options: Any = None, **options: Any) -> Any:
    """The demo model of a published checkpoint's kind, with the page's own options of loading."""
    if Path(checkpoint).is_dir():  # the demo's own, which plants change
        return load_checkpoint(checkpoint, processor_options, **options)
    kind = "llava" if "llava" in checkpoint.lower() else "qwen2-vl"
    key = repr((kind, processor_options, options))
    if key not in _checkpoints:
        path = str(tw.demo.model_path(kind))
        _checkpoints[key] = load_checkpoint(path, processor_options, **options)
    return _checkpoints[key]


def trained(plant: tw.demo.Plant, model: str, plan: own_plants.Plan) -> tw.demo.PlantedModel:
    """What the page's own training made, in minutes."""
    from dataclasses import asdict

    from tam_widgets.demo.plants.teachable import check

    check(plant)
    assert asdict(plan) == json.loads(STICKER.with_suffix(".json").read_text())["plan"]
    return tw.demo.PlantedModel(model, plant, STICKER)


def furnish(folder: Path, code: str) -> None:
    """Makes the pictures, films, explanations and data that code names, in a folder."""
    for name, make in _FILES.items():
        for match in re.finditer(name, code):
            path = folder / match[1]
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                make(path)


def _picture(path: Path) -> None:
    tw.demo.scene(seed=DOG).image.save(path, quality=95)


def _film(path: Path) -> None:
    import av

    with av.open(str(path), "w") as film:
        stream = film.add_stream("mpeg4", rate=2)
        stream.width = stream.height = 112
        for seed in range(4):
            picture = tw.demo.scene(seed=seed, size=(112, 112)).image
            film.mux(stream.encode(av.VideoFrame.from_image(picture)))
        film.mux(stream.encode())


def _explanation(path: Path) -> None:
    scene = tw.demo.scene(seed=DOG)
    demo_explainer("qwen2-vl").explain(scene.image, scene.prompt, progress=False).save(path)


def _coco(path: Path) -> None:
    """Two scenes in the folder layout of the authors' COCO."""
    nouns = {noun: number for number, noun in enumerate(tw.demo.NOUNS, 1)}
    scenes = {number: tw.demo.scene(seed=number) for number in (7, 40)}
    for folder in ("annotations", "image", "seg_label"):
        (path / folder).mkdir(parents=True)
    for number, scene in scenes.items():
        scene.image.save(path / "image" / f"{number:012d}.jpg", quality=95)
        labels = np.zeros(scene.labels.shape, np.uint8)
        for noun, mask in scene.masks.items():
            labels[mask] = nouns[noun]
        Image.fromarray(labels).save(path / "seg_label" / f"{number:012d}.png")
    instances = {
        "images": [{"id": number} for number in scenes],
        "categories": [{"id": number, "name": noun} for noun, number in nouns.items()],
    }
    captions = {
        "annotations": [
            {"image_id": number, "caption": scene.caption} for number, scene in scenes.items()
        ]
    }
    (path / COCO_INSTANCES).write_text(json.dumps(instances))
    (path / COCO_CAPTIONS).write_text(json.dumps(captions))


_FILES: dict[str, Callable[[Path], None]] = {
    r'"([\w/.-]+\.(?:jpe?g|png|webp))"': _picture,
    r'"([\w/.-]+\.mp4)"': _film,
    r'tw\.load\("([\w/.-]+\.safetensors)"\)': _explanation,
    r'coco2014\("([\w/.-]+)"\)': _coco,
}
"""What a name in a page's code looks like, and what makes it."""
