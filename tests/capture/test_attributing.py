"""Maps computed with the model, and added to explanations: what may go wrong, and is told."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

import tam_widgets as tw
from tam_widgets.attribution import Method, Option, register, unregister
from tam_widgets.capture.forcing.frozen_answer import BATCH, FrozenAnswer
from tam_widgets.capture.inputs.media import Video
from tam_widgets.errors import (
    ImageError,
    OptionError,
    TokenIndexError,
    TraceError,
    UnsupportedModelError,
)

from ..models import tiny
from ..models.probe import photo

PROMPT = "Describe this image."
ANSWER = "A cat sits there."


@pytest.fixture(scope="module")
def explainer() -> tw.Explainer:
    return tw.Explainer(*tiny.qwen2_vl())


@pytest.fixture(scope="module")
def made(explainer: tw.Explainer) -> tw.Explanation:
    return explainer.explain(photo((120, 90)), PROMPT, answer=ANSWER)


def attribute(explainer: tw.Explainer, made: tw.Explanation, *args: Any) -> tw.Explanation:
    return explainer.attribute(made, *args, progress=False)


def test_maps_are_added_and_the_explanation_stays_as_it_was(
    explainer: tw.Explainer, made: tw.Explanation
) -> None:
    found = attribute(explainer, made, ["gradient-x-input", "centre"])
    assert not made.extra_maps
    assert set(found.extra_maps) == {"gradient-x-input", "centre"}
    maps = found.maps("gradient-x-input")
    assert np.abs(maps).max() == pytest.approx(1)
    assert maps.min() < 0
    assert not maps[: made.prompt_length].any()


def test_maps_of_a_variant_have_its_name_and_options(
    explainer: tw.Explainer, made: tw.Explanation
) -> None:
    variant = tw.METHODS["random"].variant("random, seed 7", seed=7)
    found = attribute(explainer, made, ["random", variant])
    assert not np.array_equal(found.maps("random"), found.maps("random, seed 7"))
    assert found.extra_methods["random, seed 7"].fixed["seed"] == 7


def strong(frozen: FrozenAnswer, tokens: Sequence[int], *, power: int = 1, **_: Any) -> Any:
    """A map whose largest value is its token's index to a power."""
    shape = np.linspace(0, 1, len(frozen.visual))
    return np.array([token**power * np.roll(shape, token) for token in tokens])


STRONG = Method(
    "strong", model_maps=strong, options=(Option("power", 1, low=0, high=3, whole=True),)
)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["stronger later", "weaker later"])
@pytest.mark.parametrize("method", [STRONG, "occlusion", "gradient-x-input", "random"])
def test_words_computed_one_after_the_other_have_the_maps_of_both_together(
    explainer: tw.Explainer,
    made: tw.Explanation,
    method: str | Method,
    order: tuple[int, int],
    tmp_path: Path,
) -> None:
    name = method if isinstance(method, str) else method.name
    words = ["cat", "sits"]
    together = attribute(explainer, made, [method], words)
    first, second = (words[number] for number in order)
    path = tmp_path / "one.safetensors"
    attribute(explainer, made, [method], first).save(path)
    found = attribute(explainer, tw.load(path), [method], second)
    assert found.extra_tokens[name] == together.extra_tokens[name]
    np.testing.assert_allclose(found.maps(name), together.maps(name), atol=1e-4)
    assert np.abs(found.maps(name)).max() == pytest.approx(1)
    largest = [one.extra_methods[name].fixed["largest"] for one in (found, together)]
    assert largest[0] == pytest.approx(largest[1], rel=1e-3)


def test_a_weaker_word_that_is_added_leaves_the_maps_of_others_exactly_as_they_were(
    explainer: tw.Explainer, made: tw.Explanation
) -> None:
    cat, sits = made.find("cat")[-1], made.find("sits")[-1]
    before = attribute(explainer, made, [STRONG], "sits")
    after = attribute(explainer, before, [STRONG], "cat")
    assert np.array_equal(after.maps("strong")[sits], before.maps("strong")[sits])
    assert after.maps("strong")[cat].max() == pytest.approx(cat / sits)


