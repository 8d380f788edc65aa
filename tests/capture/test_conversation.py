"""Conversations: every turn's answer is explained with all turns before it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image

import tam_widgets as tw
from tam_widgets import errors

from ..models import tiny
from .test_given_answers import options, photo


@pytest.fixture(scope="module", params=[name for name in tiny.MODELS if name != "paligemma"])
def explainer(request: pytest.FixtureRequest) -> tw.Explainer:
    return tw.Explainer(*tiny.MODELS[request.param]())


def turn_texts(explanation: tw.Explanation) -> list[tuple[str, str]]:
    return [
        (turn.role, "".join(t.text for t in explanation.tokens[turn.start : turn.stop]).strip())
        for turn in explanation.turns
    ]


def test_later_turns_hold_the_earlier_ones(explainer: tw.Explainer) -> None:
    chat = explainer.chat(**options(explainer))
    first = chat.ask("What is left of the red dog?", photo(), answer="A cat.")
    second = chat.ask("Describe this image.", answer="Two birds.")
    assert turn_texts(first) == [
        ("user", "What is left of the red dog?"),
        ("assistant", "A cat."),
    ]
    assert turn_texts(second) == [
        ("user", "What is left of the red dog?"),
        ("assistant", "A cat."),
        ("user", "Describe this image."),
        ("assistant", "Two birds."),
    ]
    assert second.prompt_text == "What is left of the red dog?\nA cat.\nDescribe this image."
    words = [word.text for word in second.words("prompt")]
    assert words[6:9] == ["dog", "A", "cat"]
    assert len(second.images) == 1
    assert chat.explanations == [first, second]


def test_maps_of_earlier_turns_stay_what_they_were(explainer: tw.Explainer) -> None:
    """A causal model's states of earlier turns do not change, so nor does what explains them."""
    chat = explainer.chat(**options(explainer))
    first = chat.ask("What is left of the red dog?", photo(), answer="A cat sits there.")
    second = chat.ask("Describe this image.", answer="Two birds.")
    shared = len(first.tokens)
    if [t.id for t in second.tokens[:shared]] != [t.id for t in first.tokens]:
        # its template leads to an answer with an empty thought, and then keeps a blank only
        assert explainer.family.name == "ernie4_5_vl"
        return
    if not np.allclose(first.activations, second.activations[:shared], rtol=1e-3, atol=1e-5):
        assert explainer.family.name == "paligemma"  # its prompt is read in both directions
        return
    if not np.allclose(first.relevance, second.relevance[:shared, :shared], rtol=1e-3, atol=1e-5):
        # their templates lead to an answer otherwise
        assert explainer.family.name in ("llava_onevision", "paddleocr_vl")
        return
    np.testing.assert_allclose(second.maps()[:shared], first.maps(), atol=2e-3)


def test_each_turn_may_bring_a_picture(explainer: tw.Explainer) -> None:
    chat = explainer.chat(**options(explainer))
    chat.ask("What is this image?", photo(60, 200), answer="A cat.")
    second = chat.ask("What is this?", photo(200, 60, 1), answer="Two birds.")
    assert [image.width for image in second.images] == [60, 200]
    assert {grid.image for grid in second.grids} == {0, 1}
    assert turn_texts(second)[2] == ("user", "What is this?")


@pytest.fixture(scope="module")
def one() -> tw.Explainer:
    return tw.Explainer(*tiny.MODELS["qwen2_vl"]())


def test_a_turn_that_fails_leaves_the_conversation_as_it_was(one: tw.Explainer) -> None:
    chat = one.chat(**options(one))
    with pytest.raises(errors.ImageError, match="no turn has a picture"):
        chat.ask("What is this?")
    chat.ask("What is this?", photo(), answer="A dog.")
    with pytest.raises(errors.PromptError):
        chat.ask("", photo())
    with pytest.raises(errors.ImageError):
        chat.ask("And this?", "no-such-file.png")
    again = chat.ask("Where?", answer="There.")
    assert len(chat.explanations) == 2
    assert [role for role, _ in turn_texts(again)] == ["user", "assistant"] * 2
    assert repr(chat).endswith("2 turns>")


