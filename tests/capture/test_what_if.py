"""A changed question gives exactly what a fresh one gives, however many changes came before."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

import tam_widgets as tw
from tam_widgets import errors
from tam_widgets.capture import request
from tam_widgets.explanation.record import ARRAYS

from ..models import tiny
from ..samples import photo

PROMPT = "Describe this image."
DEMOS = {name: tw.demo.explainer(name) for name in tw.demo.MODELS}


@contextmanager
def silent() -> Iterator[None]:
    """Without the warnings that a demo model is asked about what it never saw."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def check_same(found: tw.Explanation, fresh: tw.Explanation) -> None:
    assert found.tokens == fresh.tokens
    assert found.grids == fresh.grids
    assert found.provenance == fresh.provenance
    assert [image.data for image in found.images] == [image.data for image in fresh.images]
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(found, name), getattr(fresh, name), err_msg=name)


def filled(picture: Image.Image, box: tuple[int, int, int, int], colour: Any) -> Image.Image:
    copy = picture.copy()
    copy.paste(colour, box)
    return copy


def mean_colour(picture: Image.Image) -> tuple[int, ...]:
    return tuple(round(float(value)) for value in np.asarray(picture).reshape(-1, 3).mean(axis=0))


def step(
    demo: tw.Explainer, before: tw.Explanation, picture: Image.Image, kind: str, number: int
) -> tuple[dict[str, Any], Image.Image, dict[str, Any]]:
    """A change, the picture that a fresh question gets after it, and what else it gets."""
    width, height = picture.size
    if kind == "paint":
        left = number * 7 % (width // 2)
        box = (left, 10, left + width // 3, height // 2)
        return {"region": box}, filled(picture, box, mean_colour(picture)), {"start": True}
    if kind == "crop":
        box = (number % 5, 2, width - 3, height - number % 7)
        return {"crop": box}, picture.crop(box), {"start": True}
    if kind == "answer":
        text = ["There is a red cup.", "Two cats sit there."][number % 2]
        return {"answer": text}, picture, {"answer": text}
    words = [token for token in before.answer_tokens() if before.tokens[token].candidates]
    token = words[number % len(words)]
    known = before.tokens[token]
    special = {*demo.tokenizer.all_special_ids}
    other = next(c.id for c in known.candidates if c.id != known.id and c.id not in special)
    ids = [*before.token_ids[before.prompt_length : token].tolist(), other]
    return {"token": token, "word": other}, picture, {"answer_start": ids}


@pytest.mark.parametrize("name", tw.demo.MODELS)
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    kinds=st.permutations(["paint", "crop", "answer", "write on", "write on"]),
    number=st.integers(0, 30),
)
def test_a_chain_of_changes_equals_fresh_questions(
    name: str, kinds: list[str], number: int
) -> None:
    demo, picture = DEMOS[name], tw.demo.scene(seed=number).image
    keywords = {"max_new_tokens": 9, "layers": [1], "progress": False}
    current = demo.explain(picture, PROMPT, **keywords)
    start: dict[str, Any] = {}
    for place, kind in enumerate(kinds):
        change, picture, asked = step(demo, current, picture, kind, number + place)
        start = start if asked.pop("start", False) else {}
        fresh = demo.explain(picture, PROMPT, **{**start, **asked}, **keywords)
        current = demo.what_if(current, **change, progress=False)
        check_same(current, fresh)
        start = {**start, **asked} if "answer" not in asked else {}


@pytest.fixture(scope="module")
def demo() -> tw.Explainer:
    return DEMOS["qwen2-vl"]


@pytest.fixture(scope="module")
def scene() -> Image.Image:
    return tw.demo.scene(seed=7).image


@pytest.fixture(scope="module")
def explained(demo: tw.Explainer, scene: Image.Image) -> tw.Explanation:
    return demo.explain(scene, PROMPT, progress=False)


@pytest.fixture
def never(demo: tw.Explainer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails if the model runs."""

    def ran(*_args: Any, **_inputs: Any) -> None:
        raise AssertionError("the model ran")

    monkeypatch.setattr(demo.model, "generate", ran)
    monkeypatch.setattr(demo.model, "forward", ran)


def test_a_word_is_given_as_text_or_as_a_candidate(
    demo: tw.Explainer, explained: tw.Explanation
) -> None:
    cups = explained.find("cups")[0]
    by_text = demo.what_if(explained, token=cups, word="cats", progress=False)
    assert by_text.text.startswith(explained.text[: explained.tokens[cups].span[0]] + " cats")
    by_id = demo.what_if(
        explained, token=cups - len(explained), word=by_text.token_ids[cups], progress=False
    )
    check_same(by_id, by_text)


def test_the_model_writes_on_from_a_word_of_a_given_answer(
    demo: tw.Explainer, scene: Image.Image
) -> None:
    read = demo.explain(scene, PROMPT, answer="There are two cats.")
    two = read.find("two")[0]
    written = demo.what_if(read, token=two, word="two", progress=False)
    check_same(
        written,
        demo.explain(
            scene,
            PROMPT,
            answer_start=read.token_ids[read.prompt_length : two + 1].tolist(),
            progress=False,
        ),
    )
    assert not written.given


def test_boxes_and_masks_that_cover_the_same(
    demo: tw.Explainer, explained: tw.Explanation, scene: Image.Image
) -> None:
    mask = np.zeros((scene.height, scene.width), bool)
    mask[10:40, 20:60] = mask[50:70, 5:9] = True
    by_mask = demo.what_if(explained, region=mask, fill="black", progress=False)
    boxes = [(20.0, 10.0, 60.0, 40.0), (5.2, 50.7, 8.4, 69.9)]
    check_same(demo.what_if(explained, region=boxes, fill="black", progress=False), by_mask)
    pixels = np.array(scene)
    pixels[mask] = 0
    check_same(by_mask, demo.explain(pixels, PROMPT, progress=False))


@pytest.mark.parametrize("name", ["mean", "blur", "black", "noise"])
def test_every_fill_changes_only_the_region(
    demo: tw.Explainer, explained: tw.Explanation, scene: Image.Image, name: str
) -> None:
    box = (10, 20, 60, 70)
    changed = demo.what_if(explained, region=box, fill=name, progress=False)
    now, before = np.asarray(changed.images[0].opened()), np.asarray(scene)
    different = (now != before).any(axis=2)
    assert different[20:70, 10:60].any()
    different[20:70, 10:60] = False
    assert not different.any()


def test_the_explanation_is_unchanged(demo: tw.Explainer, explained: tw.Explanation) -> None:
    before = explained.images[0].data
    demo.what_if(explained, region=(0, 0, 50, 50), progress=False)
    assert explained.images[0].data == before
    check_same(demo.explain(explained.images[0].opened(), PROMPT, progress=False), explained)


def test_an_answer_with_a_beginning_keeps_it_when_the_picture_changes(
    demo: tw.Explainer, scene: Image.Image
) -> None:
    begun = demo.explain(scene, PROMPT, answer_start="There are two", progress=False)
    changed = demo.what_if(begun, crop=(5, 5, 90, 90), progress=False)
    picture = scene.crop((5, 5, 90, 90))
    check_same(changed, demo.explain(picture, PROMPT, answer_start="There are two", progress=False))


def test_reliance_is_measured_again(demo: tw.Explainer, scene: Image.Image) -> None:
    measured = demo.explain(scene, PROMPT, reliance=True, progress=False)
    changed = demo.what_if(measured, crop=(5, 5, 90, 90), progress=False)
    fresh = demo.explain(scene.crop((5, 5, 90, 90)), PROMPT, reliance=True, progress=False)
    np.testing.assert_array_equal(changed.reliance, fresh.reliance)
    assert np.isfinite(changed.reliance).any()


def test_a_check_alone_costs_no_reading_without_the_picture(
    demo: tw.Explainer, scene: Image.Image
) -> None:
    plain = demo.explain(scene, PROMPT, progress=False)
    check = demo.check(plain, plain.answer_tokens()[:1], random_orders=1, progress=False)
    changed = demo.what_if(plain.with_check(check), crop=(5, 5, 90, 90), progress=False)
    assert changed.blank_log_p.size == 0


def test_answers_of_a_batch(demo: tw.Explainer) -> None:
    scenes = [tw.demo.scene(seed=seed).image for seed in range(6)]
    made = demo.explain_many(
        [(scene, PROMPT) for scene in scenes], max_new_tokens=4, progress=False
    )
    assert isinstance(made[0], tw.Explanation)
    changed = demo.what_if(made[0], crop=(5, 5, 90, 90), progress=False)
    picture = scenes[0].crop((5, 5, 90, 90))
    check_same(changed, demo.explain(picture, PROMPT, max_new_tokens=4, progress=False))


def test_keywords_survive_a_given_answer(demo: tw.Explainer, scene: Image.Image) -> None:
    first = demo.explain(scene, PROMPT, max_new_tokens=3, progress=False)
    read = demo.what_if(first, answer="There is a cup.")
    again = demo.what_if(read, region=(0, 0, 9, 9), progress=False)
    assert len(again.token_ids[again.answer_slice]) == 3


def test_old_steps_branch_from_full_size_pictures(demo: tw.Explainer) -> None:
    """A photograph is stored as JPEG, but asked again as it was."""
    picture = photo(700, 400)
    with silent():
        first = demo.explain(picture, PROMPT, max_new_tokens=3, progress=False)
        for edge in range(6):  # more than an explainer keeps hidden states of
            demo.what_if(first, crop=(0, 0, 600 + edge, 400), progress=False)
        branch = demo.what_if(first, crop=(100, 0, 700, 400), progress=False)
        fresh = demo.explain(
            picture.crop((100, 0, 700, 400)), PROMPT, max_new_tokens=3, progress=False
        )
    check_same(branch, fresh)


def test_pictures_are_kept_within_a_limit(
    demo: tw.Explainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request, "KEPT_PIXELS", 20 * 128 * 128)
    explainer = tw.Explainer(demo.model, demo.processor)
    made = [
        explainer.explain(tw.demo.scene(seed=seed).image, PROMPT, answer="There is a cup.")
        for seed in range(25)
    ]
    kept = [explainer._requests.of(one) is not None for one in made]
    assert kept == sorted(kept)
    assert 4 <= sum(kept) <= 20
    del made[-8:]
    explainer.explain(tw.demo.scene(seed=0).image, PROMPT, answer="There is a cup.")
    assert len(explainer._requests._kept) < sum(kept)


def test_loaded_explanations(demo: tw.Explainer, tmp_path: Path, scene: Image.Image) -> None:
    kept = {"max_new_tokens": 7, "suppress_tokens": [5, 6], "progress": False}
    written = demo.explain(scene, PROMPT, answer_start="There are", **kept)
    written.save(tmp_path / "one.safetensors")
    loaded = tw.load(tmp_path / "one.safetensors")
    other = tw.demo.explainer("qwen2-vl")
    changed = other.what_if(loaded, region=(0, 0, 40, 40), fill="black", progress=False)
    picture = filled(scene, (0, 0, 40, 40), (0, 0, 0))
    check_same(changed, demo.explain(picture, PROMPT, answer_start="There are", **kept))
    with pytest.raises(errors.TraceError, match="as it was recorded"):
        DEMOS["llava"].what_if(loaded, region=(0, 0, 40, 40))


def test_keywords_that_a_file_cannot_hold_are_named(
    demo: tw.Explainer, tmp_path: Path, scene: Image.Image
) -> None:
    from transformers import LogitsProcessorList

    written = demo.explain(
        scene, PROMPT, logits_processor=LogitsProcessorList(), max_new_tokens=5, progress=False
    )
    written.save(tmp_path / "one.safetensors")
    loaded = tw.load(tmp_path / "one.safetensors")
    with pytest.warns(UserWarning, match="logits_processor: the record only describes"):
        changed = demo.what_if(loaded, crop=(0, 0, 90, 90), progress=False)
    assert changed.provenance["generation"] == {"max_new_tokens": 5}


def test_a_turn_of_a_conversation_with_several_pictures(demo: tw.Explainer) -> None:
    pictures = [tw.demo.scene(seed=seed).image for seed in (3, 4)]
    chat = demo.chat(progress=False)
    with silent():
        chat.ask(PROMPT, pictures[0], answer="There is a cup.")
        second = chat.ask(PROMPT, pictures[1])
        changed = demo.what_if(second, region=(0, 0, 30, 30), fill="black", image=1, progress=False)
        fresh = demo.explain(
            [pictures[0], filled(pictures[1], (0, 0, 30, 30), (0, 0, 0))],
            second.provenance["prompt"],
            progress=False,
        )
    check_same(changed, fresh)


@pytest.mark.parametrize("name", ["qwen2_vl", "llava_onevision"])
def test_one_frame_of_a_video(name: str) -> None:
    explainer = tw.Explainer(*tiny.VIDEO_MODELS[name]())
    frames = [photo(seed=seed) for seed in range(4)]
    kept = {"answer_start": "A dog", "max_new_tokens": 2, "progress": False}
    first = explainer.explain(prompt=PROMPT, video=tw.Video(frames, fps=4.0), **kept)
    frames[2] = filled(frames[2], (0, 0, 50, 50), (0, 0, 0))
    changed = explainer.what_if(first, region=(0, 0, 50, 50), fill="black", image=2, progress=False)
    check_same(changed, explainer.explain(prompt=PROMPT, video=tw.Video(frames, fps=4.0), **kept))
    assert [image.time for image in changed.images] == [0.0, 0.25, 0.5, 0.75]
    cropped = explainer.what_if(changed, crop=(0, 0, 150, 90), image=1, progress=False)
    assert {(image.width, image.height) for image in cropped.images} == {(150, 90)}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "nothing to change: give one change"),
        ({"crop": (0, 0, 9, 9), "answer": "A cup."}, "crop and answer to change: give one"),
        ({"token": -3}, "token to change"),
        ({"word": "cat"}, "word='cat': give token=…, which it is to replace, too"),
        ({"token": "no such text", "word": "cat"}, "no such text"),
        ({"region": (0.1, 0.1, 0.5, 0.5)}, "smaller than a pixel"),
        ({"region": (500, 0, 600, 10)}, "outside image 0"),
        ({"region": (30, 0, 10, 10)}, "empty or reversed"),
        ({"region": (0, 0, 10, 10), "image": 1}, "has 1 images"),
        ({"region": (0, 0, 10, 10), "image": -1}, "has 1 images"),
        ({"region": (0, 0, 10, 10), "fill": "red"}, "fill='red'"),
        ({"region": np.zeros((3, 4), bool)}, r"region of shape \(3, 4\): picture 0 has the shape"),
        ({"region": []}, "give a box"),
        ({"region": "all"}, "give a box"),
        ({"region": [(0, 0, 1), (0, 1)]}, "give a box"),
        ({"region": (float("nan"), 0, 1, 1)}, "empty or reversed"),
        ({"crop": (0, 0, 9)}, "give .left, top"),
        ({"crop": (-9, -9, -1, -1)}, "outside image 0"),
        ({"token": -3, "word": ""}, "give a word"),
        ({"token": -3, "word": 1.5}, "give a word"),
        ({"token": -3, "word": 10**7}, "contains the id 10000000"),
        ({"token": -3, "word": True}, "give a word"),
    ],
)
@pytest.mark.usefixtures("never")
def test_what_is_no_change(
    demo: tw.Explainer, explained: tw.Explanation, change: dict[str, Any], said: str
) -> None:
    with pytest.raises(errors.OptionError, match=said):
        demo.what_if(explained, **change)


@pytest.mark.usefixtures("never")
def test_tokens_that_cannot_be_replaced(
    demo: tw.Explainer, explained: tw.Explanation, scene: Image.Image
) -> None:
    cups = explained.find("cups")[0]
    with pytest.raises(errors.TokenIndexError, match="part of the prompt"):
        demo.what_if(explained, token=0, word="cat")
    with pytest.raises(errors.TokenIndexError, match="out of range"):
        demo.what_if(explained, token=999, word="cat")
    with pytest.raises(errors.OptionError, match=r"stands there, from which this answer was writ"):
        demo.what_if(explained, token=cups, word="cups")
    end = demo.tokenizer.eos_token_id
    with pytest.raises(errors.OptionError, match="ends the answer"):
        demo.what_if(explained, token=cups, word=end)
    with pytest.raises(errors.OptionError, match="contains no pixel"):
        demo.what_if(explained, region=np.zeros((scene.height, scene.width), bool))
    with pytest.raises(errors.EmptyAnswerError, match="no tokens"):
        demo.what_if(explained, answer=" ")


def test_a_given_answer_is_written_on_from_where_it_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The template writes something of its own before an answer that it is given."""
    model, processor = tiny.MODELS["qwen2_vl"]()
    plain = "<|im_start|>{{ m['role'] }}\n"
    own = plain + "{% if loop.last and m['role'] == 'assistant' %}left right\n\n{% endif %}"
    monkeypatch.setattr(processor, "chat_template", processor.chat_template.replace(plain, own))
    explainer = tw.Explainer(model, processor)
    keywords = {"max_new_tokens": 2, "progress": False}
    read = explainer.explain(photo(), PROMPT, answer="A red dog.", **keywords)
    dog = read.find("dog")[0]
    changed = explainer.what_if(read, token=dog, word="cat", progress=False)
    begun = slice(read.prompt_length, dog)
    shares = [token.probability for token in read.tokens[begun]]
    assert [token.probability for token in changed.tokens[begun]] == pytest.approx(shares, rel=1e-3)
    fresh = explainer.explain(photo(), PROMPT, answer_start="A red cat", **keywords)
    np.testing.assert_array_equal(changed.activations, fresh.activations)
    free = explainer.explain(photo(), PROMPT, answer_start=[*read.token_ids[begun]], **keywords)
    assert free.tokens[dog - 1].probability != pytest.approx(shares[-1], rel=1e-3)
    read.save(tmp_path / "read.safetensors")
    loaded = tw.load(tmp_path / "read.safetensors")
    again = tw.Explainer(model, processor).what_if(loaded, token=dog, word="cat", progress=False)
    assert [t.id for t in again.tokens[: dog + 3]] == [t.id for t in changed.tokens[: dog + 3]]


def test_a_text_of_the_answer_stands_for_its_first_token() -> None:
    explainer, scene = tw.demo.explainer("qwen2-vl"), tw.demo.scene(seed=7)
    asked = explainer.explain(scene.image, scene.prompt, progress=False)
    (laptop,) = asked.find("laptop")
    by_text = explainer.what_if(asked, token="laptop", word=" cup", progress=False)
    check_same(by_text, explainer.what_if(asked, token=laptop, word=" cup", progress=False))
    other = explainer.why_not(asked, "laptop", "cup").alternatives[-1]
    assert (other.token, other.text) == (laptop, " cup")
    view = tw.Explorer(asked)
    view.what_if(token="laptop", word=" cup")
    assert "cup" in view._steps[-1]["label"]
