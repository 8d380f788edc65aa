"""What docs/asking.md says of the code on it."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from .pages import text_of
from .reader import Reading

PAGE = "docs/asking.md"


def test_the_code_does_what_the_page_says(reading: Callable[[str], Reading]) -> None:
    names = reading(PAGE).names
    ex, view = names["ex"], names["view"]
    assert ex.layers
    assert ex.checks == (names["check"],)
    assert np.isfinite(ex.reliance[ex.answer_slice]).all()
    assert [step["parent"] for step in view._steps] == [None, 0, 0]
    assert "cup" in view.steps[1].text
    for text in ("There is a boat above a house.", "There is a red cup above a house."):
        assert f"# {text}" in text_of(PAGE)
    assert names["boat"].text == "There is a boat above a house."
    assert names["painted"].text == "There is a red cup above a house."
    assert ["horse" in text for text in names["hidden"]] == [False, True, False]
    assert not any("horse" in one.caption for one in names["scenes"][:4])
    assert all("horse" in text for text in (*names["pasted"], names["alone"]))
    assert names["blank"] == {"mean": 0.71, "noise": 0.92, "black": 0.36}
    page = (reading(PAGE).folder / "scene.html").read_text("utf-8")
    known = page.partition('"_known": [')[2][:100_000]
    assert all(f'"{name}": ' in known for name in ("check", "layers", "reliance"))


def test_the_cost_of_a_check_is_what_the_page_says() -> None:
    import tam_widgets as tw

    explainer, scene = tw.demo.explainer("qwen2-vl"), tw.demo.scene(seed=7)
    explanation = explainer.explain(scene.image, scene.prompt, progress=False)
    totals: list[int] = []
    explainer.check(explanation, "laptop", progress=lambda found: totals.append(found.total))
    said = re.search(r"\*\*check this\*\* .* (\d+) pictures for one word", text_of(PAGE))
    assert said
    assert {*totals} == {int(said[1])}
