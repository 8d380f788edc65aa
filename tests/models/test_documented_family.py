"""The example of docs/families.md, run as it is written."""

import re
from pathlib import Path
from typing import Any

import pytest

import tam_widgets as tw
from tam_widgets.models import registry

from .probe import SHAPES, photo, probe_picture
from .tiny.lighton_ocr import lighton_ocr

PAGE = Path(__file__).parents[2] / "docs" / "families.md"


@pytest.fixture(scope="module")
def explainer() -> Any:
    """Of the family that the page registers, as in a notebook; forgotten again afterwards."""
    known = dict(registry._FAMILIES)
    code = re.search(r"```python\n(import tam_widgets.*?)```", PAGE.read_text(), re.DOTALL)
    assert code is not None
    for _ in range(2):  # a cell is run again
        exec(code[1], {"__name__": "__main__"})
    yield tw.Explainer(*lighton_ocr())
    registry._FAMILIES.clear()
    registry._FAMILIES.update(known)


def test_the_example_is_short() -> None:
    (code,) = re.findall(r"```python\n(import tam_widgets.*?)```", PAGE.read_text(), re.DOTALL)
    assert len(code.splitlines()) <= 25


@pytest.mark.parametrize("shape", SHAPES)
def test_its_geometry_holds(explainer: tw.Explainer, shape: str) -> None:
    probed = probe_picture(explainer, SHAPES[shape])
    assert len(probed) == 5
    assert [one for one in probed if not one.hit] == []


def test_it_explains(explainer: tw.Explainer) -> None:
    ex = explainer.explain([photo((200, 100)), photo((98, 126))], "What is this?", answer="A cat.")
    assert ex.prompt_text == "What is this?"
    assert [grid.image for grid in ex.grids] == [0, 1]
    assert ex.grids[1].rect == (0, 0, 84, 112)  # an odd patch at each edge is not seen


def test_the_table_names_every_model_type() -> None:
    page = PAGE.read_text()
    shipped = [
        kind
        for kind, family in registry._FAMILIES.items()
        if type(family).__module__.startswith("tam_widgets")
    ]
    assert [kind for kind in shipped if f"`{kind}`" not in page] == []