def test_what_no_tokenizer_reads_is_refused_wherever_it_is_said(one: tw.Explainer) -> None:
    bad = "A \ud83d"
    chat = one.chat(**options(one))
    said = chat.ask("What is this?", photo(), answer="A dog.")
    for wrong in (
        lambda: one.explain(photo(), bad),
        lambda: one.explain(photo(), [{"role": "user", "content": bad}]),
        lambda: one.explain(photo(), "What is this?", answer=bad),
        lambda: chat.ask(bad),
        lambda: chat.ask("And this?", answer=bad),
    ):
        with pytest.raises(errors.PromptError, match="tokenizers cannot read"):
            wrong()
    with pytest.raises(errors.OptionError, match="remove it"):
        one.why_not(said, said.prompt_length, bad)
    assert len(chat.explanations) == 1
    assert one.explain(photo(), "A \0", answer="A \0.").prompt_text == "A \0"


def test_messages_with_an_earlier_answer_are_turns_too(one: tw.Explainer) -> None:
    messages: list[dict[str, Any]] = [
        {"role": "user", "content": "What is this?"},
        {"role": "assistant", "content": "A dog."},
        {"role": "user", "content": "What is left?"},
    ]
    explanation = one.explain(photo(), messages, answer="A cat.")
    assert [text for _, text in turn_texts(explanation)] == [
        "What is this?",
        "A dog.",
        "What is left?",
        "A cat.",
    ]


def test_a_saved_conversation_keeps_its_turns(one: tw.Explainer, tmp_path: Any) -> None:
    chat = one.chat(**options(one))
    chat.ask("What is this?", photo(), answer="A dog.")
    explanation = chat.ask("Where?", answer="There.")
    explanation.save(tmp_path / "turn.safetensors")
    back = tw.load(tmp_path / "turn.safetensors")
    assert turn_texts(back) == turn_texts(explanation)
    assert back.prompt_text == explanation.prompt_text


def test_parts_may_name_their_pictures(one: tw.Explainer, tmp_path: Any) -> None:
    photo(60, 200).save(tmp_path / "tall.png")
    content = [
        {"type": "image", "image": str(tmp_path / "tall.png")},
        {"type": "text", "text": "What is left of"},
        {"type": "image", "image": photo(200, 60)},
        {"type": "text", "text": "the red dog?"},
    ]
    explanation = one.explain(None, [{"role": "user", "content": content}], answer="A cat.")
    assert [image.width for image in explanation.images] == [60, 200]
    assert [grid.image for grid in explanation.grids] == [0, 1]
    assert explanation.prompt_text == "What is left of\nthe red dog?"


def test_tiny_and_huge_pictures_together(one: tw.Explainer) -> None:
    pictures = [photo(20, 20), photo(3000, 2000), photo(1, 40)]
    with pytest.raises(errors.ImageError):
        one.explain([*pictures[:2], Image.new("RGB", (1, 400))], "What?", answer="A cat.")
    explanation = one.explain(pictures[:2], "What?", answer="A cat.")
    assert [(image.width, image.height) for image in explanation.images] == [(20, 20), (3000, 2000)]
    assert [grid.rect[2:] for grid in explanation.grids] == [(20, 20), (3000, 2000)]


@pytest.mark.parametrize(
    ("images", "parts", "said"),
    [
        (1, ["image", "image"], "2 image parts and 0 video parts, but 1 images"),
        (2, ["image"], "1 image parts and 0 video parts, but 2 images"),
        (1, ["video"], "0 image parts and 1 video parts, but 1 images and 0 videos"),
    ],
)
def test_another_number_of_pictures_is_refused(
    one: tw.Explainer, images: int, parts: list[str], said: str
) -> None:
    content = [*({"type": part} for part in parts), {"type": "text", "text": "What?"}]
    with pytest.raises(errors.PromptError, match=said):
        one.explain([photo()] * images, [{"role": "user", "content": content}])


def test_no_picture_at_all_is_refused(one: tw.Explainer) -> None:
    with pytest.raises(errors.ImageError, match="no image was given"):
        one.explain(None, "What?")
    with pytest.raises(errors.ImageError, match="no image was given"):
        one.explain([], "What?")
