"""Random weights: maps change, and the model has its own again afterwards, bit for bit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import tam_widgets as tw
from tam_widgets.capture import randomising
from tam_widgets.errors import OptionError, TokenIndexError, UnsupportedModelError
from tam_widgets.faithfulness import cascade
from tam_widgets.faithfulness.sanity import SanityCheck
from tam_widgets.faithfulness.similarity import rank_correlation, structural_similarity

from ..methods.answers import explainer, explanation


@contextmanager
def unchanged(model: torch.nn.Module) -> Iterator[None]:
    """Checks that the parameters are the same objects with the same bits as before."""
    before = [(p, p.detach().clone(), p.requires_grad) for p in _parameters(model)]
    yield
    after = _parameters(model)
    assert len(after) == len(before)
    for now, (own, values, gradient) in zip(after, before, strict=True):
        assert now is own
        assert now.requires_grad == gradient
        assert torch.equal(now, values)


def _parameters(model: torch.nn.Module) -> list[torch.nn.Parameter]:
    return [p for _, p in model.named_parameters(remove_duplicate=False)]


@pytest.fixture(scope="module")
def demo() -> tuple[tw.Explainer, tw.Explanation]:
    made, scene = tw.demo.explainer("llava"), tw.demo.scene(seed=7)
    return made, made.explain(scene.image, scene.prompt, progress=False)


def test_tam_falls_with_the_weights_and_a_map_of_edges_stays(
    demo: tuple[tw.Explainer, tw.Explanation],
) -> None:
    made, explained = demo
    with unchanged(made.model):
        check = made.sanity(explained, ["tam", "edges"], progress=False)
    layers = len(made.decoder_layers)
    assert check.stages == ("head", *(f"layer {n}" for n in range(layers, 0, -1)))
    assert check.rank_correlation.shape == (2, 1 + layers, len(check.tokens))
    tam, edges = check.mean()
    assert (np.abs(tam) < 0.5).all()
    np.testing.assert_allclose(edges, 1)
    np.testing.assert_allclose(check.mean("similarity")[1], 1)
    scene = tw.demo.scene(seed=7)
    again = made.explain(scene.image, scene.prompt, progress=False)
    np.testing.assert_array_equal(again.maps(), explained.maps())


def test_a_seed_repeats_the_random_weights() -> None:
    made, explained = explainer("qwen2_vl"), explanation("qwen2_vl")
    found = [made.sanity(explained, seed=seed, progress=False) for seed in (0, 0, 1)]
    first, again, other = (one.rank_correlation for one in found)
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_shared_embedding_keeps_its_weight_when_the_head_is_random() -> None:
    model = explainer("qwen2_vl").model
    head, embedding = model.get_output_embeddings(), model.get_input_embeddings()
    own, tied = head.weight, torch.nn.Parameter(head.weight.detach().clone())
    embedded = embedding.weight
    try:
        head.weight = embedding.weight = tied
        with unchanged(model), randomising.random_weights(0) as weights:
            weights.randomise(head)
            assert embedding.weight is tied
            assert not torch.equal(head.weight, tied)
            assert head.weight.mean().item() == pytest.approx(tied.mean().item(), abs=0.01)
            assert head.weight.std().item() == pytest.approx(tied.std().item(), rel=0.1)
    finally:
        head.weight, embedding.weight = own, embedded


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_weights_are_put_back_after_an_interruption(
    error: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, explained = explainer("qwen2_vl"), explanation("qwen2_vl")
    _raise_at(3, error, cascade, "force", monkeypatch)
    with unchanged(made.model), pytest.raises(error):
        made.sanity(explained, progress=False)


def test_an_interruption_while_weights_are_put_back_leaves_none_random(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = explainer("qwen2_vl").model
    once = iter([KeyboardInterrupt])
    own = randomising.RandomWeights._put_back

    def interrupted(self: Any) -> None:
        for error in once:
            raise error
        own(self)

    monkeypatch.setattr(randomising.RandomWeights, "_put_back", interrupted)
    with (
        unchanged(model),
        pytest.raises(KeyboardInterrupt),
        randomising.random_weights(0) as weights,
    ):
        weights.randomise(model.get_output_embeddings())


def _raise_at(
    call: int, error: type[BaseException], module: Any, name: str, monkeypatch: Any
) -> None:
    own: Callable[..., Any] = getattr(module, name)
    calls = iter(range(1, 99))

    def failing(*args: Any, **kwargs: Any) -> Any:
        if next(calls) == call:
            raise error
        return own(*args, **kwargs)

    monkeypatch.setattr(module, name, failing)


def test_a_method_that_needs_the_model_is_computed_again_at_each_stage() -> None:
    made, explained = explainer("llava"), explanation("llava")
    with unchanged(made.model):
        check = made.sanity(explained, ["attention", "gradient-x-input"], progress=False)
    (attention, _) = check.mean()
    assert attention[0] == pytest.approx(1)  # the head does not attend
    assert attention[-1] < 0.9


def test_quantised_and_offloaded_weights_are_refused() -> None:
    made, explained = explainer("qwen2_vl"), explanation("qwen2_vl")
    model = made.model
    try:
        model.hf_quantizer = SimpleNamespace()
        with pytest.raises(UnsupportedModelError, match=r"is quantised \(SimpleNamespace\)"):
            made.sanity(explained, progress=False)
    finally:
        del model.hf_quantizer
    layer = made.decoder_layers[0]
    layer.register_parameter("extra", torch.nn.Parameter(torch.zeros(2, device="meta")))
    try:
        with pytest.raises(UnsupportedModelError, match="extra', are offloaded"):
            made.sanity(explained, progress=False)
    finally:
        del layer.extra


def test_what_cannot_be_compared_is_refused() -> None:
    made, explained = explainer("qwen2_vl"), explanation("qwen2_vl")
    kept = explained.with_maps("mine", np.zeros(explained.activations.shape, np.float32))
    for methods, message in (
        ("tam", "give a list"),
        ([], "give a list"),
        (["tam", "tam"], "each method once"),
        (["gradcam"], "unknown method"),
        (["mine"], "no function `model_maps`"),
    ):
        with pytest.raises(OptionError, match=message):
            made.sanity(kept, methods, progress=False)
    with pytest.raises(TokenIndexError):
        made.sanity(explained, tokens=0, progress=False)


def result() -> SanityCheck:
    values = np.array([[[1.0, np.nan], [0.5, np.nan]]])
    return SanityCheck((3, 4), ("a", "b"), ("tam",), ("head", "layer 1"), values, values / 2, 0)


def test_the_table_and_the_figure_have_every_stage() -> None:
    table = result().to_dataframe()
    assert table["stage"].tolist() == ["head", "head", "layer 1", "layer 1"]
    assert table["text"].tolist() == ["a", "b", "a", "b"]
    np.testing.assert_array_equal(table["similarity"], [0.5, np.nan, 0.25, np.nan])
    left, right = result().figure().data
    assert left.name == right.name == "tam"
    np.testing.assert_allclose(left.y, [1, 1, 0.5])
    np.testing.assert_allclose(right.y, [1, 0.5, 0.25])
    assert "rank correlation at the end tam 0.50" in repr(result())


MAPS = arrays(np.float64, 30, elements=st.floats(0, 1, width=16))


@given(MAPS, MAPS)
def test_likeness_is_symmetric_and_1_for_equal_maps(x: np.ndarray, y: np.ndarray) -> None:
    grids = (tw.Grid(5, 6, (0, 0, 6, 5)),)
    assert structural_similarity(x, x, grids) == pytest.approx(1)
    first, second = structural_similarity(x, y, grids), structural_similarity(y, x, grids)
    assert first == pytest.approx(second)
    assert first <= 1 + 1e-9
    if np.ptp(x) and np.ptp(y):
        assert rank_correlation(x, y) == pytest.approx(rank_correlation(y, x))
        assert rank_correlation(x, 3 * x + 1) == pytest.approx(1)
        assert rank_correlation(x, -x) == pytest.approx(-1)
    else:
        assert np.isnan(rank_correlation(x, y))


def test_structural_similarity_is_that_of_its_definition() -> None:
    """Against plain sums over an 11 × 11 Gaussian window in the middle of a grid."""
    rng = np.random.default_rng(0)
    x, y = rng.random((2, 11, 11))
    x, y = x / x.max(), y / y.max()
    offsets = np.arange(-5, 6)
    window = np.exp(-(offsets[:, None] ** 2 + offsets**2) / (2 * 1.5**2))
    window /= window.sum()
    mx, my = (window * x).sum(), (window * y).sum()
    vx, vy = (window * (x - mx) ** 2).sum(), (window * (y - my) ** 2).sum()
    cov = (window * (x - mx) * (y - my)).sum()
    c1, c2 = 0.01**2, 0.03**2
    expected = (2 * mx * my + c1) * (2 * cov + c2) / ((mx**2 + my**2 + c1) * (vx + vy + c2))
    from tam_widgets.faithfulness.similarity import _ssim

    assert _ssim(x, y, 1.0)[5, 5] == pytest.approx(expected)
