"""Many items at once: whatever one of them does, the others keep their explanations."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import torch

import tam_widgets as tw
from tam_widgets.errors import GenerationError, ModelError, PromptError

PROMPT = "Describe this image."


class Hostile:
    """Stands for a picture and raises when it is looked at."""

    @property
    def ndim(self) -> int:
        raise ZeroDivisionError("no picture at all")


@pytest.fixture(scope="module")
def explainer() -> tw.Explainer:
    return tw.demo.explainer("qwen2-vl")


def scenes(count: int) -> list[Any]:
    return [tw.demo.scene(number).image for number in range(count)]


@contextmanager
def failing(model: torch.nn.Module, fails: Any) -> Iterator[None]:
    def hook(_module: Any, _given: Any, options: dict[str, Any]) -> None:
        if fails(options):
            raise torch.OutOfMemoryError("no memory left")

    handle = model.register_forward_pre_hook(hook, with_kwargs=True)
    try:
        yield
    finally:
        handle.remove()


def test_an_item_that_raises_anything_costs_itself_only(explainer: tw.Explainer) -> None:
    pictures = scenes(2)
    items = [(pictures[0], PROMPT), (Hostile(), PROMPT), 7, (pictures[1], PROMPT, "A dog.")]
    with pytest.warns(UserWarning, match="2 of 4 items could not be explained"):
        results = explainer.explain_many(items, progress=False)
    assert results[0].text == explainer.explain(pictures[0], PROMPT, progress=False).text
    assert isinstance(results[1], ModelError)
    assert isinstance(results[1].__cause__, ZeroDivisionError)
    assert "ZeroDivisionError in test_many.py, line" in str(results[1])
    assert isinstance(results[2], PromptError)
    assert results[3].text == "A dog."


def test_a_warning_of_failures_holds_no_controls(explainer: tw.Explainer) -> None:
    items = [("no\x1b[2Jpicture.png", PROMPT)]
    with pytest.warns(UserWarning, match=r"no\\x1b\[2Jpicture") as warned:
        explainer.explain_many(items, progress=False)
    assert "\x1b" not in str(warned[0].message)


def test_an_error_without_words_is_kept_too(explainer: tw.Explainer) -> None:
    class WordlessError(Exception):
        def __str__(self) -> str:
            raise RuntimeError("not even a message")

    class Broken:
        @property
        def ndim(self) -> int:
            raise WordlessError

    (picture,) = scenes(1)
    items = [(Broken(), PROMPT), (picture, PROMPT, "A dog.")]
    with pytest.warns(UserWarning, match="1 of 2 items could not be explained"):
        failed, given = explainer.explain_many(items, progress=False)
    assert isinstance(failed, ModelError)
    assert str(failed).startswith("WordlessError in test_many.py, line")
    assert given.text == "A dog."


def test_what_fails_together_is_answered_one_by_one(explainer: tw.Explainer) -> None:
    pictures = scenes(3)
    items = [(picture, PROMPT) for picture in pictures]
    with (
        failing(explainer.model, lambda options: len(options["input_ids"]) > 1),
        pytest.warns(UserWarning, match=r"3 items could not be answered together \(OutOfMemory"),
    ):
        results = explainer.explain_many(items, progress=False)
    single = [explainer.explain(picture, PROMPT, progress=False) for picture in pictures]
    assert [one.text for one in results] == [one.text for one in single]


def test_a_model_that_always_fails_leaves_an_error_in_each_place(explainer: tw.Explainer) -> None:
    items = [(picture, PROMPT) for picture in scenes(2)]
    with failing(explainer.model, lambda _options: True), pytest.warns(UserWarning, match="3 of 3"):
        results = explainer.explain_many([*items, (*items[0], "A dog.")], progress=False)
    assert [type(one) for one in results] == [ModelError] * 3
    assert explainer.explain(*items[0], progress=False).text, "the model is as it was before"


def test_a_keyword_that_generate_refuses_keeps_the_given_answers(explainer: tw.Explainer) -> None:
    (picture,) = scenes(1)
    items = [(picture, PROMPT), (picture, PROMPT, "A dog.")]
    with pytest.warns(UserWarning, match="1 of 2"):
        refused, given = explainer.explain_many(items, progress=False, num_return_sequences=2)
    assert isinstance(refused, GenerationError)
    assert given.text == "A dog."


def test_an_interruption_is_not_an_item_s_error(explainer: tw.Explainer) -> None:
    class Interrupted:
        @property
        def ndim(self) -> int:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        explainer.explain_many([(Interrupted(), PROMPT)], progress=False)