def test_words_that_are_asked_again_get_new_maps(
    explainer: tw.Explainer, made: tw.Explanation
) -> None:
    before = attribute(explainer, made, [STRONG], ["cat", "sits"])
    half = replace(STRONG, model_maps=lambda *given, **named: strong(*given, **named) / 2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        after = attribute(explainer, before, [half], ["cat", "sits"])
    largest = [one.extra_methods["strong"].fixed["largest"] for one in (before, after)]
    assert largest[1] == pytest.approx(largest[0] / 2)


def test_maps_of_other_options_are_replaced_and_lost_words_named(
    explainer: tw.Explainer, made: tw.Explanation
) -> None:
    before = attribute(explainer, made, [STRONG], ["cat", "sits"])
    squared = STRONG.variant("strong", power=2)
    with pytest.warns(UserWarning, match=r"\['cat'\] have none.*power=1, not with power=2") as told:
        after = attribute(explainer, before, [squared], "sits")
    assert told[0].filename == __file__
    assert after.extra_tokens["strong"] == tuple(made.find("sits"))
    given = made.with_maps("strong", before.maps("strong"))
    with pytest.warns(UserWarning, match="scale is not known"):
        attribute(explainer, given, [STRONG], "sits")


def test_a_word_that_was_not_computed_has_no_map(
    explainer: tw.Explainer, made: tw.Explanation
) -> None:
    found = attribute(explainer, made, ["centre"], "cat")
    assert found.map(made.find("cat"), "centre")[0].any()
    with pytest.raises(OptionError, match=r"'centre' were not computed for \['sits'\].*attribute"):
        found.map(made.find("cat sits"), "centre")
    with pytest.raises(OptionError, match="not computed"):
        found.map(0, "centre")
    assert found.map(made.find("sits"), "tam")[0].any()


def test_a_loaded_explanation_is_read_again(
    explainer: tw.Explainer, made: tw.Explanation, tmp_path: Path
) -> None:
    path = tmp_path / "one.safetensors"
    made.save(path)
    loaded = attribute(explainer, tw.load(path), ["gradient-x-input"])
    expected = attribute(explainer, made, ["gradient-x-input"])
    np.testing.assert_allclose(
        loaded.maps("gradient-x-input"), expected.maps("gradient-x-input"), atol=1e-4
    )
    other = tw.Explainer(*tiny.llava())
    with pytest.raises(TraceError, match="does not read this explanation"):
        attribute(other, tw.load(path), ["gradient-x-input"])


@pytest.mark.parametrize("tokens", [0, 1000, [], "elephant", [-1000]])
def test_tokens_that_are_none_of_the_answer(
    explainer: tw.Explainer, made: tw.Explanation, tokens: Any
) -> None:
    with pytest.raises((TokenIndexError, OptionError)):
        attribute(explainer, made, ["centre"], tokens)


@pytest.mark.parametrize(
    ("methods", "said"),
    [
        ([], "give a list"),
        ("centre", "give a list"),
        (["centre", "edges", "centre"], r"\['centre'\] are given twice"),
        (["tam"], "needs no model"),
        (["telepathy"], "unknown method"),
        ([Method("mine")], "no function"),
    ],
)
def test_methods_that_cannot_be_computed(
    explainer: tw.Explainer, made: tw.Explanation, methods: Any, said: str
) -> None:
    with pytest.raises(OptionError, match=said):
        attribute(explainer, made, methods)


@pytest.mark.parametrize(
    "returned",
    [
        lambda tokens, visual: np.zeros((len(tokens) + 1, visual)),
        lambda tokens, visual: np.full((len(tokens), visual), np.nan),
        lambda tokens, visual: -np.ones((len(tokens), visual)),
        lambda *_: None,
        lambda tokens, visual: torch.ones(len(tokens), visual, requires_grad=True),
    ],
    ids=["shape", "not finite", "negative", "none", "tensor with gradient"],
)
def test_a_method_that_returns_no_maps_is_named(
    explainer: tw.Explainer, made: tw.Explanation, returned: Any
) -> None:
    def maps(frozen: FrozenAnswer, tokens: Sequence[int], **_: Any) -> Any:
        return returned(tokens, len(frozen.visual))

    with pytest.raises(OptionError, match="the method 'mine' returned"):
        attribute(explainer, made, [Method("mine", model_maps=maps)])


def test_an_interrupted_explainer_stays_usable(
    explainer: tw.Explainer, made: tw.Explanation
) -> None:
    seen = 0

    def interrupt(_module: Any, _given: Any, _states: Any) -> None:
        nonlocal seen
        seen += 1
        if seen == 2:
            raise KeyboardInterrupt

    hooks = len(explainer.final_norm._forward_hooks)
    for method in ("occlusion", "gradient-x-input", "integrated-gradients", "msea"):
        seen = 0 if method != "gradient-x-input" else 1
        handle = explainer.final_norm.register_forward_hook(interrupt)
        with pytest.raises(KeyboardInterrupt):
            attribute(explainer, made, ["centre", method])
        handle.remove()
    assert not made.extra_maps
    assert len(explainer.final_norm._forward_hooks) == hooks
    assert not explainer.model.get_decoder()._forward_pre_hooks
    assert all(one.requires_grad for one in explainer.model.parameters())
    assert attribute(explainer, made, ["occlusion"]).extra_maps


def test_a_quantised_model_has_no_gradients(
    explainer: tw.Explainer, made: tw.Explanation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explainer.model, "hf_quantizer", object(), raising=False)
    for method in ("gradient-x-input", "integrated-gradients"):
        with pytest.raises(UnsupportedModelError, match=r"needs gradients.*'occlusion'.*bfloat16"):
            attribute(explainer, made, [method])
    assert attribute(explainer, made, ["centre"]).extra_maps


def test_a_processor_that_refuses_a_changed_picture(
    explainer: tw.Explainer, made: tw.Explanation, monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen = explainer.frozen(made)

    def refuse(*_: Any, **__: Any) -> Any:
        raise ValueError("too grey")

    monkeypatch.setattr(explainer.family, "process", refuse)
    with pytest.raises(ImageError, match="refuses a picture of 120 x 90 pixels: too grey"):
        attribute(explainer, made, ["occlusion"])
    assert not made.extra_maps
    assert len(frozen.blank()) == 1


def test_pictures_that_a_change_gives_other_tokens() -> None:
    """Of a video, VideoLLaMA 3 keeps only what changes from frame to frame."""
    explainer = tw.Explainer(*tiny.MODELS["video_llama_3"]())
    frames = [photo((84, 84)) for _ in range(2)]
    frames[1].paste((255, 0, 0), (28, 28, 56, 56))
    made = explainer.explain(video=Video(frames), prompt=PROMPT, answer=ANSWER)
    with pytest.raises(ImageError, match="changed picture"):
        attribute(explainer, made, ["rise"])
    maps = attribute(explainer, made, ["gradient-x-input"]).maps("gradient-x-input")
    visual = explainer.frozen(made).visual
    assert len(np.unique(visual)) < len(visual)
    for position in np.unique(visual):
        shared = maps[:, visual == position]
        np.testing.assert_array_equal(shared, np.repeat(shared[:, :1], shared.shape[1], axis=1))


class Scarce:
    """Memory that suffices for so many sequences at once."""

    def __init__(self, rows: int, error: Exception) -> None:
        self.rows, self.error = rows, error
        self.seen: list[int] = []

    def __call__(self, _module: Any, _args: Any, given: dict[str, Any]) -> None:
        self.seen.append(len(given["input_ids"]))
        if self.seen[-1] > self.rows:
            raise self.error


def greys(frozen: FrozenAnswer, count: int) -> Iterator[list[Image.Image]]:
    (picture,) = frozen.pictures
    for value in range(count):
        yield [Image.new("RGB", picture.size, (20 * value,) * 3)]


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory"),
        RuntimeError("DefaultCPUAllocator: can't allocate memory"),
    ],
    ids=["GPU", "CPU"],
)
def test_fewer_pictures_are_read_at_once_if_memory_does_not_suffice(
    explainer: tw.Explainer, made: tw.Explanation, error: Exception
) -> None:
    frozen, tokens = explainer.frozen(made), made.answer_tokens(None)
    expected = frozen.log_probabilities(greys(frozen, 11), tokens)
    scarce, seen = Scarce(3, error), []
    handle = explainer.model.register_forward_pre_hook(scarce, with_kwargs=True)
    try:
        found = frozen.log_probabilities(greys(frozen, 11), tokens, progress=seen.append)
        assert scarce.seen == [BATCH, BATCH // 2, 2, 2, 2, 2, 2, 1]
        scarce.rows = 0
        with pytest.raises(type(error), match="memory"):
            frozen.log_probabilities(greys(frozen, 2), tokens)
    finally:
        handle.remove()
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert sum(seen) == 11


def test_memory_that_does_not_suffice_to_encode_pictures(
    explainer: tw.Explainer, made: tw.Explanation, monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen, tokens = explainer.frozen(made), made.answer_tokens(None)
    expected = frozen.log_probabilities(greys(frozen, 5), tokens)
    usual, calls = explainer.family.process, 0

    def process(*args: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 4:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return usual(*args, **options)

    monkeypatch.setattr(explainer.family, "process", process)
    found = frozen.log_probabilities(greys(frozen, 5), tokens)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert calls == 4 + 5


def test_another_error_is_not_taken_for_lack_of_memory(
    explainer: tw.Explainer, made: tw.Explanation
) -> None:
    frozen, tokens = explainer.frozen(made), made.answer_tokens(None)
    scarce = Scarce(0, RuntimeError("mat1 and mat2 shapes cannot be multiplied"))
    handle = explainer.model.register_forward_pre_hook(scarce, with_kwargs=True)
    try:
        with pytest.raises(RuntimeError, match="mat1"):
            frozen.log_probabilities(greys(frozen, 8), tokens)
    finally:
        handle.remove()
    assert scarce.seen == [8]


def test_variants_are_read_one_batch_at_a_time(
    explainer: tw.Explainer, made: tw.Explanation
) -> None:
    frozen, tokens = explainer.frozen(made), made.answer_tokens(None)
    drawn, ahead = 0, []

    def variants() -> Iterator[list[Image.Image]]:
        nonlocal drawn
        for one in greys(frozen, 12):
            drawn += 1
            yield one

    def progress(done: int) -> None:
        ahead.append(drawn)

    frozen.log_probabilities(variants(), tokens, progress=progress)
    assert ahead == [BATCH, 12]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert frozen.log_probabilities([], tokens).shape == (0, len(tokens))


def test_pictures_that_are_no_list_of_variants(
    explainer: tw.Explainer, made: tw.Explanation
) -> None:
    frozen, tokens = explainer.frozen(made), made.answer_tokens("cat")
    (picture,) = frozen.pictures
    wrong: list[Any] = [picture, frozen.pictures, [[picture, picture]], [["cat.jpg"]], [3]]
    for variants in wrong:
        with pytest.raises(OptionError, match=r"each variant is a list of pictures, 1 here"):
            frozen.log_probabilities(variants, tokens)
    assert frozen.log_probabilities([frozen.pictures], tokens).shape == (1, len(tokens))


def test_what_is_no_choice_of_cells(explainer: tw.Explainer, made: tw.Explanation) -> None:
    frozen = explainer.frozen(made)
    cells, fills = frozen.cells, frozen.blank()
    count = len(cells)
    wrong: list[Any] = [
        np.zeros(count),
        np.zeros(count + 1, bool),
        np.zeros((1, count), bool),
        [0, 3],
    ]
    for removed in wrong:
        with pytest.raises(OptionError, match=rf"a bool array of shape \({count},\)"):
            cells.replaced(frozen.pictures, fills, removed)
    with pytest.raises(OptionError, match=rf"shape \({count},\): give \[maps, {count}\]"):
        cells.spread(np.zeros(count))
    assert cells.replaced(frozen.pictures, fills, np.zeros(count, bool)) == [*frozen.pictures]


def test_a_cost_that_is_not_stated(explainer: tw.Explainer, made: tw.Explanation) -> None:
    cost = explainer.cost(made, [STRONG, "centre"])
    assert cost == {"strong": "not stated", "centre": tw.attribution.Passes()}
    register(STRONG)
    try:
        rows = {line.split()[0]: line for line in repr(tw.list_methods()).splitlines()}
    finally:
        unregister("strong")
    assert rows["strong"].endswith("not stated")
    assert rows["centre"].endswith("none")
    assert rows["tam"].endswith("none")
