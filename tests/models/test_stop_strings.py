"""Answers that end with a given text."""

import copy
from typing import Any

import numpy as np
import pytest

import tam_widgets as tw

from . import tiny
from .probe import photo

PROMPTS = ("Describe this image.", "What is left of the red dog? A cat and two birds sit there.")
PICTURE = photo((120, 90))


@pytest.fixture(scope="module", params=["qwen2_vl", "llava", "gemma3"])
def explainer(request: pytest.FixtureRequest) -> tw.Explainer:
    return tw.Explainer(*tiny.MODELS[request.param]())


def options(explainer: tw.Explainer, **more: Any) -> dict[str, Any]:
    """Only words, so that an answer's text can be cut anywhere."""
    tokenizer = explainer.processor.tokenizer
    odd = [i for i in range(len(tokenizer)) if not tokenizer.decode([i]).strip().isalpha()]
    return {"max_new_tokens": 12, "suppress_tokens": odd, "progress": False, **more}


def stop_string(explainer: tw.Explainer, prompt: str) -> str:
    """Two letters that an answer of full length has somewhere in its middle."""
    ex = explainer.explain(PICTURE, prompt, **options(explainer))
    assert ex.truncated
    middle = ex.tokens[ex.answer_slice][4].text.strip()
    return middle[:2]


@pytest.mark.parametrize("place", ["keyword", "list", "with tokenizer", "configuration", "model's"])
def test_the_answer_ends_there(
    explainer: tw.Explainer, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    string = stop_string(explainer, PROMPTS[0])
    config = copy.deepcopy(explainer.model.generation_config)
    config.update(stop_strings=[string], do_sample=False)
    if place == "model's":
        monkeypatch.setattr(explainer.model, "generation_config", config)
    given: dict[str, Any] = {
        "keyword": {"stop_strings": string},
        "list": {"stop_strings": [string, "never written"]},
        "with tokenizer": {"stop_strings": string, "tokenizer": explainer.processor.tokenizer},
        "configuration": {"generation_config": config},
        "model's": {},
    }[place]
    ex = explainer.explain(PICTURE, PROMPTS[0], **options(explainer, **given))
    assert string in ex.text
    assert string not in "".join(token.text for token in ex.tokens[ex.answer_slice][:-1])
    assert ex.provenance["finish_reason"] == "stop"


def test_at_the_limit_it_is_no_cut_off_answer(explainer: tw.Explainer) -> None:
    string = stop_string(explainer, PROMPTS[0])
    ex = explainer.explain(PICTURE, PROMPTS[0], **options(explainer, stop_strings=string))
    count = len(ex.tokens) - ex.prompt_length
    given = options(explainer, stop_strings=string, max_new_tokens=count)
    assert explainer.explain(PICTURE, PROMPTS[0], **given).provenance["finish_reason"] == "stop"


@pytest.mark.parametrize("pad", ["as it is", "end", "no end"])
def test_a_batch_gives_the_same_as_one_by_one(explainer: tw.Explainer, pad: str) -> None:
    given = options(explainer, stop_strings=[stop_string(explainer, p) for p in PROMPTS])
    if pad == "end":  # rows that stopped are filled up with what would end them
        given["pad_token_id"] = explainer.processor.tokenizer.eos_token_id
    if pad == "no end":  # rows that stopped are written on
        given["eos_token_id"] = None
    batch = explainer.explain_many([(PICTURE, prompt) for prompt in PROMPTS], **given)
    for prompt, one in zip(PROMPTS, batch, strict=True):
        alone = explainer.explain(PICTURE, prompt, **given)
        assert [t.id for t in one.tokens] == [t.id for t in alone.tokens]
        assert one.provenance["finish_reason"] == alone.provenance["finish_reason"] == "stop"
        np.testing.assert_allclose(one.activations, alone.activations, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("strings", ["", [], [""], 5, ["end", None]])
def test_what_is_no_text_is_refused(explainer: tw.Explainer, strings: object) -> None:
    with pytest.raises(tw.errors.GenerationError, match=r"stop_strings=.*give a text"):
        explainer.explain(PICTURE, PROMPTS[0], **options(explainer, stop_strings=strings))


def test_beams(explainer: tw.Explainer) -> None:
    given = options(explainer, num_beams=2, stop_strings=[stop_string(explainer, PROMPTS[0])])
    assert explainer.explain(PICTURE, PROMPTS[0], **given).tokens
