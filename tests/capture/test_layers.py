"""Which layers can be asked for, and that asking changes nothing else."""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import tam_widgets as tw
from tam_widgets.capture.generation import answers
from tam_widgets.errors import OptionError, TraceError
from tam_widgets.explanation import size_limit

PROMPT = "Describe this image."


@pytest.fixture(scope="module")
def demo() -> tw.Explainer:
    return tw.demo.explainer("qwen2-vl")


@pytest.fixture(scope="module")
def whole(demo: tw.Explainer) -> tw.Explanation:
    return explain(demo, layers="all")


def explain(demo: tw.Explainer, **options: Any) -> tw.Explanation:
    return demo.explain(tw.demo.scene(seed=7).image, PROMPT, progress=False, **options)


def assert_same_layers(one: tw.Explanation, other: tw.Explanation) -> None:
    """Within float16's rounding of states that another pass gave."""
    assert (one.layers, one.layer_count) == (other.layers, other.layer_count)
    for name in ("layer_activations", "layer_relevance", "layer_log_p"):
        known = getattr(other, name).astype(np.float32)
        exact = {"rtol": 2**-9, "atol": 1e-4 * float(np.abs(known).max())}
        np.testing.assert_allclose(getattr(one, name), known, **exact)
    np.testing.assert_array_equal(one.layer_choices, other.layer_choices)
    assert one.layer_choice_texts == other.layer_choice_texts


def test_only_the_last_is_explained_unless_asked(demo: tw.Explainer) -> None:
    plain = explain(demo)
    assert (plain.layers, plain.layer_count) == ((), len(demo.decoder_layers))
    assert plain.likely_ids.shape == (len(plain.tokens), 50)
    for token, ids in zip(plain.tokens, plain.likely_ids.tolist(), strict=True):
        known = [candidate.id for candidate in token.candidates]
        assert ids[: len(known)] == known


def test_all_and_some(demo: tw.Explainer, whole: tw.Explanation) -> None:
    count = len(demo.decoder_layers)
    assert whole.layers == tuple(range(1, count))
    some = explain(demo, layers=[count, 2, np.int64(1), 2])
    assert some.layers == (1, 2)
    np.testing.assert_array_equal(some.layer_activations, whole.layer_activations[:2])
    np.testing.assert_array_equal(some.layer_relevance, whole.layer_relevance[:2])
    assert explain(demo, layers=[count]).layers == ()


def test_the_last_layer_does_not_depend_on_it(demo: tw.Explainer, whole: tw.Explanation) -> None:
    plain = explain(demo)
    for name in ("activations", "relevance", "reference_activation", "likely_ids"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(plain, name))
    np.testing.assert_array_equal(whole.maps(layer=whole.layer_count), plain.maps())
    assert whole.tokens == plain.tokens


