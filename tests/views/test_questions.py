"""Questions that a view asks its model, in threads."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

import tam_widgets as tw
from tam_widgets.capture.model_access import evaluating
from tam_widgets.views.questions import asking
from tam_widgets.views.questions.job import Job
from tam_widgets.views.questions.question import Asked, Question, Reply


class Browser:
    """Stands for the browser of a view: sends questions, and keeps what it is told."""

    def __init__(self, view: tw.Explorer, monkeypatch: pytest.MonkeyPatch) -> None:
        self.view, self.told = view, []
        self.news = threading.Condition()
        monkeypatch.setattr(view._asking, "_send", self._hear)

    def _hear(self, content: dict[str, Any], _buffers: Any) -> None:
        with self.news:
            self.told.append(content)
            self.news.notify_all()

    def ask(self, name: str, panel: int = 0, number: str = "1", **more: Any) -> None:
        content = {"kind": "question", "id": number, "name": name, "panel": panel, **more}
        self.view._on_message(None, content, None)

    def stop(self, number: str = "1") -> None:
        self.view._on_message(None, {"kind": "stop", "id": number}, None)

    def poll(self, number: str = "1") -> None:
        self.view._on_message(None, {"kind": "poll", "id": number}, None)

    def wait(self, *states: str) -> dict[str, Any]:
        with self.news:
            assert self.news.wait_for(lambda: self.of(*states), timeout=60), self.told
            return self.of(*states)[-1]

    def of(self, *states: str) -> list[dict[str, Any]]:
        return [one for one in self.told if one["state"] in states]


@pytest.fixture
def ask(
    explainer: tw.Explainer, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Callable[[Asked, Job], Any]], Browser]:
    """Makes a view with a question of a test's own, called `test`."""

    def make(work: Callable[[Asked, Job], Any]) -> Browser:
        question = Question("test", work, lambda _view, _asked, result: Reply(result))
        monkeypatch.setitem(asking.QUESTIONS, "test", question)
        scene = tw.demo.scene(3)
        explanation = explainer.explain(scene.image, scene.prompt, progress=False)
        return Browser(tw.Explorer(explanation), monkeypatch)

    return make


@pytest.fixture(scope="module")
def explainer() -> tw.Explainer:
    return tw.demo.explainer("qwen2-vl")


def test_an_explanation_knows_its_explainer_while_it_lives() -> None:
    own, scene = tw.demo.explainer("qwen2-vl"), tw.demo.scene(3)
    explanation = own.explain(scene.image, scene.prompt, progress=False)
    copy = explanation.with_maps("mine", explanation.activations)
    assert explanation.explainer is own
    assert copy.explainer is own
    assert replace(explanation, activations=explanation.activations.copy()).explainer is None
    del own
    gc.collect()
    assert explanation.explainer is None
    assert copy.explainer is None


def test_a_question_is_answered_while_the_notebook_goes_on(ask: Any) -> None:
    go = threading.Event()

    def work(asked: Asked, job: Job) -> str:
        job.report(1, 2, "half")
        assert go.wait(60)
        return asked.explanation.text

    browser = ask(work)
    browser.ask("test")
    assert browser.wait("running") == {
        "kind": "answer", "id": "1", "state": "running", "done": 1, "total": 2, "data": "half"
    }  # fmt: skip
    go.set()
    assert browser.wait("done")["data"] == browser.view.explanations[0].text


def test_a_question_can_be_stopped_between_steps(ask: Any) -> None:
    def work(_asked: Asked, job: Job) -> None:
        for step in range(10_000):
            job.report(step, 10_000)
            time.sleep(0.005)

    browser = ask(work)
    browser.ask("test")
    browser.wait("running")
    browser.stop()
    browser.wait("stopped")
    assert not any(one["state"] == "done" for one in browser.told)


def test_a_question_that_waits_for_the_model_is_stopped_at_once(ask: Any) -> None:
    free = threading.Event()

    def work(_asked: Asked, job: Job) -> None:
        free.wait(60)
        job.report(0, 1)

    browser = ask(work)
    browser.ask("test")
    browser.stop()
    browser.wait("stopped")
    free.set()


def test_what_the_model_does_is_told_and_can_be_stopped(ask: Any) -> None:
    def work(asked: Asked, _job: Job) -> None:
        scene = tw.demo.scene(3)
        while True:  # until it is stopped
            asked.model.explain(scene.image, scene.prompt)

    browser = ask(work)
    browser.ask("test")
    assert browser.wait("running")["total"] == 256
    browser.stop()
    browser.wait("stopped")


def test_a_question_says_that_it_waits_for_the_model_and_ends(ask: Any) -> None:
    go = threading.Event()

    def work(asked: Asked, job: Job) -> int:
        with evaluating(asked.model.model):
            job.report(0, 1)
            assert go.wait(60)
        return 5

    browser = ask(work)
    browser.ask("test", number="1")
    browser.wait("running")
    browser.ask("test", number="2")
    assert browser.wait("waiting")["id"] == "2"
    go.set()
    with browser.news:
        ended = [one["id"] for one in browser.told if one["state"] == "done"]
        assert browser.news.wait_for(lambda: len(browser.of("done")) == 2, timeout=60), ended


