"""The example of docs/families.md, run as it is written."""

import re
from inspect import signature
from pathlib import Path
from typing import Any

import pytest
import transformers

import tam_widgets as tw
from tam_widgets.models import registry

from .probe import SHAPES, photo, probe_picture, probe_video
from .tiny.video_llava import video_llava

PAGE = Path(__file__).parents[2] / "docs" / "families.md"


@pytest.fixture(scope="module")
def explainer() -> Any:
    """Of the family that the page registers, as in a notebook; forgotten again afterwards."""
    if "kwargs" not in signature(transformers.VideoLlavaProcessor.__call__).parameters:
        pytest.skip("this transformers' processor of Video-LLaVA takes no options")
    known = dict(registry._FAMILIES)
    code = re.search(r"```python\n(import numpy.*?)```", PAGE.read_text(), re.DOTALL)
    assert code is not None
    for _ in range(2):  # a cell is run again
        exec(code[1], {"__name__": "__main__"})
    yield tw.Explainer(*video_llava())
    registry._FAMILIES.clear()
    registry._FAMILIES.update(known)


def test_the_example_is_short() -> None:
    (code,) = re.findall(r"```python\n(import numpy.*?)```", PAGE.read_text(), re.DOTALL)
    assert len(code.splitlines()) <= 45


@pytest.mark.parametrize("shape", SHAPES)
def test_its_geometry_holds(explainer: tw.Explainer, shape: str) -> None:
    probed = [
        *probe_picture(explainer, SHAPES[shape]),
        *probe_video(explainer, SHAPES[shape]),
    ]
    assert len(probed) >= 15
    assert [one for one in probed if not one.hit] == []


def test_it_explains(explainer: tw.Explainer) -> None:
    ex = explainer.explain(
        photo((200, 100)), "What is this?", video=[photo((60, 60))] * 2, answer="A cat."
    )
    assert ex.prompt_text == "What is this?"
    assert [grid.image for grid in ex.grids] == [0, 1, 2]


def test_the_table_names_every_model_type() -> None:
    page = PAGE.read_text()
    shipped = [
        kind
        for kind, family in registry._FAMILIES.items()
        if type(family).__module__.startswith("tam_widgets")
    ]
    assert [kind for kind in shipped if f"`{kind}`" not in page] == []
