"""The code that makes a view as it is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tam_widgets as tw
from tam_widgets.contract import CONTRACT
from tam_widgets.views import Explorer

from .made import explanation, with_alternatives

CASES = json.loads(
    (Path(__file__).parents[1] / "fixtures" / "code.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_the_code_makes_the_same_view(case: dict[str, Any]) -> None:
    settings = case["settings"]
    made = with_alternatives(explanation())
    if (name := settings.get("method", "tam")) not in made.methods:
        maps = np.zeros((len(made.tokens), made.visual_length), np.float32)
        made = replace(made, extra_maps={name: maps})
    places = sorted(set(case["panels"]))
    names = ["ex"] if len(places) == 1 else [f"ex_{letter}" for letter in "abc"]
    known: dict[str, Any] = {"tw": tw, **{names[place]: replace(made) for place in places}}
    view = Explorer(*(known[names[place]] for place in case["panels"]), **settings)
    assert view.code == case["code"]
    exec(view.code, known)
    again = known["view"]
    assert [getattr(again, one) for one in CONTRACT.settings] == [
        getattr(view, one) for one in CONTRACT.settings
    ]
    assert again.explanations == view.explanations


def test_the_code_follows_what_a_person_does() -> None:
    view = Explorer(explanation())
    view.selected, view.threshold = [(0, 4)], 0.5
    assert view.code == "view = tw.Explorer(ex, selected=[(0, 4)], threshold=0.5)"
