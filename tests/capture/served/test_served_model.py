"""A model of which only probabilities are known is explained as if it were loaded."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import tam_widgets as tw
from tam_widgets import errors
from tam_widgets.capture.forcing.frozen_answer import FrozenAnswer
from tam_widgets.faithfulness.protocols import Protocol
from tam_widgets.views.questions.asking import possible

NAME = "qwen2-vl"
SEED = 3
WIDE = tw.METHODS["occlusion"].variant("occlusion", window=8)
QUICK: Any = Protocol("cells, 4 steps", "a test", steps=4)


@cache
def loaded() -> tuple[tw.Explainer, tw.Explanation, FrozenAnswer]:
    """The demo model as it is loaded, with an explanation of its answer."""
    scene, explainer = tw.demo.scene(SEED), tw.demo.explainer(NAME)
    explanation = explainer.explain(scene.image, scene.prompt, progress=False)
    return explainer, explanation, explainer.frozen(explanation)


def texts() -> list[str]:
    _, explanation, _ = loaded()
    answer = explanation.tokens[explanation.answer_slice]
    return [token.text for token in answer if not token.special]


def forced(pictures: Sequence[Image.Image], _prompt: str, _answer: str) -> np.ndarray:
    """Log-probabilities by teacher forcing, in batches."""
    _, explanation, frozen = loaded()
    tokens = explanation.answer_tokens()
    return frozen.log_probabilities([[picture] for picture in pictures], tokens)


@cache
def served() -> tuple[tw.ServedModel, tw.Explanation]:
    """The same model through a function, and its explanation without maps."""
    model = tw.ServedModel(forced, name="served", batch_size=8)
    scene, (_, known, _) = tw.demo.scene(SEED), loaded()
    grid = known.grids[0].rows, known.grids[0].cols
    made = model.explain(scene.image, scene.prompt, known.text, tokens=texts(), grid=grid)
    return model, made


def noise() -> Image.Image:
    values = np.random.default_rng(0).integers(0, 256, (48, 64, 3))
    return Image.fromarray(values.astype(np.uint8))


def made(f: Callable[..., Any], **settings: Any) -> tuple[tw.ServedModel, tw.Explanation]:
    model = tw.ServedModel(f, **settings)
    return model, model.explain(noise(), "What is there?", "A dog.")


def bright(picture: Image.Image, _prompt: str, answer: str) -> list[float]:
    """The more probable, the brighter the picture is."""
    mean = float(np.asarray(picture).mean()) / 255
    return [math.log(0.1 + 0.8 * mean)] * len(answer.split())


@pytest.mark.parametrize(
    "method",
    [
        tw.METHODS["occlusion"].variant("occlusion", window=8),
        tw.METHODS["rise"].variant("rise", count=24),
        "edges",
        "centre",
        "random",
    ],
)
def test_maps_are_those_of_the_loaded_model(method: str | tw.Method) -> None:
    explainer, known, _ = loaded()
    model, own = served()
    assert own.grids == known.grids
    assert own.images == known.images
    start, count = known.prompt_length, len(texts())
    expected = explainer.attribute(known, [method], progress=False).maps(method)
    found = model.attribute(own, [method], progress=False).maps(method)
    if method == "random":  # its maps hang on the tokens' numbers
        assert found[own.answer_slice].std() > 0.2
        return
    np.testing.assert_allclose(found[own.answer_slice], expected[start : start + count], atol=2e-4)


def test_a_check_is_that_of_the_loaded_model() -> None:
    explainer, known, _ = loaded()
    model, own = served()
    known = explainer.attribute(known, [WIDE], progress=False)
    own = model.attribute(own, [WIDE], progress=False)
    noun = known.words("answer")[-1].tokens[0]
    twin = noun - known.prompt_length + own.prompt_length
    settings = {"methods": ["occlusion"], "protocol": QUICK, "random_orders": 1, "progress": False}
    expected = explainer.check(known, noun, **settings)
    before = model.calls
    found = model.check(own, twin, **settings)
    asked = model.cost_of_check(own, twin, ["occlusion"], QUICK, random_orders=1)
    assert asked / 8 - 1 <= model.calls - before <= asked / 8 + 2
    assert found.deletion("occlusion") == pytest.approx(expected.deletion("occlusion"), abs=1e-4)
    assert found.insertion("occlusion") == pytest.approx(expected.insertion("occlusion"), abs=1e-4)
    for side in ("deletion_log_p", "insertion_log_p"):
        ours, theirs = getattr(found, side), getattr(expected, side)
        np.testing.assert_allclose(ours, theirs[:, :, : ours.shape[2]], atol=1e-3)
    before = model.calls
    model.check(own, twin, **settings)
    assert model.calls == before
    (entry,) = own.with_check(found).checks
    assert entry is found


def test_reliance_is_that_of_the_loaded_model() -> None:
    explainer, known, _ = loaded()
    model, own = served()
    expected = explainer.measure_reliance(known).reliance
    found = model.measure_reliance(own).reliance
    first, count = known.prompt_length, len(texts())
    np.testing.assert_allclose(found[own.answer_slice], expected[first : first + count], atol=1e-3)


def test_the_number_of_calls_is_known_before() -> None:
    model, explanation = made(bright)
    assert (model.calls, list(explanation.methods)) == (1, [])
    methods = ["occlusion", tw.METHODS["rise"].variant("rise", count=20), "edges"]
    cost = model.cost(explanation, methods)
    assert {name: passes.forward for name, passes in cost.items()} == {
        "occlusion": 90,
        "rise": 20,
        "edges": 0,
    }
    assert model.calls == 1
    explanation = model.attribute(explanation, methods, progress=False)
    assert model.calls == 1 + 89 + 20  # the whole picture was asked about before
    asked = model.cost_of_check(explanation, "dog", ["occlusion", "edges"], random_orders=1)
    before = model.calls
    model.check(explanation, "dog", ["occlusion", "edges"], random_orders=1, progress=False)
    assert model.calls - before <= asked
    assert model.calls - before >= asked - 5  # some pictures occlusion has asked about


def test_batches_are_asked_for_at_once() -> None:
    sizes = []

    def f(pictures: list[Image.Image], prompt: str, answer: str) -> list[list[float]]:
        sizes.append(len(pictures))
        return [bright(picture, prompt, answer) for picture in pictures]

    model, explanation = made(f, batch_size=16)
    batched = model.attribute(explanation, progress=False)
    one, alone = made(bright)
    np.testing.assert_allclose(batched.maps(), one.attribute(alone, progress=False).maps())
    assert max(sizes) == 16
    assert model.calls == len(sizes)
    assert sum(sizes) == 90


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (lambda: [-1.0], r"the shape \(1,\): \(2,\)"),
        (lambda: [-1.0, math.nan], r"\[1\] is nan"),
        (lambda: [-1.0, 0.5], r"\[1\] is 0.5: natural logarithms.*of probabilities take math.log"),
        (lambda: [-1.0, -math.inf], "finite and at most 0"),
        (lambda: None, r"the shape \(\)|no array"),
        (lambda: ["a", "b"], "no array of numbers"),
        (lambda: 1 / 0, "raised ZeroDivisionError: division by zero"),
    ],
)
def test_faults_of_the_function_are_named_with_the_call(
    fault: Callable[[], Any], message: str
) -> None:
    broken = True

    def f(*asked: Any) -> Any:
        return fault() if broken and model.calls == 30 else bright(*asked)

    model = tw.ServedModel(f)
    explanation = model.explain(noise(), "What is there?", "A dog.")
    with pytest.raises(errors.ModelError, match=f"call 30 of the served model.*{message}"):
        model.attribute(explanation, progress=False)
    broken = False
    found = model.attribute(explanation, progress=False)
    assert model.calls == 91  # one for the fault; nothing is asked twice
    one, alone = made(bright)
    np.testing.assert_allclose(
        found.maps().max(), one.attribute(alone, progress=False).maps().max()
    )


def test_a_fault_of_the_first_call_keeps_nothing() -> None:
    with pytest.raises(errors.ModelError, match="call 1 of the served model") as caught:
        tw.ServedModel(lambda *_: [0.5, 0.5]).explain(noise(), "What is there?", "A dog.")
    assert "before is kept" not in str(caught.value)


@pytest.mark.parametrize("one", [lambda picture, *_: picture.size, lambda *_: [-1.0, -1.0]])
def test_a_function_of_one_picture_is_told_of_batch_size(one: Callable[..., Any]) -> None:
    model = tw.ServedModel(one, batch_size=4)
    with pytest.raises(errors.ModelError, match="with batch_size=4 it gets a list of pictures"):
        model.explain(noise(), "What is there?", "A dog.")


def test_a_stopped_check_goes_on() -> None:
    stopped = True

    def f(*asked: Any) -> Any:
        if stopped and model.calls == 110:
            raise KeyboardInterrupt
        return bright(*asked)

    model = tw.ServedModel(f)
    explanation = model.explain(noise(), "What is there?", "A dog.")
    explanation = model.attribute(explanation, progress=False)
    with (
        pytest.warns(UserWarning, match="stopped after .* run again, goes on from there"),
        pytest.raises(KeyboardInterrupt),
    ):
        model.check(explanation, "dog", progress=False)
    stopped = False
    total = model.cost_of_check(explanation, "dog")
    model.check(explanation, "dog", progress=False)
    assert model.calls <= 90 + 1 + total


def test_a_function_may_change_its_picture() -> None:
    def f(picture: Image.Image, prompt: str, answer: str) -> list[float]:
        found = bright(picture, prompt, answer)
        picture.paste((0, 0, 0), (0, 0, *picture.size))
        return found

    model, explanation = made(f)
    one, alone = made(bright)
    expected = one.attribute(alone, progress=False).maps()
    np.testing.assert_allclose(model.attribute(explanation, progress=False).maps(), expected)


def test_without_maps_views_say_what_to_do() -> None:
    _, explanation = made(bright)
    for view in (tw.Explorer, lambda one: one.maps(), lambda one: one.to_dataframe()):
        with pytest.raises(errors.OptionError, match=r'no map yet.*\["occlusion"\]'):
            view(explanation)


def test_saved_and_gone_on_with(tmp_path: Path) -> None:
    model, explanation = made(bright, name="theirs")
    model.attribute(explanation, progress=False).save(tmp_path / "a.safetensors")
    explanation = tw.load(tmp_path / "a.safetensors")
    assert (explanation.title, explanation.text) == ("theirs", "A dog.")
    before = model.calls
    again = model.attribute(explanation, progress=False)
    assert model.calls == before
    np.testing.assert_array_equal(again.maps(), explanation.maps())


def test_maps_of_another_tool_are_checked() -> None:
    model, explanation = made(bright)
    picture = explanation.images[0]
    maps = np.random.default_rng(0).random((2, 12, 16))
    given = tw.Explanation.from_maps(
        picture, ["A", " dog."], {"theirs": maps}, prompt="What is there?"
    )
    check = model.check(given, "dog", progress=False)
    assert check.orders[0].name == "theirs"
    assert check.log_p_full[0] == pytest.approx(math.log(explanation.tokens[-1].probability or 0))


def test_the_explorer_asks_what_a_function_can_tell() -> None:
    model, explanation = made(bright)
    explanation = model.attribute(explanation, progress=False)
    assert possible([explanation], [model]) == [["check", "reliance"]]  # type: ignore[list-item]
    assert possible([explanation], [None]) == [[]]
    view = tw.Explorer(explanation, explainer=model)  # type: ignore[arg-type]
    assert view.method == "occlusion"


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (lambda model, ex: model.attribute(ex, ["attention"]), errors.OptionError, "inside.*rise"),
        (lambda model, ex: model.attribute(ex, ["tam"]), errors.OptionError, "needs no model"),
        (
            lambda model, ex: model.check(
                model.attribute(ex, progress=False), protocol="flip", progress=False
            ),
            errors.UnsupportedModelError,
            "cannot write",
        ),
        (
            lambda model, ex: model.cost_of_check(
                model.attribute(ex, progress=False), None, None, "lvlm"
            ),
            errors.OptionError,
            "name tokens",
        ),
        (lambda model, _ex: model.frozen(loaded()[1]), errors.UnsupportedModelError, "special"),
        (
            lambda model, ex: model.explain(
                ex.images[0].opened(), "", "A dog", tokens=["A", "dog"]
            ),
            errors.OptionError,
            "'Adog', and the answer is 'A dog'",
        ),
        (
            lambda model, _ex: model.explain("missing.png", "", "A"),
            errors.ImageError,
            "no such file",
        ),
        (
            lambda model, ex: model.explain(ex.images[0].opened(), "", "A dog", grid=(0, 4)),
            errors.OptionError,
            "from 1 to 64",
        ),
        (
            lambda model, ex: model.explain(ex.images[0].opened(), "", "A dog", grid=7),
            errors.OptionError,
            "rows, cols",
        ),
        (lambda _model, _ex: tw.ServedModel("f"), errors.OptionError, "f\\(picture, prompt"),
        (
            lambda _model, _ex: tw.ServedModel(bright, batch_size=0),
            errors.OptionError,
            "batch_size",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused(
    act: Callable[[Any, Any], Any], error: type[Exception], message: str
) -> None:
    model, explanation = made(bright)
    with pytest.raises(error, match=message):
        act(model, explanation)


def test_nothing_loads_torch() -> None:
    import subprocess

    code = (
        "import sys, tam_widgets as tw\nfrom PIL import Image\n"
        "model = tw.ServedModel(lambda picture, prompt, answer: [-1.0])\n"
        "ex = model.explain(Image.new('RGB', (16, 16)), 'a', 'b', grid=(2, 2))\n"
        "ex = model.attribute(ex, ['occlusion', 'edges'], progress=False)\n"
        "model.check(ex, progress=False)\n"
        "assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