def test_projecting_the_last_layer_as_another_gives_the_last(
    demo: tw.Explainer, whole: tw.Explanation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The output of the last decoder layer, before the norm, leads to today's maps."""
    monkeypatch.setattr(
        "tam_widgets.capture.explainer.asked_layers", lambda *_: (whole.layer_count,)
    )
    monkeypatch.setattr("tam_widgets.capture.layers._count", lambda _: 99)
    ex = explain(demo, layers="all")
    exact = {"rtol": 2**-10, "atol": 1e-5 * float(whole.activations.max())}
    np.testing.assert_allclose(ex.layer_activations[0], whole.activations, **exact)
    np.testing.assert_allclose(ex.layer_relevance[0], whole.relevance, **exact)
    known = np.array([token.probability for token in whole.tokens[whole.answer_slice]])
    np.testing.assert_allclose(np.exp(ex.layer_log_p[0]), known, rtol=1e-4)
    first = [token.candidates[0] for token in whole.tokens[whole.answer_slice]]
    assert ex.layer_choices[0].tolist() == [candidate.id for candidate in first]
    assert [ex.layer_choice_texts[one.id] for one in first] == [one.text for one in first]


@pytest.mark.parametrize("layers", [0, 3, True, "last", [0], [99], [1.0], [True], [], {}, [[1]]])
def test_what_are_no_layers(demo: tw.Explainer, layers: Any) -> None:
    with pytest.raises(OptionError, match=r'layers=.*give "all", or a list of numbers from 1 to'):
        explain(demo, layers=layers)
    with pytest.raises(OptionError, match="layers="):
        demo.explain_many([(tw.demo.scene(seed=7).image, PROMPT)], layers=layers)


@pytest.mark.parametrize("processed", [lambda x: x / 7, lambda x: 3 * torch.tanh(x / 3)])
def test_choices_of_a_layer_are_of_the_models_own_logits(
    demo: tw.Explainer, whole: tw.Explanation, monkeypatch: pytest.MonkeyPatch, processed: Any
) -> None:
    """Scaled or capped logits change how probable a token is, but not which is first."""
    monkeypatch.setattr(demo, "logits", processed)
    other = explain(demo, layers="all", answer=whole.text)
    answer = other.layer_log_p.shape[1]
    np.testing.assert_array_equal(other.layer_choices, whole.layer_choices[:, :answer])
    assert (np.abs(other.layer_log_p - whole.layer_log_p[:, :answer]) > 0.1).any()


def test_layers_are_added_to_an_explanation(
    demo: tw.Explainer, whole: tw.Explanation, tmp_path: Path
) -> None:
    """To one just made, to a loaded one, and as `explain` gives them for the same answer."""
    plain = demo.attribute(explain(demo), ["attention"], progress=False)
    plain.save(tmp_path / "plain.safetensors")
    for explanation in (plain, tw.load(tmp_path / "plain.safetensors")):
        added = demo.explain_layers(explanation)
        assert_same_layers(added, whole)
        np.testing.assert_array_equal(added.maps("attention"), explanation.maps("attention"))
        np.testing.assert_array_equal(added.maps(), explanation.maps())
        assert added.alternatives == explanation.alternatives
    given = explain(demo, answer=whole.text)
    added, asked = (
        demo.explain_layers(given, [1, 2]),
        explain(demo, layers=[1, 2], answer=whole.text),
    )
    for name in ("activations", "relevance", "log_p", "choices"):
        np.testing.assert_array_equal(
            getattr(added, f"layer_{name}"), getattr(asked, f"layer_{name}")
        )
    assert demo.explain_layers(added, [2]).layers == (2,)


def test_layers_of_an_older_file_are_of_its_classes(
    demo: tw.Explainer, whole: tw.Explanation
) -> None:
    """Which does not say by what class its first prompt token is explained."""
    old = replace(explain(demo), first_class=None)
    added = demo.explain_layers(old)
    own = added.layer_relevance
    np.testing.assert_allclose(own[:, 1:], whole.layer_relevance[:, 1:], rtol=2**-9, atol=1e-3)
    assert not np.allclose(own[:, 0], whole.layer_relevance[:, 0])


@pytest.mark.parametrize("layers", [0, "last", [99]])
def test_layers_that_cannot_be_added(
    demo: tw.Explainer, whole: tw.Explanation, layers: Any
) -> None:
    with pytest.raises(OptionError, match="layers="):
        demo.explain_layers(whole, layers)


def test_the_explanation_of_one_layer_gets_no_others(
    demo: tw.Explainer, whole: tw.Explanation
) -> None:
    with pytest.raises(OptionError, match="explanation of layer 1 alone"):
        demo.explain_layers(whole.at_layer(1))


def test_another_models_explanation_gets_no_layers(whole: tw.Explanation) -> None:
    other = tw.demo.explainer("llava")
    with pytest.raises(TraceError, match="does not read this explanation"):
        other.explain_layers(whole)


def test_conversations_have_layers_in_every_turn(demo: tw.Explainer) -> None:
    chat = demo.chat(layers=[1], progress=False)
    image = tw.demo.scene(seed=7).image
    chat.ask(PROMPT, image, answer="There is a laptop.")
    second = chat.ask("What is left?", answer="There is a cup.")
    assert second.layers == (1,)
    assert second.maps(layer=1).any()


@pytest.mark.parametrize("options", [{"num_beams": 2}, {"use_cache": False}])
def test_irregular_decoding_is_read_again(demo: tw.Explainer, options: dict[str, Any]) -> None:
    searched = explain(demo, layers=[1], max_new_tokens=4, **options)
    given = explain(demo, layers=[1], answer=searched.text)
    assert [token.id for token in searched.tokens] == [token.id for token in given.tokens]
    exact = {"rtol": 2**-9, "atol": 1e-4 * float(given.layer_activations.max())}
    np.testing.assert_allclose(searched.layer_activations, given.layer_activations, **exact)


def test_states_over_the_limit_are_projected_in_a_pass_of_their_own(
    demo: tw.Explainer, whole: tw.Explanation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "KEPT_BYTES", 1000)
    lean = explain(demo, layers="all")
    exact = {"rtol": 2**-9, "atol": 1e-4 * float(whole.layer_activations.max())}
    np.testing.assert_allclose(lean.layer_activations, whole.layer_activations, **exact)


def test_no_hook_stays(demo: tw.Explainer, monkeypatch: pytest.MonkeyPatch) -> None:
    explain(demo, layers="all", max_new_tokens=2)

    def interrupted(**_inputs: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(demo.model, "generate", interrupted)
        with pytest.raises(KeyboardInterrupt):
            explain(demo, layers="all")
    assert not any(layer._forward_hooks for layer in demo.decoder_layers)


def test_values_beyond_half_precision_are_float32(demo: tw.Explainer) -> None:
    weight = demo.model.get_output_embeddings().weight
    before = explain(demo, layers=[1, 2], answer="There is a cup.")
    with torch.no_grad():
        kept = weight.clone()
        weight.mul_(1e5)
        try:
            large = explain(demo, layers=[1, 2], answer="There is a cup.")
            weight.mul_(1e-12)
            small = explain(demo, layers=[1, 2], answer="There is a cup.")
        finally:
            weight.copy_(kept)
    assert before.layer_activations.dtype == np.float16
    assert large.layer_activations.dtype == small.layer_activations.dtype == np.float32
    assert np.isfinite(large.layer_activations).all()
    assert small.maps(layer=1).any()


def test_the_size_of_layers_is_announced(
    demo: tw.Explainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = explain(demo, answer="There is a cup.")
    monkeypatch.setattr(size_limit, "LARGE_RECORD", 1000)
    said = "further layers .* GB of that.*fewer layers"
    for how in (
        lambda: explain(demo, layers="all", max_new_tokens=1),
        lambda: explain(demo, layers="all", answer="There is a cup."),
        lambda: demo.explain_layers(given),
    ):
        with pytest.warns(UserWarning, match=said) as told:
            how()
        assert [warning.filename for warning in told] == [__file__]
    monkeypatch.setattr(size_limit, "LARGE_RECORD", 2**30)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        explain(demo, layers="all", max_new_tokens=1)
