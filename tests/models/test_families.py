"""What every family owes: words, equations, probabilities and geometry, on its own classes."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch

import tam_widgets as tw
from tam_widgets.capture.generation.generate import read
from tam_widgets.capture.inputs.encoding import Encoded, encode

from . import tiny
from .probe import FRAMES, SHAPES, photo, probe_picture, probe_video

PROMPT = "Describe this image."
SIZE = (200, 120)
EXACT = {"rtol": 1e-4, "atol": 1e-5}


@dataclass
class Run:
    """One answer, explained by us and written out by transformers."""

    explainer: tw.Explainer
    encoded: Encoded
    ex: tw.Explanation
    out: Any
    last: list[Any]
    """`last_hidden_state` of the model below the head, step by step."""

    @property
    def hidden(self) -> torch.Tensor:
        """Last hidden states, after the norm, which some classes leave to us."""
        steps = [step[-1] for step in self.out.hidden_states]
        if steps[0].ndim > 3:  # Gemma 3n: several states a token, of which its decoder makes one
            return torch.cat(self.last, dim=1)[0]
        states = torch.cat(steps, dim=1)[0]
        model, family = self.explainer.model, self.explainer.family
        return min(states, family.final_norm(model)(states), key=self._error)

    def _error(self, states: torch.Tensor) -> float:
        """How far the logits that follow from states are from the model's own."""
        head = self.explainer.model.get_output_embeddings().weight
        products = self.explainer.family.logits(states[-1] @ head.T, self.explainer.model.config)
        return float((products - self.out.logits[-1][0]).abs().max())


def assert_same(one: tw.Explanation, other: tw.Explanation) -> None:
    np.testing.assert_allclose(one.activations, other.activations, rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(one.relevance, other.relevance, rtol=1e-3, atol=1e-5)


def options(explainer: tw.Explainer) -> dict[str, Any]:
    """A model with random weights may write a placeholder, which no forward pass takes."""
    added = explainer.processor.tokenizer.added_tokens_decoder
    marks = [identity for identity, token in added.items() if token.special]
    return {"max_new_tokens": 6, "suppress_tokens": marks}


@pytest.fixture(scope="module", params=tiny.MODELS)
def run(request: pytest.FixtureRequest) -> Run:
    explainer = tw.Explainer(*tiny.MODELS[request.param]())
    model, media = explainer.model, [photo(SIZE)]
    encoded = encode(explainer.family, model, explainer.processor, PROMPT, media)
    last: list[Any] = []
    handle = model.base_model.register_forward_hook(
        lambda _module, _inputs, made: last.append(getattr(made, "last_hidden_state", None))
    )
    out = model.generate(
        **encoded.inputs,
        **options(explainer),
        do_sample=False,
        return_dict_in_generate=True,
        output_hidden_states=True,
        output_logits=True,
    )
    handle.remove()
    ex = explainer.explain(media, PROMPT, progress=False, **options(explainer))
    return Run(explainer, encoded, ex, out, last)


def test_words_of_prompt_and_answer(run: Run) -> None:
    ids = run.out.sequences[0, len(run.encoded.input_ids) :].tolist()
    tokenizer = run.explainer.processor.tokenizer
    assert run.ex.prompt_text == PROMPT
    assert [token.id for token in run.ex.tokens[run.ex.answer_slice]] == ids
    assert run.ex.text == tokenizer.decode(ids, skip_special_tokens=True)


def test_equations(run: Run) -> None:
    """Activations and relevance straight from `output_hidden_states`."""
    ids, n = run.encoded.input_ids.tolist(), run.ex.prompt_length
    words = run.ex.token_ids[:n].tolist()
    (start,) = [i for i in range(len(ids)) if ids[i : i + n] == words][-1:]
    head = run.explainer.model.get_output_embeddings().weight
    first = int((run.hidden[start] @ head.T).argmax())
    classes = [first, *words[1:], *run.ex.token_ids[n:].tolist()]
    places = [*range(start, start + n), *range(len(ids) - 1, len(run.hidden))]
    scores = (run.hidden @ head[classes].T).relu().T.detach().numpy()
    earlier = np.tri(len(places), k=-1, dtype=bool)
    earlier[:n, :n] = True
    np.testing.assert_allclose(run.ex.activations, scores[:, run.encoded.visual], **EXACT)
    np.testing.assert_allclose(run.ex.relevance, scores[:, places] * earlier, **EXACT)


def test_visual_tokens_are_what_the_model_fills_with_image_features(run: Run) -> None:
    token = run.explainer.model.config.image_token_id
    assert set(run.encoded.input_ids[run.encoded.visual]) == {token}


def test_probabilities_are_those_of_the_models_own_logits(run: Run) -> None:
    for token, logits in zip(run.ex.tokens[run.ex.answer_slice], run.out.logits, strict=True):
        expected = float(logits[0].float().softmax(dim=-1)[token.id])
        assert token.probability == pytest.approx(expected, rel=1e-4)


def test_one_forward_pass_gives_the_same_states_as_generating(run: Run) -> None:
    model, family = run.explainer.model, run.explainer.family
    sequence = run.out.sequences[0, :-1]
    states = read(
        model, run.encoded.inputs, sequence, family.final_norm(model), family.answer_inputs
    )
    torch.testing.assert_close(states, run.hidden, rtol=1e-3, atol=1e-4)


def test_a_batch_gives_the_same_as_one_by_one(run: Run) -> None:
    items = [(photo(SIZE), PROMPT), (photo(SIZE), PROMPT + " A cat and two birds sit there.")]
    first, second = run.explainer.explain_many(items, progress=False, **options(run.explainer))
    assert_same(first, run.ex)
    assert second.prompt_text == items[1][1]
    assert_same(second, run.explainer.explain(*items[1], progress=False, **options(run.explainer)))


def test_half_precision(run: Run) -> None:
    model = run.explainer.model
    try:
        explainer = tw.Explainer(model.to(torch.bfloat16), run.explainer.processor)
        half = explainer.explain(photo(SIZE), PROMPT, progress=False, **options(explainer))
    finally:
        model.to(torch.float32)
    assert half.activations.dtype == np.float32
    assert np.isfinite(half.maps()).all()
    assert half.provenance["dtype"] == "bfloat16"


def test_pictures_keep_their_order_around_words(run: Run) -> None:
    content = [
        {"type": "image"},
        {"type": "text", "text": "A red dog."},
        {"type": "image"},
        {"type": "text", "text": PROMPT},
    ]
    pictures = [photo((60, 200)), photo((200, 60))]
    ex = run.explainer.explain(
        pictures, [{"role": "user", "content": content}], progress=False, **options(run.explainer)
    )
    assert "A red dog." in ex.prompt_text
    assert ex.prompt_text.endswith(PROMPT)
    assert [image.width for image in ex.images] == [60, 200]
    assert sorted({grid.image for grid in ex.grids}) == [0, 1]


@pytest.mark.parametrize("shape", SHAPES)
def test_painting_a_cell_moves_its_own_token_most(run: Run, shape: str) -> None:
    probed = probe_picture(run.explainer, SHAPES[shape])
    assert probed
    assert [one for one in probed if not one.hit] == []


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", tiny.VIDEO_MODELS)
def test_painting_frames_moves_their_own_token_most(kind: str, shape: str) -> None:
    explainer = tw.Explainer(*tiny.VIDEO_MODELS[kind]())
    probed = probe_video(explainer, SHAPES[shape], FRAMES)
    assert probed
    assert [one for one in probed if not one.hit] == []
