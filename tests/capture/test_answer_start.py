"""Answers with a given beginning: the model writes on as if it had begun so itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tam_widgets as tw
from tam_widgets import errors

from ..models import tiny
from ..samples import photo

PROMPT = "Describe this image."
ARRAYS = ("activations", "relevance", "reference_activation", "reference_relevance")


def options(explainer: tw.Explainer) -> dict[str, Any]:
    """A model with random weights may write placeholders, which no forward pass takes."""
    tokenizer = explainer.processor.tokenizer
    unwanted = [*tokenizer.all_special_ids, *range(len(tokenizer) // 2, len(tokenizer))]
    return {"max_new_tokens": 6, "suppress_tokens": unwanted, "progress": False}


def ids_of(explanation: tw.Explanation) -> list[int]:
    return explanation.token_ids[explanation.answer_slice].tolist()


def check_equal(found: tw.Explanation, expected: tw.Explanation) -> None:
    assert found.token_ids.tolist() == expected.token_ids.tolist()
    assert found.text == expected.text
    for name in ARRAYS:
        np.testing.assert_allclose(
            getattr(found, name), getattr(expected, name), rtol=1e-3, atol=1e-5, err_msg=name
        )
    for one, other in zip(found.tokens, expected.tokens, strict=True):
        assert one.probability == pytest.approx(other.probability, rel=1e-3)
        shares = [candidate.probability for candidate in one.candidates]
        assert shares == pytest.approx([c.probability for c in other.candidates], rel=1e-3)


@pytest.mark.parametrize("name", tiny.MODELS)
def test_writing_on_from_its_own_beginning_gives_the_same_answer(name: str) -> None:
    explainer = tw.Explainer(*tiny.MODELS[name]())
    kept = options(explainer)
    plain = explainer.explain(photo(), PROMPT, **kept)
    ids = ids_of(plain)
    for begun in (1, len(ids) - 1):
        rest = {**kept, "max_new_tokens": len(ids) - begun}
        again = explainer.explain(photo(), PROMPT, answer_start=ids[:begun], **rest)
        check_equal(again, plain)
        assert again.provenance["finish_reason"] == plain.provenance["finish_reason"]
        assert again.provenance["answer_start_ids"] == ids[:begun]


@pytest.mark.parametrize("name", tiny.VIDEO_MODELS)
def test_videos(name: str) -> None:
    explainer = tw.Explainer(*tiny.VIDEO_MODELS[name]())
    video, kept = [photo(seed=seed) for seed in range(4)], options(explainer)
    plain = explainer.explain(prompt=PROMPT, video=video, **kept)
    ids = ids_of(plain)
    rest = {**kept, "max_new_tokens": len(ids) - 2}
    again = explainer.explain(prompt=PROMPT, video=video, answer_start=ids[:2], **rest)
    check_equal(again, plain)


@pytest.fixture(scope="module", params=tw.demo.MODELS)
def demo(request: pytest.FixtureRequest) -> tw.Explainer:
    return tw.demo.explainer(request.param)


@pytest.fixture(scope="module")
def scene() -> Any:
    return tw.demo.scene(seed=7).image


def test_a_text_is_written_on_from_and_read_alike(demo: tw.Explainer, scene: Any) -> None:
    written = demo.explain(scene, PROMPT, answer_start="There are two", progress=False)
    assert written.text.strip().startswith("There are two ")
    assert not written.given
    assert written.provenance["answer_start"] == "There are two"
    assert "answer_start_ids" not in written.provenance
    ended = [t.id for t in written.tokens if not t.special]
    read = demo.explain(scene, PROMPT, answer=written.text)
    assert read.token_ids.tolist() == ended
    for one, other in zip(read.tokens, written.tokens, strict=False):
        assert one.probability == pytest.approx(other.probability, rel=1e-3)
        assert [c.id for c in one.candidates[:2]] == [c.id for c in other.candidates[:2]]


def test_it_can_be_repeated_from_its_provenance(demo: tw.Explainer, scene: Any) -> None:
    first = demo.explain(scene, PROMPT, answer_start="There is a red", progress=False)
    again = demo.explain(
        scene, PROMPT, answer_start=first.provenance["answer_start"], progress=False
    )
    np.testing.assert_array_equal(again.activations, first.activations)
    ids = ids_of(first)[:3]
    third = demo.explain(scene, PROMPT, answer_start=np.array(ids), progress=False)
    assert third.provenance["answer_start"] == demo.tokenizer.decode(ids)


def test_the_middle_of_a_word_is_completed(demo: tw.Explainer, scene: Any) -> None:
    plain = demo.explain(scene, PROMPT, progress=False)
    laptop = plain.find("laptop")
    again = demo.explain(scene, PROMPT, answer_start=ids_of(plain)[: laptop[0]], progress=False)
    assert again.text == plain.text


def test_layers_of_the_whole_answer(demo: tw.Explainer, scene: Any) -> None:
    whole = demo.explain(scene, PROMPT, layers="all", progress=False)
    again = demo.explain(
        scene, PROMPT, answer_start=ids_of(whole)[:4], layers="all", progress=False
    )
    assert again.layers == whole.layers
    exact = {"rtol": 2**-9, "atol": 1e-4 * float(whole.layer_activations.max())}
    np.testing.assert_allclose(again.layer_activations, whole.layer_activations, **exact)
    np.testing.assert_allclose(again.layer_relevance, whole.layer_relevance, **exact)


@pytest.mark.parametrize("more", [{"num_beams": 2}, {"use_cache": False}, {"max_length": 200}])
def test_other_ways_to_generate(demo: tw.Explainer, scene: Any, more: dict[str, Any]) -> None:
    written = demo.explain(
        scene, PROMPT, answer_start="There is a", layers=[1], progress=False, **more
    )
    assert written.text.strip().startswith("There is a ")
    read = demo.explain(scene, PROMPT, answer=written.text, layers=[1])
    count = len(read.tokens)
    np.testing.assert_allclose(written.activations[:count], read.activations, rtol=1e-3, atol=1e-4)
    exact = {"rtol": 2**-9, "atol": 1e-4 * float(read.layer_activations.max())}
    np.testing.assert_allclose(
        written.layer_activations[:, :count], read.layer_activations, **exact
    )


def test_new_tokens_are_counted(demo: tw.Explainer, scene: Any) -> None:
    ids = ids_of(demo.explain(scene, PROMPT, progress=False))[:4]
    short = demo.explain(scene, PROMPT, answer_start=ids, max_new_tokens=1, progress=False)
    assert len(ids_of(short)) == 5
    assert short.truncated


def test_stop_strings_end_what_is_written(demo: tw.Explainer, scene: Any) -> None:
    written = demo.explain(
        scene, PROMPT, answer_start="There is", stop_strings=[" a"], progress=False
    )
    assert written.text.strip() == "There is a"
    assert written.provenance["generation"]["stop_strings"] == [" a"]


def test_a_turn_of_a_conversation_may_begin_so(demo: tw.Explainer, scene: Any) -> None:
    chat = demo.chat(progress=False)
    chat.ask(PROMPT, scene, answer="There is a laptop.")
    turn = chat.ask(PROMPT, answer_start="There are")
    assert turn.text.strip().startswith("There are ")


@pytest.mark.parametrize("start", ["", "  ", [], 7, b"A", ["A"], [1.0], [True], {"A": 1}])
def test_what_begins_no_answer(demo: tw.Explainer, scene: Any, start: Any) -> None:
    with pytest.raises(errors.OptionError, match="answer_start="):
        demo.explain(scene, PROMPT, answer_start=start)


def test_tokens_after_which_nothing_can_follow(demo: tw.Explainer, scene: Any) -> None:
    ids = ids_of(demo.explain(scene, PROMPT, progress=False))
    with pytest.raises(errors.OptionError, match=r"ends with .*, which ends the answer"):
        demo.explain(scene, PROMPT, answer_start=ids)
    with pytest.raises(errors.OptionError, match=r"the id 1000000: .* knows 0 to"):
        demo.explain(scene, PROMPT, answer_start=[ids[0], 1_000_000])
    with pytest.raises(errors.OptionError, match="the id -1"):
        demo.explain(scene, PROMPT, answer_start=[-1])
    picture = demo.family.image_token_id(demo.model.config)
    with pytest.raises(errors.OptionError, match="stands for a picture"):
        demo.explain(scene, PROMPT, answer_start=[picture])
    with pytest.raises(errors.OptionError, match="give one of them"):
        demo.explain(scene, PROMPT, answer="A cup.", answer_start="A")


@pytest.mark.parametrize("layers", [None, "all"])
def test_a_batch_with_beginnings_is_what_single_calls_are(demo: tw.Explainer, layers: Any) -> None:
    items = [(tw.demo.scene(seed).image, PROMPT) for seed in (3, 7, 11, 12)]
    ids = ids_of(demo.explain(*items[1], progress=False))[:5]
    starts = ["There are two", ids, None, "There is a red"]
    many = demo.explain_many(items, answer_start=starts, layers=layers, progress=False)
    for item, start, found in zip(items, starts, many, strict=True):
        alone = demo.explain(*item, answer_start=start, layers=layers, progress=False)
        check_equal(found, alone)
        assert found.layers == alone.layers
        np.testing.assert_allclose(
            found.layer_activations, alone.layer_activations, rtol=2e-3, atol=1e-2
        )
        for name in ("answer_start", "answer_start_ids"):
            assert found.provenance.get(name) == alone.provenance.get(name)


@pytest.mark.parametrize("as_ids", [False, True])
def test_one_beginning_for_a_whole_batch(demo: tw.Explainer, as_ids: bool) -> None:
    items = [(tw.demo.scene(seed).image, PROMPT) for seed in (3, 7)]
    text = "There are"
    start = demo.tokenizer(text, add_special_tokens=False)["input_ids"] if as_ids else text
    for item, found in zip(items, demo.explain_many(items, answer_start=start), strict=True):
        assert found.text.startswith(text)
        check_equal(found, demo.explain(*item, answer_start=start, progress=False))


def test_a_beginning_that_fails_fails_alone(demo: tw.Explainer) -> None:
    scene = tw.demo.scene(7).image
    items = [(scene, PROMPT), (scene, PROMPT, "A cup."), (scene, PROMPT)]
    with pytest.warns(UserWarning, match="2 of 3 items"):
        empty, both, good = demo.explain_many(
            items, answer_start=["", "A", "There"], progress=False
        )
    assert isinstance(empty, errors.OptionError)
    assert "give one of them" in str(both)
    assert good.text.startswith("There")
    with pytest.raises(errors.OptionError, match="has 2 beginnings for 3 items"):
        demo.explain_many(items, answer_start=["A", "B"], progress=False)
