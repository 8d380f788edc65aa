"""The view that takes the map of a word apart, as Python sees it."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from traitlets import TraitError

import tam_widgets as tw
from tam_widgets.errors import OptionError, TokenIndexError
from tam_widgets.explanation.function_word import strongest_function_word
from tam_widgets.explanation.types import StoredImage
from tam_widgets.views.anatomy.numbers import numbers_of
from tam_widgets.views.anatomy.reduced import reduced, shown_tokens
from tam_widgets.views.exercises.context import context_of

from .made import explanation
from .test_questions import Browser


@cache
def demo() -> tuple[tw.Explainer, tw.Explanation]:
    explainer, scene = tw.demo.explainer("qwen2-vl"), tw.demo.scene(seed=7)
    return explainer, explainer.explain(scene.image, scene.prompt, progress=False)


def test_its_last_numbers_are_the_map() -> None:
    _, explained = demo()
    for token in explained.answer_tokens():
        numbers = tw.anatomy(explained, token).numbers
        np.testing.assert_array_equal(numbers[9]["map"], explained.maps("tam")[token])
        np.testing.assert_array_equal(numbers[3]["activation"], explained.activations[token])
        rest = numbers[3]["activation"] - numbers[7]["scale"] * numbers[6]["interference"]
        np.testing.assert_allclose(numbers[7]["residual"], rest.clip(0), atol=1e-4)
        shares, context = numbers[5]["weight"], explained.activations[:token]
        np.testing.assert_allclose(shares @ context, numbers[6]["interference"], atol=1e-4)


def test_its_window_makes_the_filtered_value() -> None:
    numbers = tw.anatomy(demo()[1], "laptop").numbers[9]
    assert numbers["value"] @ numbers["weight"] == pytest.approx(numbers["after"], rel=1e-4)


def test_the_interference_begins_with_the_first_token_that_lights_a_cell() -> None:
    made = explanation()
    token = made.find("runs")[0]
    shares = tw.anatomy(made, token).numbers[5]["weight"]
    heaviest = int(shares.argmax())
    activations = made.activations.copy()
    activations[heaviest] = 0
    numbers = tw.anatomy(replace(made, activations=activations), token).numbers
    assert numbers[6]["shown"] == 2
    assert 0 < numbers[6]["partial"].max() < numbers[6]["max"]


def test_what_is_taken_away_is_what_the_exercise_calls_context() -> None:
    _, explained = demo()
    token = explained.find("laptop")[0]
    numbers = tw.anatomy(explained, token).numbers[7]
    whole, left = numbers["activation"].sum(), numbers["residual"].sum()
    assert numbers["removed"] == pytest.approx(1 - left / whole, rel=1e-5)
    assert numbers["removed"] == context_of(explained, (token,)).share


def test_what_is_sent_is_what_the_steps_show() -> None:
    _, explained = demo()
    token = explained.find("laptop")[0]
    part = reduced(explained, token)
    np.testing.assert_array_equal(numbers_of(part, token)[9]["map"], explained.maps("tam")[token])
    shown = shown_tokens(explained, token)
    assert not shown.all()
    assert not part.activations[~shown].any()
    assert strongest_function_word(part, token) == strongest_function_word(explained, token)


def test_a_large_picture_is_sent_smaller_and_stands_for_its_size() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (1000, 1400, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).save(file, "PNG")
    picture = StoredImage(file.getvalue(), "image/png", 1400, 1000)
    (sent,) = reduced(explanation(images=(picture,)), 2).images
    assert (sent.width, sent.height) == (1400, 1000)
    assert len(sent.data) < len(picture.data) / 10
    assert sent.opened().width < 1000
    (small,) = reduced(explanation(), 2).images
    assert small == explanation().images[0]


def test_a_token_is_an_index_or_a_text_of_the_answer() -> None:
    _, explained = demo()
    assert tw.anatomy(explained, "cups").token == explained.find("cups")[0]
    assert tw.anatomy(explained, -2).token == len(explained.tokens) - 2
    with pytest.raises(OptionError, match="zebra"):
        tw.anatomy(explained, "zebra")
    with pytest.raises(TokenIndexError, match="give tokens of the answer"):
        tw.anatomy(explained, 0)
    with pytest.raises(OptionError, match="not an explanation"):
        tw.anatomy("laptop", 0)  # type: ignore[arg-type]


def test_a_step_that_there_is_not_is_refused() -> None:
    view = tw.anatomy(explanation(), "dog")
    view.step = 10
    with pytest.raises(TraitError, match="there are 10, give 1 to 10"):
        view.step = 11
    assert repr(view) == "<Anatomy of 'dog' by 'by-hand': step 10>"


def test_states_are_there_at_once_while_the_model_lives(tmp_path: Path) -> None:
    explainer, explained = demo()
    view = tw.anatomy(explained, "laptop")
    (known,) = view._known
    assert known["products"]["names"][0] == "its strongest cell"
    strongest = view.numbers[2]["sum"][0]
    assert strongest == pytest.approx(explained.activations[view.token].max(), rel=1e-5)
    explained.save(tmp_path / "one.safetensors")
    loaded = tw.load(tmp_path / "one.safetensors")
    assert tw.anatomy(loaded, "laptop").products is None
    assert tw.anatomy(loaded, "laptop", explainer=explainer).products is not None


def test_a_check_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    _, explained = demo()
    view = tw.anatomy(explained, "laptop")
    assert view._questions == [["check"]]
    assert "full" not in view.numbers[10]
    browser = Browser(view, monkeypatch)  # type: ignore[arg-type]
    browser.ask("check", tokens=[view.token], method="tam", defaults=True)
    browser.wait("done")
    (check,) = view.checks
    assert view.explanations[0].checks == (check,)
    (found,) = view._known[0]["check"]["entries"]
    assert (found["label"], found["settings"]) == ("TAM", {})
    assert view.numbers[10]["full"] == found["full"]


def test_in_the_explorer_states_are_a_question(monkeypatch: pytest.MonkeyPatch) -> None:
    _, explained = demo()
    view = tw.Explorer(explained, eci=0.5)
    assert "products" in view._questions[0]
    browser = Browser(view, monkeypatch)
    token = explained.find("laptop")[0]
    browser.ask("products", tokens=[token])
    assert browser.wait("done")["data"]["token"] == token
    browser.told.clear()
    browser.ask("check", number="2", tokens=[token], method="tam", defaults=True)
    assert browser.wait("done")["data"]["label"] == "TAM"  # not that of the view's settings


def test_a_map_with_settings_of_its_own_is_not_the_one_that_is_shown() -> None:
    explainer, explained = demo()
    half = explained.method("tam").variant("half", eci=0.5)
    check = explainer.check(explained, "laptop", [half], random_orders=1, progress=False)
    assert "full" not in tw.anatomy(explained.with_check(check), "laptop").numbers[10]


@pytest.mark.parametrize("answer", [(" cat", " and", " dog"), (" cat",)])
def test_the_strongest_function_word_is_another_word(answer: tuple[str, ...]) -> None:
    made = explanation(answer)
    found = strongest_function_word(made, made.find("cat")[0])
    assert found == (made.find("and")[0] if len(answer) > 1 else None)


def test_the_live_view_has_a_still_picture_beside_it() -> None:
    data: dict[str, Any] = tw.anatomy(explanation(), "dog")._repr_mimebundle_()[0]
    assert "application/vnd.jupyter.widget-view+json" in data
    assert data["image/jpeg"]
