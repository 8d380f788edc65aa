"""What every family owes: words, equations, probabilities and geometry, on its own classes."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
from transformers import CONFIG_MAPPING

import tam_widgets as tw
from tam_widgets.capture.generation import answers
from tam_widgets.capture.generation.generate import read
from tam_widgets.capture.inputs.encoding import Encoded, encode
from tam_widgets.capture.inputs.media import Video
from tam_widgets.errors import UnsupportedModelError
from tam_widgets.models import Family, family_of, registry

from . import tiny
from .probe import FRAMES, SHAPES, photo, probe_picture, probe_video
from .tiny import video_llava

PROMPT = "Describe this image."
SIZE = (200, 120)
EXACT = {"rtol": 1e-4, "atol": 1e-5}
SERVED = registry.model_types()
WHOLE = {"qwen2_5_omni", "qwen3_omni_moe"}
"""Of which only the thinker is explained, a type of its own."""


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


def can_be_built(kind: str) -> bool:
    """Whether the installed transformers has a model type, as its family needs it."""
    return kind in CONFIG_MAPPING and not (kind == "video_llava" and video_llava.TOO_OLD)


@pytest.mark.parametrize("kind", [kind for kind in SERVED if kind not in WHOLE])
def test_every_type_has_a_tiny_model_of_its_own(kind: str) -> None:
    """Without one nothing here is tested; what takes videos needs one that is tested on videos."""
    if not can_be_built(kind):
        pytest.skip("this transformers lacks it")
    assert kind in tiny.MODELS, "add it to MODELS of tests/models/tiny"
    config = tiny.MODELS[kind]()[0].config
    assert config.model_type == kind
    if type(family_of(config)).video_grids is not Family.video_grids:
        assert kind in tiny.VIDEO_MODELS, "add it to VIDEO_MODELS of tests/models/tiny"


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


def layered(run: Run, **given: Any) -> tw.Explanation:
    return run.explainer.explain(
        photo(SIZE), PROMPT, layers="all", progress=False, **options(run.explainer), **given
    )


def assert_same_layers(one: tw.Explanation, other: tw.Explanation) -> None:
    assert one.layers == other.layers
    for name in ("layer_activations", "layer_relevance"):
        expected = getattr(other, name).astype(np.float32)
        exact = {"rtol": 2**-9, "atol": 1e-5 * max(1, expected.max())}
        np.testing.assert_allclose(getattr(one, name), expected, **exact)
    np.testing.assert_allclose(one.layer_log_p, other.layer_log_p, rtol=1e-3, atol=1e-3)


def test_other_layers_are_those_of_output_hidden_states(run: Run) -> None:
    """Within the rounding of the numbers that are kept."""
    if run.explainer.family.name == "gemma3n":
        with pytest.raises(UnsupportedModelError, match="several streams"):
            layered(run)
        assert run.ex.layer_count is None
        return
    ex, head = layered(run), run.explainer.model.get_output_embeddings().weight
    norm = run.explainer.family.final_norm(run.explainer.model)
    assert ex.layer_count == len(run.out.hidden_states[0]) - 1
    assert ex.layers == tuple(range(1, ex.layer_count))
    for name in ("activations", "relevance"):
        np.testing.assert_array_equal(getattr(ex, name), getattr(run.ex, name))
    n, inputs = ex.prompt_length, run.encoded.input_ids
    answer = np.arange(len(inputs) - 1, len(run.hidden))
    places = [*run.encoded.prompt_tokens.positions, *answer]
    earlier = np.tri(len(places), k=-1, dtype=bool)
    earlier[:n, :n] = True
    for number, layer in enumerate(ex.layers):
        states = torch.cat([step[layer] for step in run.out.hidden_states], dim=1)[0]
        with torch.no_grad():
            scores = (norm(states) @ head[ex.classes].T).relu().T.numpy()
            logits = run.explainer.logits(norm(states)[answer] @ head.T).log_softmax(dim=1)
        exact = {"rtol": 2**-11, "atol": 1e-5 * max(1, scores.max())}
        seen = scores[:, run.encoded.visual]
        np.testing.assert_allclose(ex.layer_activations[number], seen, **exact)
        read_at = scores[:, places] * earlier
        np.testing.assert_allclose(ex.layer_relevance[number], read_at, **exact)
        own = logits.numpy()[np.arange(len(answer)), ex.token_ids[n:]]
        np.testing.assert_allclose(ex.layer_log_p[number], own, rtol=1e-4, atol=1e-4)
        chosen = logits.numpy()[np.arange(len(answer)), ex.layer_choices[number]]
        np.testing.assert_allclose(chosen, logits.max(dim=1).values, rtol=1e-4, atol=1e-4)


def test_layers_are_the_same_however_they_are_read(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While generating, in a batch, in one pass, and projected while they are computed."""
    if run.explainer.family.name == "gemma3n":
        pytest.skip("its layers cannot be explained")
    ex, explainer = layered(run), run.explainer
    items = [(photo(SIZE), PROMPT), (photo(SIZE), PROMPT + " A cat and two birds sit there.")]
    batched, longer = explainer.explain_many(
        items, layers="all", progress=False, **options(explainer)
    )
    assert_same_layers(batched, ex)
    assert longer.layers == ex.layers
    monkeypatch.setattr(answers, "KEPT_BYTES", 0)
    assert_same_layers(layered(run), ex)
    ids = ex.token_ids[ex.answer_slice].tolist()
    monkeypatch.setattr(answers, "answer_ids", lambda *_: ids)
    assert_same_layers(layered(run, answer="stands for the ids"), ex)
    monkeypatch.undo()
    monkeypatch.setattr(answers, "answer_ids", lambda *_: ids)
    assert_same_layers(layered(run, answer="stands for the ids"), ex)


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


def assert_own_layouts(explainer: tw.Explainer, one: Any, other: Any) -> None:
    """Each of two pictures or videos has its own grids, whichever comes first."""
    first, second = layouts(explainer, [one, other]), layouts(explainer, [other, one])
    assert first == second[::-1]


def layouts(explainer: tw.Explainer, sources: list[Any]) -> list[list[Any]]:
    """The shape and the pixels of the grids of each picture or video."""
    encoded = encode(explainer.family, explainer.model, explainer.processor, PROMPT, sources)
    return [
        [
            (grid.rows, grid.cols, grid.rect)
            for grid in encoded.grids
            if medium.first <= grid.image < medium.first + len(medium.pictures)
        ]
        for medium in encoded.media
    ]


def test_each_picture_has_its_own_grids(run: Run) -> None:
    """Of two with equally many visual tokens, which no count of them would tell apart."""
    assert_own_layouts(run.explainer, photo((60, 200)), photo((200, 60)))


@pytest.mark.parametrize("kind", tiny.VIDEO_MODELS)
def test_each_video_has_its_own_grids(kind: str) -> None:
    tall, wide = (Video([photo(size)] * FRAMES) for size in ((60, 200), (200, 60)))
    assert_own_layouts(tw.Explainer(*tiny.VIDEO_MODELS[kind]()), tall, wide)


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
