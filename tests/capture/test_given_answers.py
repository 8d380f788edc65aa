"""Answers that the model did not write, batches, and other words: the same numbers throughout."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import tam_widgets as tw
from tam_widgets import errors

from ..models import tiny
from ..samples import photo

PROMPT = "Describe this image."


@pytest.fixture(scope="module", params=tiny.MODELS)
def explainer(request: pytest.FixtureRequest) -> tw.Explainer:
    return tw.Explainer(*tiny.MODELS[request.param]())


def options(explainer: tw.Explainer) -> dict[str, Any]:
    """A model with random weights may write placeholders, which no forward pass takes."""
    tokenizer = explainer.processor.tokenizer
    return {
        "max_new_tokens": 8,
        "suppress_tokens": [
            *tokenizer.all_special_ids,
            *range(len(tokenizer) // 2, len(tokenizer)),
        ],
        "progress": False,
    }


@pytest.fixture(scope="module")
def alone(explainer: tw.Explainer) -> Callable[..., tw.Explanation]:
    """Explains one picture in a call of its own; the same picture and prompt once for all tests."""

    made: dict[Any, tw.Explanation] = {}

    def explain(
        width: int = 200, height: int = 120, seed: int = 0, prompt: str = PROMPT
    ) -> tw.Explanation:
        of = (width, height, seed, prompt)
        if of not in made:
            made[of] = explainer.explain(photo(*of[:3]), prompt, **options(explainer))
        return made[of]

    return explain


def forced(explainer: tw.Explainer, ids: list[int], monkeypatch: pytest.MonkeyPatch) -> Any:
    """The explanation of given ids, whatever text they decode to."""
    from tam_widgets.capture.generation import answers as module

    with monkeypatch.context() as patch:
        patch.setattr(module, "answer_ids", lambda *_: ids)
        return explainer.explain(photo(), PROMPT, answer="stands for the ids")


def test_one_forward_pass_gives_what_generation_gave(
    explainer: tw.Explainer,
    alone: Callable[..., tw.Explanation],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written = alone()
    ids = written.token_ids[written.answer_slice].tolist()
    read = forced(explainer, ids, monkeypatch)
    assert read.given
    assert not written.given
    assert [token.id for token in read.tokens] == [token.id for token in written.tokens]
    assert read.text == written.text
    for name in ("activations", "relevance", "reference_activation", "reference_relevance"):
        np.testing.assert_allclose(
            getattr(read, name), getattr(written, name), rtol=1e-3, atol=1e-5
        )
    probabilities = [token.probability for token in written.tokens[written.answer_slice]]
    given = [token.probability for token in read.tokens[read.answer_slice]]
    assert given == pytest.approx(probabilities, rel=1e-3)


def test_nothing_is_generated_for_a_given_answer(
    explainer: tw.Explainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def generate(**inputs: Any) -> None:
        raise AssertionError("the model was asked to generate")

    monkeypatch.setattr(explainer.model, "generate", generate)
    read = explainer.explain(photo(), PROMPT, answer="A red dog sits there.")
    assert read.text.strip() == "A red dog sits there."
    assert read.given
    assert [word.text for word in read.words("answer")] == ["A", "red", "dog", "sits", "there"]


@pytest.mark.parametrize("answer", ["", "  \n"])
def test_an_answer_of_no_tokens_is_refused(explainer: tw.Explainer, answer: str) -> None:
    with pytest.raises(errors.EmptyAnswerError, match="no tokens"):
        explainer.explain(photo(), PROMPT, answer=answer)


def test_an_answer_that_is_no_text_or_holds_a_picture_is_refused(explainer: tw.Explainer) -> None:
    with pytest.raises(errors.PromptError, match="int"):
        explainer.explain(photo(), PROMPT, answer=7)  # type: ignore[arg-type]
    placeholder = explainer.family.placeholders(explainer.processor)[0]
    with pytest.raises(errors.PromptError, match="the answer contains"):
        explainer.explain(photo(), PROMPT, answer=f"A {placeholder}.")


def test_batches_give_what_single_calls_give(
    explainer: tw.Explainer, alone: Callable[..., tw.Explanation]
) -> None:
    prompts = [PROMPT, "What is left of the red dog? A cat?", "What?"]
    items = [(photo(200, 120, seed), prompt) for seed, prompt in enumerate(prompts)]
    together = explainer.explain_many(items, **options(explainer))
    for seed, (prompt, batched) in enumerate(zip(prompts, together, strict=True)):
        single = alone(200, 120, seed, prompt)
        assert isinstance(batched, tw.Explanation)
        assert batched.token_ids.tolist() == single.token_ids.tolist()
        np.testing.assert_allclose(batched.activations, single.activations, rtol=1e-3, atol=2e-5)
        np.testing.assert_allclose(batched.maps("cam"), single.maps("cam"), atol=2e-3)


def test_pictures_of_several_shapes_share_a_call(
    explainer: tw.Explainer, alone: Callable[..., tw.Explanation]
) -> None:
    shapes = [(200, 120), (120, 320), (90, 90), (200, 120)]
    items = [(photo(*shape, seed), PROMPT) for seed, shape in enumerate(shapes)]
    together = explainer.explain_many(items, **options(explainer))
    for seed, (shape, batched) in enumerate(zip(shapes, together, strict=True)):
        single = alone(*shape, seed)
        assert isinstance(batched, tw.Explanation)
        assert batched.grids == single.grids
        np.testing.assert_allclose(batched.activations, single.activations, rtol=1e-3, atol=2e-5)


def test_rows_that_end_early_are_cut_at_their_end(
    explainer: tw.Explainer, alone: Callable[..., tw.Explanation]
) -> None:
    items = [(photo(200, 120, seed), PROMPT) for seed in range(3)]
    end = alone().tokens[alone().prompt_length + 2].id
    several = {**options(explainer), "eos_token_id": end}
    together = explainer.explain_many(items, **several)
    alone = [explainer.explain(*item, **several) for item in items]
    assert [len(ex.tokens) for ex in together] == [len(ex.tokens) for ex in alone]
    assert [ex.truncated for ex in together] == [ex.truncated for ex in alone]


def test_another_word_is_explained_as_if_it_had_been_written(
    explainer: tw.Explainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = explainer.explain(photo(), PROMPT, **options(explainer))
    token = written.prompt_length + 3
    ids = written.token_ids[written.prompt_length : token].tolist()
    said = False  # random weights leave some words without any activation
    for word in ("red", "dog", "left", "image"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            added = explainer.why_not(written, token, word)
        other = next(o for o in added.alternatives if o.token == token and o.text.strip() == word)
        first = sum(len(o.ids) for o in added.alternatives[: added.alternatives.index(other)])
        read = forced(explainer, [*ids, other.ids[0]], monkeypatch)
        row = added.alternative_activations[first]
        np.testing.assert_allclose(row, read.activations[token], rtol=1e-3, atol=1e-5)
        relevance = added.alternative_relevance[first, :token]
        np.testing.assert_allclose(relevance, read.relevance[token, :token], rtol=1e-3, atol=1e-5)
        if len(other.ids) == 1:
            for found, expected in zip(
                added.counterfactual(token, word), read.map(token), strict=True
            ):
                np.testing.assert_allclose(found, expected, atol=2e-3)
        assert read.tokens[token].probability == pytest.approx(other.probability, rel=1e-3)
        said |= bool(row.any())
    assert said


def test_runners_up_are_kept(alone: Callable[..., tw.Explanation]) -> None:
    written = alone()
    for index, token in enumerate(written.tokens):
        others = [other for other in written.alternatives if other.token == index]
        if token.kind == "answer" and not token.special:
            runner_up = next(c for c in token.candidates if c.id != token.id)
            assert others[0].ids == (runner_up.id,)
            assert others[0].probability == pytest.approx(runner_up.probability)
        else:
            assert not others


@pytest.fixture(scope="module")
def one() -> tw.Explainer:
    return tw.Explainer(*tiny.MODELS["qwen2_vl"]())


def test_a_word_of_several_pieces_says_so(one: tw.Explainer) -> None:
    written = one.explain(photo(), PROMPT, **options(one))
    token = written.prompt_length + 1
    with pytest.warns(UserWarning, match="not a single token.*pieces"):
        added = one.why_not(written, token, "xylophone")
    assert len(added.alternatives[-1].ids) > 1
    (grid,) = added.grids
    assert added.counterfactual(token, "Xylophone")[0].shape == (grid.rows, grid.cols)
    assert np.abs(added.contrast(token, "xylophone")[0]).max() <= 1


def test_other_words_that_are_none(one: tw.Explainer) -> None:
    written = one.explain(photo(), PROMPT, answer="A red dog.")
    dog = written.find("dog")[0]
    with pytest.raises(errors.OptionError, match="give a word"):
        one.why_not(written, dog, " ")
    with pytest.raises(
        errors.OptionError, match=r"stands there, and differs in nothing .*: give an"
    ):
        one.why_not(written, dog, "dog")
    with pytest.raises(errors.TokenIndexError, match="part of the prompt"):
        one.why_not(written, 0, "cat")
    likely = ", ".join(repr(a.text.strip()) for a in written.alternatives if a.token == dog)
    with pytest.raises(errors.OptionError) as refused:
        written.counterfactual(dog, "zebra")
    assert str(refused.value) == (
        f"'zebra' is not among the alternatives of token {dog}, 'dog': give one of {likely}, or "
        f"add it with explainer.why_not(explanation, {dog}, 'zebra')"
    )
    with pytest.raises(errors.OptionError, match=f"token {dog}, 'dog': add it with"):
        replace(
            written,
            alternatives=(),
            alternative_activations=written.alternative_activations[:0],
            alternative_relevance=written.alternative_relevance[:0],
        ).contrast(dog, "zebra")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        added = one.why_not(written, dog, "cat")
        assert one.why_not(added, dog, "cat") is added
    with pytest.raises(errors.TraceError, match="not available"):
        tw.Explainer(*tiny.MODELS["qwen2_vl"]()).why_not(written, dog, "cat")


def test_one_explanation_may_be_asked_for_many_words(one: tw.Explainer) -> None:
    written = one.explain(photo(), PROMPT, answer="A red dog.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for word in ("cat", "bird", "left", "image", "two", "birds", "there"):
            one.why_not(written, written.find("dog")[0], word)
        for seed in range(4):
            one.explain(photo(seed=seed), PROMPT, answer="A cat.")
    with pytest.raises(errors.TraceError, match="not available"):
        one.why_not(written, written.find("dog")[0], "sits")


@pytest.mark.parametrize("name", tw.demo.MODELS)
def test_a_word_behind_a_blank_is_found_whole(name: str) -> None:
    demo = tw.demo.explainer(name)
    written = demo.explain(tw.demo.scene(seed=3).image, PROMPT, answer="There are red boats.")
    boats = written.find("boats")[0]
    assert len(demo.why_not(written, boats, "cats").alternatives[-1].ids) == 1
    with pytest.raises(errors.OptionError, match="is the word that stands there"):
        demo.why_not(written, boats, "boats")


def test_special_tokens_in_a_given_answer_take_no_place_in_its_text(one: tw.Explainer) -> None:
    end = one.processor.tokenizer.eos_token
    written = one.explain(photo(), PROMPT, answer=f"A red {end} dog.")
    assert [word.text for word in written.words("answer")] == ["A", "red", "dog"]
    for token in written.tokens[written.answer_slice]:
        assert token.special or written.text[slice(*token.span)] == token.text


@pytest.mark.parametrize("items", [None, 7, "photo.jpg"])
def test_items_that_are_none(one: tw.Explainer, items: Any) -> None:
    with pytest.raises(errors.PromptError, match="a list of"):
        one.explain_many(items)


def test_bad_items_are_reported_and_the_others_kept(one: tw.Explainer) -> None:
    items: list[Any] = [
        (photo(), PROMPT),
        ("no-such-file.png", PROMPT),
        (photo(), ""),
        photo(),
        (photo(), PROMPT, "A red dog."),
        (photo(), PROMPT, ""),
    ]
    with pytest.warns(UserWarning, match=r"4 of 6 items.*item 1: no-such-file.png"):
        results = one.explain_many(items, batch_size=4, **options(one))
    kinds = [type(result).__name__ for result in results]
    assert kinds == [
        "Explanation",
        "ImageError",
        "PromptError",
        "PromptError",
        "Explanation",
        "EmptyAnswerError",
    ]
    assert results[4].given  # type: ignore[union-attr]


@pytest.mark.parametrize("size", [0, -1, 2.5, True, None])
def test_batch_sizes_that_are_none(one: tw.Explainer, size: Any) -> None:
    with pytest.raises(errors.OptionError, match="batch_size"):
        one.explain_many([(photo(), PROMPT)], batch_size=size)
    assert one.explain_many([]) == []


def test_irregular_decoding_in_a_batch(one: tw.Explainer) -> None:
    items = [(photo(200, 120, seed), PROMPT) for seed in range(2)]
    together = one.explain_many(items, **options(one), use_cache=False)
    for item, batched in zip(items, together, strict=True):
        single = one.explain(*item, **options(one))
        np.testing.assert_allclose(batched.activations, single.activations, rtol=1e-3, atol=1e-5)
