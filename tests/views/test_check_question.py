"""Checks that a person asks for in a view, and those that a view shows without a model."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import tam_widgets as tw
from tam_widgets.explanation.check_record import Order
from tam_widgets.views.export import to_html
from tam_widgets.views.questions import check_json
from tam_widgets.views.questions.asking import known

from ..faithfulness import made
from .made import explanation as made_explanation
from .test_questions import Browser


@pytest.fixture(scope="module")
def explainer() -> tw.Explainer:
    return tw.demo.explainer("llava")


@pytest.fixture(scope="module")
def explained(explainer: tw.Explainer) -> tw.Explanation:
    scene = tw.demo.scene(3)
    return explainer.explain(scene.image, scene.prompt, progress=False)


@pytest.fixture
def browser(explained: tw.Explanation, monkeypatch: pytest.MonkeyPatch) -> Browser:
    return Browser(tw.Explorer(explained), monkeypatch)


def checked(browser: Browser, tokens: list[int], method: str = "tam") -> dict[str, Any]:
    browser.ask("check", tokens=tokens, method=method)
    end: dict[str, Any] = browser.wait("done", "failed")
    assert end["state"] == "done", end
    data: dict[str, Any] = end["data"]
    return data


def test_points_come_as_they_are_read_and_agree_with_the_check(
    browser: Browser, explained: tw.Explanation, explainer: tw.Explainer
) -> None:
    token = explained.answer_tokens()[2]
    data = checked(browser, [token])
    running = [one for one in browser.told if one["state"] == "running"]
    assert running[0]["done"] == 2
    assert running[0]["data"]["curves"]["method"]["deletion"][1:-1] == [None] * 19
    assert running[-1]["done"] == running[-1]["total"]
    for one in running:
        for name, sides in one["data"]["curves"].items():
            for side, points in sides.items():
                final = data["curves"][name][side]
                assert all(p is None or p == q for p, q in zip(points, final, strict=True))
    check = explainer.check(explained, token, progress=False)
    for side in ("deletion", "insertion"):
        own = np.exp(check.curve("tam", side)[0])
        np.testing.assert_allclose(data["curves"]["method"][side], own, atol=2e-4)
        several = np.exp([check.curve(f"random {n}", side)[0] for n in range(3)])
        np.testing.assert_allclose(data["random"][side]["high"], several.max(axis=0), atol=2e-4)
        area = getattr(check.random, side)
        np.testing.assert_allclose(
            data["areas"][side]["random"], [area.mean[0], area.low[0], area.high[0]], atol=2e-4
        )
    assert data["areas"]["deletion"]["method"] == pytest.approx(check.deletion("tam")[0], abs=2e-4)
    assert len(json.dumps(data)) < 5000


def test_a_finished_check_is_kept_by_the_view(browser: Browser, explained: tw.Explanation) -> None:
    data = checked(browser, [explained.answer_tokens()[2]])
    view = browser.view
    (own,) = view.checks
    assert view.explanations[0].checks == (own,)
    assert explained.checks == ()
    assert view._known[0]["check"]["entries"] == [data]
    assert "questions" in view._parts


def test_units_are_told_by_the_step_that_removes_them(
    browser: Browser, explained: tw.Explanation
) -> None:
    token = explained.answer_tokens()[2]
    data = checked(browser, [token])
    steps = np.frombuffer(base64.b64decode(data["steps"]), "<u2")
    (check,) = browser.view.checks
    for step, share in enumerate(data["shares"]):
        count = round(share * len(steps))
        removed = check.ranking[check.order("tam").rows[0]][:count]
        assert sorted(np.flatnonzero(steps <= step)) == sorted(removed)


def test_a_word_of_pieces_has_one_order_and_the_product_of_their_probabilities(
    browser: Browser, explained: tw.Explanation
) -> None:
    tokens = explained.answer_tokens()[1:3]
    browser.view.aggregate, browser.view.kernel_size = "sum", 5
    data = checked(browser, tokens)
    (check,) = browser.view.checks
    (row,) = {*check.order("TAM, kernel_size 5").rows}
    assert data["method"] == data["label"] == "TAM, kernel_size 5"
    assert check.settings["aggregate"] == "sum"
    told = data["settings"]
    assert (told["aggregate"], told["kernel_size"], told["eci"]) == ("sum", 5, 1)
    joint = explained.maps("tam", kernel_size=5)[tokens].sum(axis=0)
    assert (np.diff(joint[check.ranking[row]]) <= 1e-6).all()
    logs = check.curve("TAM, kernel_size 5").sum(axis=0)
    np.testing.assert_allclose(data["curves"]["method"]["deletion"], np.exp(logs), atol=1e-4)
    assert data["full"] == pytest.approx(np.exp(check.log_p_full.sum()), abs=1e-4)


def test_a_check_can_be_stopped_and_leaves_nothing(
    browser: Browser, explained: tw.Explanation
) -> None:
    browser.ask("check", tokens=explained.answer_tokens()[2:3], method="tam")
    browser.wait("running")
    browser.stop()
    browser.wait("stopped", "done")
    assert browser.told[-1]["state"] == "stopped"
    assert browser.view.checks == []
    assert browser.view.explanations[0].checks == ()
    assert checked(browser, explained.answer_tokens()[2:3])["areas"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"method": "tam"}, "give a list of indices"),
        ({"tokens": [0], "method": "tam"}, "give tokens of the answer"),
        ({"tokens": [10**6], "method": "tam"}, "token"),
        ({"tokens": [-2], "method": "gradcam"}, "unknown method"),
        ({"tokens": [-2], "method": None}, "method"),
        ({"tokens": [-2], "method": "occlusion"}, r"Explainer.attribute(explanation"),
        ({"tokens": [-2], "method": "partly"}, "were computed for the tokens"),
    ],
)
def test_what_cannot_be_checked_is_refused(
    explained: tw.Explanation, monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any], said: str
) -> None:
    maps = np.zeros(explained.activations.shape, np.float32)
    first = explained.answer_tokens()[:1]
    view = tw.Explorer(explained.with_maps("partly", maps, tokens=first))
    browser = Browser(view, monkeypatch)
    browser.ask("check", **asked)
    assert said in browser.wait("failed")["message"]
    assert view.checks == []


def test_maps_that_were_computed_are_checked_as_they_are(
    explained: tw.Explanation, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = explained.answer_tokens()[1:3]
    maps = np.random.default_rng(0).random(explained.activations.shape).astype(np.float32)
    view = tw.Explorer(explained.with_maps("mine", maps, tokens=tokens))
    data = checked(Browser(view, monkeypatch), tokens, "mine")
    assert data["label"] == "mine"
    (check,) = view.checks
    ranking = check.ranking[check.order("mine").rows[0]]
    assert (np.diff(maps[tokens].max(axis=0)[ranking]) <= 0).all()


def test_checks_of_python_are_shown_by_word_and_method_without_a_model() -> None:
    record = made_explanation()
    own = record.with_check(made.check(record)).with_check(made.flips(record))
    (data,) = known([own])
    found = data["check"]["entries"]
    start = record.prompt_length
    assert [(one["protocol"], one["tokens"]) for one in found] == [
        ("flip", [start]),
        ("flip", [start + 1]),
        ("cells", [start]),
        ("cells", [start + 1]),
    ]
    assert found[2]["curves"].keys() == {"method", "mask"}
    assert found[3]["curves"].keys() == {"method"}
    assert found[0]["answers"] == {"whole": "same", "removed": "same", "others": [0, 2]}
    assert found[0]["curves"] == {}
    assert found[0]["shares"] == [0, 0.125, 1]
    assert found[2]["blank"] == 0.125
    assert found[2]["settings"] == {}
    assert known([record]) == [{}]


def test_random_areas_of_a_flip_are_those_of_its_method() -> None:
    record = made_explanation()
    orders = (
        Order("a", "method", (0, 0)),
        Order("b", "method", (2, 2)),
        Order("random 0", "random", (1, 1)),
        Order("a, disjoint 0", "disjoint", (3, 3)),
        Order("b, disjoint 0", "disjoint", (4, 4)),
    )
    own = record.with_check(replace(made.flips(record), orders=orders))
    (data,) = known([own])
    said = {one["method"]: one["answers"] for one in data["check"]["entries"]}
    assert said["a"] == {"whole": "same", "removed": "same", "others": [1, 2]}
    assert said["b"] == {"whole": "same", "removed": "other", "others": [0, 2]}


def test_many_checks_are_bounded_and_the_newest_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    record = made_explanation()
    for seed in range(10):
        record = record.with_check(made.check(record, seed=seed, fill=f"fill {seed}"))
    (whole,) = known([record])
    monkeypatch.setattr(check_json, "MOST_BYTES", len(json.dumps(whole)) // 2)
    (data,) = known([record])
    kept, left_out = data["check"]["entries"], data["check"]["left_out"]
    assert len(kept) + left_out == 20
    assert 5 < len(kept) < 12
    assert kept[0]["fill"] == "fill 9"


@pytest.mark.parametrize("number", [2**31 - 1, 2**20])
def test_numbers_of_units_without_end_are_left_out(number: int) -> None:
    record = made_explanation()
    ranking = np.tile(np.array([0, number], np.int32), (5, 1))
    check = made.check(record, units="squares", ranking=ranking, settings={"squares": "x"})
    (data,) = known([record.with_check(check)])
    assert {one["steps"] for one in data["check"]["entries"]} == {""}
    assert {one["squares"] for one in data["check"]["entries"]} == {0}


def test_an_exported_page_has_the_checks(tmp_path: Any) -> None:
    record = made_explanation()
    to_html(record.with_check(made.check(record)), tmp_path / "a.html")
    assert '"left_out": 0' in (tmp_path / "a.html").read_text("utf-8")
    assert tw.Explorer(record.with_check(made.check(record)))._questions == [[]]


def test_a_method_with_a_layer_of_its_own_is_checked_as_it_was_computed(
    explainer: tw.Explainer, explained: tw.Explanation, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_attention = explainer.attribute(explained, ["attention"], progress=False)
    asking = Browser(tw.Explorer(with_attention, explainer=explainer), monkeypatch)
    token = explained.answer_tokens()[2]
    data = checked(asking, [token], "attention")
    check = explainer.check(with_attention, token, methods=["attention"], progress=False)
    own = np.exp(check.curve("attention", "deletion")[0])
    np.testing.assert_allclose(data["curves"]["method"]["deletion"], own, atol=2e-4)