def test_a_cell_may_explain_while_a_question_is_answered(ask: Any, explainer: Any) -> None:
    scene = tw.demo.scene(4)
    alone = explainer.explain(scene.image, scene.prompt, progress=False)

    def work(asked: Asked, _job: Job) -> Any:
        return asked.model.explain(scene.image, scene.prompt).text

    browser = ask(work)
    for number in range(3):
        browser.ask("test", number=str(number))
    meanwhile = explainer.explain(scene.image, scene.prompt, progress=False)
    assert (meanwhile.activations == alone.activations).all()
    with browser.news:
        assert browser.news.wait_for(lambda: len(browser.of("done")) == 3, timeout=60)
    assert {one["data"] for one in browser.of("done")} == {alone.text}


def test_a_model_that_is_gone_is_asked_for(ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(lambda asked, _job: asked.model.name)
    own, scene = tw.demo.explainer("qwen2-vl"), tw.demo.scene(3)
    made = own.explain(scene.image, scene.prompt, progress=False)
    browser = Browser(tw.Explorer(made), monkeypatch)
    del own
    gc.collect()
    browser.ask("test")
    assert "Explorer(explanation, explainer=…)" in browser.wait("failed")["message"]


def test_a_host_where_threads_may_not_send_is_told_when_the_browser_asks(
    ask: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    main, over = threading.current_thread(), threading.Event()
    taken: list[threading.Thread] = []

    def work(_asked: Asked, job: Job) -> str:
        job.report(1, 2)
        over.set()
        return "whole"

    def take(_view: Any, _asked: Asked, result: str) -> Reply:
        taken.append(threading.current_thread())
        return Reply(result)

    def send(content: dict[str, Any], buffers: Any) -> None:
        if threading.current_thread() is not main:
            raise RuntimeError("no session")
        browser._hear(content, buffers)

    browser = ask(work)
    monkeypatch.setitem(asking.QUESTIONS, "test", Question("test", work, take))
    monkeypatch.setattr(browser.view._asking, "_send", send)
    browser.ask("test")
    assert over.wait(60)
    while not browser.of("done"):
        browser.poll()
    states = [one["state"] for one in browser.told]
    assert states[0] == "heard"
    assert states.index("running") < states.index("done")
    assert taken == [main]


def test_the_browser_may_set_the_view_while_results_are_added(
    ask: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    adding, go = threading.Event(), threading.Event()

    def take(view: Any, _asked: Asked, _result: None) -> Reply:
        adding.set()
        assert go.wait(60)
        view.update_explanations(view.explanations[0], lambda one: one)
        return Reply()

    browser = ask(lambda _asked, _job: None)
    monkeypatch.setitem(asking.QUESTIONS, "test", Question("test", lambda _asked, _job: None, take))
    browser.ask("test")
    assert adding.wait(60)
    setting = threading.Thread(target=browser.view.set_state, args=({"selected": [[0, 3]]},))
    setting.start()
    assert browser.view.selected == []
    go.set()
    setting.join(60)
    browser.wait("done")
    assert browser.view.selected == [(0, 3)]


def test_a_long_step_shows_that_it_lives(ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tam_widgets.views.questions.job.ALIVE_EVERY", 0.01)
    over = threading.Event()
    browser = ask(lambda _asked, _job: over.wait(60))
    browser.ask("test")
    browser.wait("alive")
    over.set()
    browser.wait("done")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (tw.errors.OptionError("give another"), "give another"),
        (RuntimeError("out of memory"), "RuntimeError: out of memory"),
    ],
)
def test_a_failure_is_told(ask: Any, error: Exception, said: str) -> None:
    def work(_asked: Asked, _job: Job) -> None:
        raise error

    browser = ask(work)
    browser.ask("test")
    assert browser.wait("failed")["message"] == said


@pytest.mark.parametrize(
    ("name", "panel", "said"),
    [
        ("nothing", 0, "'nothing' is not known"),
        ("test", 1, "panel=1: give 0 to 0"),
        ("test", None, "panel=None"),
    ],
)
def test_what_is_no_question_is_refused(ask: Any, name: str, panel: Any, said: str) -> None:
    browser = ask(lambda _asked, _job: None)
    browser.ask(name, panel)
    assert said in browser.wait("failed")["message"]


def test_a_view_without_a_model_asks_nothing_until_it_is_given_one(explainer: Any) -> None:
    scene = tw.demo.scene(3)
    made = explainer.explain(scene.image, scene.prompt, progress=False)
    loaded = replace(made, activations=made.activations.copy())
    assert tw.Explorer(loaded)._questions == [[]]
    assert "reliance" in tw.Explorer(loaded, explainer=explainer)._questions[0]
    assert "reliance" in tw.compare(loaded, made)._questions[1]
    both = tw.compare(loaded, made, explainer=[explainer, None])
    assert both.explainers == [explainer, explainer]


@pytest.mark.parametrize("given", ["qwen", [None, None]])
def test_what_is_no_explainer_is_refused(explainer: Any, given: Any) -> None:
    scene = tw.demo.scene(3)
    explanation = explainer.explain(scene.image, scene.prompt, progress=False)
    with pytest.raises(tw.errors.OptionError, match="explainer="):
        tw.Explorer(explanation, explainer=given)
