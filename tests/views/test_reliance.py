"""Bars of visual reliance: measured from a view, and shown wherever they are known."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tam_widgets as tw
from tam_widgets.views.questions.asking import known

from ..faithfulness import made as checks
from .made import explanation as made
from .test_questions import Browser


@pytest.fixture(scope="module")
def explainer() -> tw.Explainer:
    return tw.demo.explainer("llava")


@pytest.fixture
def plain(explainer: tw.Explainer) -> tw.Explanation:
    scene = tw.demo.scene(3)
    return explainer.explain(scene.image, scene.prompt, progress=False)


def measured(record: tw.Explanation) -> tw.Explanation:
    answer = len(record) - record.prompt_length
    return replace(record, blank_log_p=np.log(np.linspace(0.1, 0.9, answer)).astype(np.float32))


def test_a_view_measures_it_and_every_panel_of_the_answer_shows_it(
    explainer: tw.Explainer, plain: tw.Explanation, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = tw.compare(plain, made(), plain.with_maps("mine", plain.activations))
    assert view._known == [{}, {}, {}]
    browser = Browser(view, monkeypatch)
    browser.ask("reliance", panel=2)
    browser.wait("done")
    expected = explainer.measure_reliance(plain)
    for panel in (0, 2):
        own = view.explanations[panel]
        np.testing.assert_array_equal(own.blank_log_p, expected.blank_log_p)
        share = view._known[panel]["reliance"]["share"]
        assert share[0] is None
        np.testing.assert_allclose(
            share[own.answer_slice], own.picture_share[own.answer_slice], atol=1e-6
        )
    assert view._known[1] == {}
    assert "mine" in view.explanations[2].extra_maps
    assert "questions" in view._parts  # so that a saved notebook shows the bars


def test_what_fails_leaves_the_view_as_it_was(
    plain: tw.Explanation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("out of memory")

    view = tw.Explorer(plain)
    browser = Browser(view, monkeypatch)
    monkeypatch.setattr(tw.Explainer, "measure_reliance", fail)
    browser.ask("reliance")
    assert browser.wait("failed")["message"] == "RuntimeError: out of memory"
    assert view.explanations == (plain,)
    assert view._known == [{}]


def test_the_numbers_are_those_of_the_explanation() -> None:
    record = measured(made())
    ((found,),) = [list(one.values()) for one in known([record])]
    start = record.prompt_length
    assert found["share"][:start] == found["full"][:start] == found["blank"][:start] == [None, None]
    assert found["full"][start:] == [0.5] * 5
    assert found["blank"][start:] == [0.1, 0.3, 0.5, 0.7, 0.9]
    assert found["share"][start:] == [0.8, 0.4, 0, 0, 0]
    assert found["measured"] is True
    assert known([made()]) == [{}]


def test_what_a_check_brought_is_told_apart_from_what_was_measured() -> None:
    record = made()
    own = record.with_check(checks.check(record, fill="mean"))
    (data,) = known([own])
    assert data["reliance"]["measured"] is False
    assert known([measured(own)])[0]["reliance"]["measured"] is True


@pytest.mark.parametrize("shown", [True, False])
def test_a_page_has_it(shown: bool, tmp_path: Path) -> None:
    record = measured(made())
    tw.Explorer(record, reliance=shown).to_html(tmp_path / "a.html")
    page = (tmp_path / "a.html").read_text("utf-8")
    data = page.partition('id="tam-data">')[2].partition("</script>")[0]
    state = json.loads(data)["state"]
    assert state["_known"] == known([record])
    assert state["reliance"] is shown


def test_whether_it_is_shown_is_a_setting() -> None:
    view = tw.Explorer(measured(made()))
    assert view.reliance is True
    view.reliance = False
    assert view.code == "view = tw.Explorer(ex, reliance=False)"
