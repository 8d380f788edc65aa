"""Questions to a model that writes slowly: how far it is, and that *stop* ends it meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

import tam_widgets as tw

from .test_questions import Browser


class Gate:
    """Lets a model make a pass only when a test says so; counts passes that have begun."""

    def __init__(self) -> None:
        self.passes, self._free = 0, threading.Semaphore(0)

    def let(self, passes: int) -> None:
        self._free.release(passes)

    def __call__(self, *_: Any) -> None:
        self.passes += 1
        assert self._free.acquire(timeout=60)


@contextmanager
def slow(explainer: tw.Explainer) -> Iterator[Gate]:
    gate = Gate()
    handle = explainer.decoder_layers[0].register_forward_pre_hook(gate)
    try:
        yield gate
    finally:
        handle.remove()
        gate.let(1000)


@pytest.fixture(scope="module")
def explainer() -> tw.Explainer:
    return tw.demo.explainer("qwen2-vl")


@pytest.fixture
def explanation(explainer: tw.Explainer) -> tw.Explanation:
    scene = tw.demo.scene(seed=7)
    return explainer.explain(scene.image, scene.prompt, progress=False, max_new_tokens=64)


@pytest.fixture
def browser(explanation: tw.Explanation, monkeypatch: pytest.MonkeyPatch) -> Browser:
    return Browser(tw.Explorer(explanation), monkeypatch)


def reaches(browser: Browser, done: int, total: int) -> bool:
    """Waits until the browser was told that so much is done."""
    with browser.news:
        return browser.news.wait_for(
            lambda: any((r["done"], r["total"]) == (done, total) for r in browser.of("running")),
            timeout=60,
        )


@pytest.mark.parametrize("kind", ["write_on", "paint", "crop"])
def test_each_token_is_told_and_the_next_one_is_not_written_after_stop(
    explainer: tw.Explainer, explanation: tw.Explanation, browser: Browser, kind: str
) -> None:
    changes: dict[str, dict[str, Any]] = {
        "write_on": {"token": explanation.answer_tokens()[0], "word": "cats"},
        "paint": {"image": 0, "boxes": [[10, 10, 60, 90]]},
        "crop": {"box": [0, 0, 100, 100]},
    }
    with slow(explainer) as gate:
        browser.ask("what-if", **{kind: changes[kind]})
        gate.let(3)
        assert reaches(browser, 3, 64)
        assert not browser.of("done")
        browser.stop()
        gate.let(1)  # the pass that is running
        browser.wait("stopped")
        assert gate.passes == 4
    assert browser.view.step == 0
    assert not browser.view._steps


@pytest.mark.parametrize(
    ("name", "more"),
    [("layers", {"tokens": [5]}), ("reliance", {}), ("what-if", {"answer": "A cup."})],
)
def test_a_single_pass_is_told_and_what_it_finds_is_thrown_away_after_stop(
    explainer: tw.Explainer, browser: Browser, name: str, more: dict[str, Any]
) -> None:
    with slow(explainer) as gate:
        browser.ask(name, **more)
        assert reaches(browser, 0, 1)
        browser.stop()
        gate.let(1)
        browser.wait("stopped")
    view = browser.view
    assert not view._steps
    assert not view.explanations[0].layers
    assert view._known == [{}]


def test_stop_is_heard_between_an_answer_and_its_reliance(
    explainer: tw.Explainer, explanation: tw.Explanation, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured = explainer.measure_reliance(explanation)
    browser = Browser(tw.Explorer(measured), monkeypatch)
    with slow(explainer) as gate:
        browser.ask("what-if", answer="A cup.")
        assert reaches(browser, 0, 1)
        browser.stop()
        gate.let(1)
        browser.wait("stopped")
        assert gate.passes == 1
