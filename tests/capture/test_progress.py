"""What a progress bar leaves behind, in a notebook and in a shell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

import tam_widgets as tw
from scripts.execute_notebooks import STATE, VIEW
from tam_widgets.capture.progress import progress_bar
from tam_widgets.progress_observer import observed

SETUP = "from tam_widgets.capture.progress import progress_bar"


def run(cell: str, folder: Path) -> tuple[list[Any], dict[str, Any]]:
    """Outputs of a cell and the notebook's widget state."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(f"{SETUP}\n{cell}")])
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(
        notebook, store_widget_state=True, allow_errors=True, resources=resources
    ).execute()
    return notebook.cells[0].outputs, notebook.metadata["widgets"][STATE]["state"]


def data_of(outputs: list[Any]) -> list[dict[str, Any]]:
    return [output["data"] for output in outputs if "data" in output]


def test_an_answer_that_ends_before_the_limit_leaves_nothing(tmp_path: Path) -> None:
    cell = "with progress_bar(256, 'token', keep=False) as bar:\n    bar.update(9)"
    outputs, state = run(cell, tmp_path)
    assert data_of(outputs) == [{"text/plain": ""}]
    styles = [model["state"].get("bar_style") for model in state.values()]
    assert "" in styles  # it was a bar
    assert "danger" not in styles


def test_a_bar_that_is_kept_becomes_text(tmp_path: Path) -> None:
    cell = "with progress_bar(3, 'answer') as bar:\n    bar.update(3)"
    outputs, _ = run(cell, tmp_path)
    (data,) = data_of(outputs)
    assert VIEW not in data
    assert "3/3" in data["text/plain"]


def test_a_bar_that_was_broken_off_says_where(tmp_path: Path) -> None:
    cell = (
        "with progress_bar(3, 'token', keep=False) as bar:\n"
        "    bar.update(1)\n    raise RuntimeError('broken off')"
    )
    outputs, _ = run(cell, tmp_path)
    assert outputs[-1]["evalue"] == "broken off"
    (data,) = data_of(outputs)
    assert "1/3" in data["text/plain"]


def test_a_shell_keeps_only_what_is_to_be_kept(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar(3, "answer") as bar:
        bar.update(3)
    assert "3/3" in capsys.readouterr().err
    with progress_bar(3, "answer", shown=False) as bar:
        bar.update(3)
    assert capsys.readouterr().err == ""


def test_the_time_left_of_uneven_units_is_told_from_all(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("tqdm.std.time", lambda: now)
    with progress_bar(20, "answer", uneven=True) as bar:
        for seconds in (1, 1, 1, 1, 1, 1, 1, 1, 1, 11):
            now += seconds
            bar.update()
        assert "00:20<00:20" in str(bar)  # ten took 20 s, the latest alone 11 s


class Ended(BaseException):
    """An observer ends what it observes."""


class Listener:
    """Hears of progress, and ends the computation at a step."""

    def __init__(self, end: int | None = None) -> None:
        self.heard: list[tuple[int, int]] = []
        self._end = end

    def report(self, done: int, total: int) -> None:
        self.heard.append((done, total))
        if done == self._end:
            raise Ended

    def wait(self) -> None:
        raise AssertionError("nothing else uses the model")


def test_an_observer_hears_of_steps_and_no_bar_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    listener = Listener()
    with observed(listener), progress_bar(3, "answer", initial=1) as bar:
        bar.update()
    with progress_bar(3, "answer", shown=False) as bar:
        bar.update()
    assert listener.heard == [(1, 3), (2, 3)]
    assert capsys.readouterr().err == ""


def test_steps_within_a_step_are_not_counted() -> None:
    listener = Listener()
    with observed(listener), progress_bar(3, "answer") as outer:
        outer.update(2)
        with progress_bar(256, "token") as inner:
            inner.update()
            assert listener.heard == [(0, 3), (2, 3), (2, 3), (2, 3)]
        outer.update()
    assert listener.heard[-1] == (3, 3)


def test_an_observer_ends_an_answer_between_two_tokens() -> None:
    explainer, scene = tw.demo.explainer("qwen2-vl"), tw.demo.scene(3)
    listener = Listener(end=2)
    with pytest.raises(Ended), observed(listener):
        explainer.explain(scene.image, scene.prompt)
    assert listener.heard == [(0, 256), (1, 256), (2, 256)]
    whole = explainer.explain(scene.image, scene.prompt, progress=False)
    fresh = tw.demo.explainer("qwen2-vl").explain(scene.image, scene.prompt, progress=False)
    assert whole.text == fresh.text
    assert (whole.activations == fresh.activations).all()
    assert not any(module._forward_hooks for module in explainer.model.modules())


def test_an_observer_ends_a_method_between_two_passes() -> None:
    explainer, scene = tw.demo.explainer("qwen2-vl"), tw.demo.scene(3)
    explanation = explainer.explain(scene.image, scene.prompt, progress=False)
    listener = Listener(end=1)
    with pytest.raises(Ended), observed(listener):
        explainer.attribute(explanation, ["occlusion"])
    assert [done for done, _ in listener.heard] == [0, 1]
    again = explainer.attribute(explanation, ["attention"], progress=False)
    assert "attention" in again.methods
