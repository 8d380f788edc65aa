"""Checks of demo models' maps, and of answers whose probabilities are known."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

import tam_widgets as tw
from tam_widgets.capture.forcing.cells import Cells
from tam_widgets.capture.inputs.media import Video
from tam_widgets.errors import OptionError, TokenIndexError
from tam_widgets.explanation.explanation import Explanation
from tam_widgets.faithfulness import check as checking
from tam_widgets.faithfulness.protocols import PROTOCOLS, Protocol

from ..methods.answers import MadeAnswer, brightness
from ..models import tiny
from ..models.probe import photo
from ..views.made import explanation as made_explanation

FEW: Any = Protocol("few", "the default in fewer steps", steps=3)
HALF: Any = Protocol("half", "the default in two steps", steps=2)


@cache
def demo(name: str) -> tuple[tw.Explainer, Explanation, tw.demo.Scene]:
    explainer, scene = tw.demo.explainer(name), tw.demo.scene(seed=7)
    return explainer, explainer.explain(scene.image, scene.prompt, progress=False), scene


@pytest.mark.parametrize(("name", "fill"), [("qwen2-vl", "mean"), ("llava", "noise")])
def test_curves_begin_and_end_with_plain_forward_passes(name: str, fill: str) -> None:
    explainer, explanation, scene = demo(name)
    tokens = explanation.answer_tokens()[-3:-1]
    check = explainer.check(
        explanation, tokens, protocol=FEW, fill=fill, random_orders=1, progress=False
    )
    whole = explainer.explain(scene.image, scene.prompt, answer=explanation.text)
    frozen = explainer.frozen(explanation)
    (blank,) = frozen.blank(fill)
    without = explainer.explain(blank, scene.prompt, answer=explanation.text)
    for order in check.orders:
        deletion, insertion = check.curve(order), check.curve(order, "insertion")
        for row, token in enumerate(check.tokens):
            expected = [np.log(one.tokens[token].probability) for one in (whole, without)]
            np.testing.assert_allclose(deletion[row, [0, -1]], expected, atol=1e-4)
            np.testing.assert_allclose(insertion[row, [-1, 0]], expected, atol=1e-4)
    for pictures, found in ((frozen.pictures, check.full_log_p), ([blank], check.blank_log_p)):
        alone = frozen.log_probabilities(
            [pictures], range(explanation.prompt_length, len(explanation.tokens))
        )
        np.testing.assert_allclose(found, alone[0], atol=1e-5)


@pytest.mark.parametrize("name", tw.demo.MODELS)
def test_a_true_mask_beats_its_inverse_with_random_orders_between(name: str) -> None:
    explainer, *_ = demo(name)
    deletions, insertions = [], []
    for seed in range(40, 46):
        scene = tw.demo.scene(seed=seed)
        explanation = explainer.explain(
            scene.image, scene.prompt, answer=scene.caption, progress=False
        )
        group = scene.groups[0]
        words = [one for one in explanation.words("answer") if one.text.startswith(group.noun)]
        token = words[0].tokens[0]
        mask = scene.masks[group.noun]
        (grid,) = explanation.grids
        share = np.array([_inside(mask, grid.cell(cell)) for cell in range(grid.size)])
        inverse = np.tile(1 - share, (len(explanation.tokens), 1))
        explanation = explanation.with_maps("outside", inverse)
        check = explainer.check(
            explanation, token, ["outside"], HALF, random_orders=1, mask=mask, progress=False
        )
        names = ("mask", "random 0", "outside")
        deletions.append([check.deletion(one)[0] for one in names])
        insertions.append([check.insertion(one)[0] for one in names])
    inside, random, outside = np.transpose(deletions)
    assert (inside < outside).mean() == 1
    assert inside.mean() + 0.1 < random.mean() < outside.mean()
    inside, random, outside = np.transpose(insertions)
    assert (inside > outside).mean() == 1
    assert inside.mean() > random.mean() > outside.mean()


def _inside(mask: np.ndarray, cell: Sequence[float]) -> float:
    left, top, right, bottom = (round(edge) for edge in cell)
    return float(mask[top:bottom, left:right].mean())


class Answer(MadeAnswer):
    """Probabilities that hang on the picture, [16, 16] in 4 × 4 cells, as one says."""

    def __init__(self, record: Explanation, probability: Callable[..., float]) -> None:
        super().__init__(probability)
        self.answer_tokens = range(record.prompt_length, len(record.tokens))


def record() -> Explanation:
    """Of a white picture of 16 × 16 pixels in 4 × 4 cells; the answer's tokens are 2 to 6."""
    found = made_explanation(grids=(tw.Grid(4, 4, (0.0, 0.0, 16.0, 16.0)),))
    picture = replace(found.images[0], width=16, height=16)
    return replace(found, images=(picture,))


def run(
    explanation: Explanation,
    protocol: str = "cells",
    probability: Callable[..., float] | None = None,
    **options: Any,
) -> Any:
    def one_cell(pictures: Sequence[Image.Image], token: int) -> float:
        return 0.1 + 0.8 * float(brightness(pictures).ravel()[token])

    frozen = Answer(explanation, probability or one_cell)
    given = {
        "tokens": None,
        "methods": ["tam"],
        "fill": None,
        "mask": None,
        "random_orders": 2,
        "seed": 0,
        "progress": False,
    }
    check = checking.check(
        frozen,  # type: ignore[arg-type]
        explanation,
        PROTOCOLS[protocol],
        **given | options,
    )
    return check, frozen


def test_a_map_of_what_matters_has_the_steepest_curves() -> None:
    explanation = record()
    maps = np.zeros((len(explanation.tokens), 16), np.float32)
    maps[range(len(maps)), range(len(maps))] = 1  # of token i all hangs on cell i
    explanation = explanation.with_maps("true", maps).with_maps("false", 1 - maps)
    check, _ = run(explanation, methods=["true", "false"], tokens=[2, 4])
    assert check.steps == 16
    falls = np.array([0.9] + [0.1] * 16)
    for row in range(2):
        np.testing.assert_allclose(np.exp(check.curve("true")[row]), falls, rtol=1e-5)
        rises = np.exp(check.curve("true", "insertion")[row])
        np.testing.assert_allclose(rises, [0.1] + [0.9] * 16, rtol=1e-5)
        np.testing.assert_allclose(np.exp(check.curve("false")[row]), [0.9] * 16 + [0.1], rtol=1e-5)
    assert check.ranking[check.order("true").rows[0]][0] == 2
    assert (check.selectivity("true") > 0.2).all()
    assert (check.selectivity("false") < 0).all()
    for step, (row, token) in enumerate(zip(check.order("centre").rows, (2, 4), strict=True)):
        place = check.ranking[row].tolist().index(token)
        expected = [0.9] * (place + 1) + [0.1] * (16 - place)
        np.testing.assert_allclose(np.exp(check.curve("centre")[step]), expected, rtol=1e-5)


def test_a_seed_repeats_a_check_and_controls_serve_all_tokens() -> None:
    first, asked = run(record(), seed=3)
    again, _ = run(record(), seed=3)
    other, _ = run(record(), seed=4)
    np.testing.assert_array_equal(first.ranking, again.ranking)
    np.testing.assert_array_equal(first.deletion_log_p, again.deletion_log_p)
    assert not np.array_equal(first.ranking, other.ranking)
    assert first.tokens == (2, 3, 4, 5)  # without the special one at the end
    assert all(len({*order.rows}) == 1 for order in first.orders if order.kind != "method")
    # At most two pictures a step of each order, and the whole and the blank one.
    assert asked.asked <= 2 + 2 * 15 * len(first.ranking)


def test_masks_of_some_tokens() -> None:
    mask = np.zeros((16, 16), bool)
    mask[:4, 8:12] = True  # cell 2
    check, _ = run(record(), mask={2: mask})
    assert check.order("mask").rows[1:] == (-1, -1, -1)
    np.testing.assert_allclose(np.exp(check.curve("mask")[0]), [0.9] + [0.1] * 16, rtol=1e-5)
    shared, _ = run(record(), mask=mask)
    assert {*shared.order("mask").rows} == {shared.order("mask").rows[0]}
    without, _ = run(record())
    assert "mask" not in [order.name for order in without.orders]


@pytest.mark.parametrize(("protocol", "steps"), [("cells", 16), ("eagle", 64), ("lvlm", 13)])
def test_each_protocol_removes_in_its_own_units(protocol: str, steps: int) -> None:
    mask = np.zeros((16, 16), bool)
    mask[:4, 8:12] = True
    # Of 32 x 32 squares on a picture of 16 x 16 pixels, 256 cover one.
    check, _ = run(record(), protocol, tokens=2, mask=mask, random_orders=0)
    assert check.steps == steps
    assert check.units == PROTOCOLS[protocol].units
    curve = np.exp(check.curve("mask")[0])
    removed = np.minimum(check.shares * 16, 1)  # of the cell that the mask covers
    np.testing.assert_allclose(curve, 0.9 - 0.8 * removed, atol=1e-5)
    assert check.ranking.shape[1] == (0 if protocol == "eagle" else len(np.unique(check.ranking)))


def test_lvlm_chooses_tokens_that_need_the_picture() -> None:
    def needing(pictures: Sequence[Image.Image], token: int) -> float:
        return 0.9 if token in (4, 6) or brightness(pictures).mean() == 1 else 0.1

    check, _ = run(record(), "lvlm", needing)
    assert check.tokens == (3, 5)  # 2 is the answer's first one
    named, _ = run(record(), "lvlm", needing, tokens=4)
    assert named.tokens == (4,)
    assert np.isnan(named.deletion("tam")).all()  # the picture adds nothing
    mask = np.ones((16, 16), bool)
    masked, _ = run(record(), "lvlm", needing, mask={3: mask})
    assert -1 not in masked.order("mask").rows[:1]
    with pytest.raises(OptionError, match="none does"):
        run(record(), "lvlm", lambda *_: 0.5)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"methods": "tam"}, "give a list"),
        ({"methods": []}, "give a list"),
        ({"methods": ["tam", "tam"]}, "given twice"),
        ({"methods": ["gradcam"]}, "unknown method"),
        ({"methods": ["occlusion"]}, r"Explainer.attribute\(explanation"),
        ({"methods": ["partly"]}, r"not for \[3\].*Explainer.attribute"),
        ({"random_orders": -1}, "random_orders=-1"),
        ({"random_orders": True}, "random_orders=True"),
        ({"seed": 0.5}, "seed=0.5"),
        ({"mask": np.ones((4, 4), bool)}, r"bool \(16, 16\)"),
        ({"mask": np.full((16, 16), np.nan)}, r"bool \(16, 16\)"),
        ({"mask": [[True], [True, False]]}, r"bool \(16, 16\)"),
        ({"mask": np.zeros((16, 16), bool)}, "empty"),
    ],
)
def test_what_cannot_be_checked_is_refused(options: dict[str, Any], message: str) -> None:
    explanation = record()
    partly = np.zeros((len(explanation.tokens), 16), np.float32)
    explanation = explanation.with_maps("partly", partly, tokens=[2])
    with pytest.raises(OptionError, match=message):
        run(explanation, **{"tokens": [2, 3], **options})


def test_tokens_outside_the_answer_are_refused() -> None:
    for tokens in (0, [2, 99]):
        with pytest.raises(TokenIndexError):
            run(record(), tokens=tokens)
    with pytest.raises(TokenIndexError, match="not checked"):
        run(record(), tokens=2, mask={3: np.ones((16, 16), bool)})


def test_masks_need_a_single_picture() -> None:
    explanation = record()
    two = replace(explanation, images=explanation.images * 2)
    with pytest.raises(OptionError, match="2 pictures"):
        run(two, mask=np.ones((16, 16), bool))


def test_an_unknown_protocol_or_fill_is_refused_before_the_model_reads() -> None:
    explainer, explanation, _ = demo("llava")
    for options in ({"protocol": "rise"}, {"fill": "grey"}, {"fill": ["mean"]}):
        with pytest.raises(OptionError, match="give one of"):
            explainer.check(explanation, **options, progress=False)  # type: ignore[arg-type]


def test_an_interruption_says_how_far_it_was() -> None:
    explanation = record()
    asked = []

    def interrupted(pictures: Sequence[Image.Image], _token: int) -> float:
        asked.append(1)
        if len(asked) == 5 * 12:  # five tokens for each picture
            raise KeyboardInterrupt
        return 0.5

    with (
        pytest.warns(UserWarning, match="after 11 of [0-9]+ passes"),
        pytest.raises(KeyboardInterrupt),
    ):
        run(explanation, probability=interrupted)
    assert explanation.checks == ()


def test_progress_counts_every_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    bars = []

    @contextmanager
    def watched(total: int, _unit: str, *, initial: int, **_: Any) -> Any:
        bar = _Bar(total, initial)
        bars.append(bar)
        yield bar

    monkeypatch.setattr(checking, "progress_bar", watched)
    _, frozen = run(record())
    (bar,) = bars
    assert bar.total == bar.done == frozen.asked


class _Bar:
    def __init__(self, total: int, done: int) -> None:
        self.total, self.done = total, done

    def update(self, number: int) -> None:
        self.done += number


def test_who_watches_sees_the_curves_grow_to_what_is_returned() -> None:
    explainer, explanation, _ = demo("llava")
    seen: list[Any] = []
    check = explainer.check(
        explanation, explanation.answer_tokens()[2], random_orders=2, progress=seen.append
    )
    names = ("deletion_log_p", "insertion_log_p")
    first, last = seen[0], seen[-1]
    assert first.done == 2
    for name in names:
        assert np.isfinite(getattr(first.check, name)[:, [0, -1]]).all()
        assert np.isnan(getattr(first.check, name)[:, 1:-1]).all()
        np.testing.assert_array_equal(getattr(last.check, name), getattr(check, name))
    assert last.done == last.total == first.total
    for before, after in itertools.pairwise(seen):
        assert before.done < after.done
        for name in names:
            old, new = getattr(before.check, name), getattr(after.check, name)
            known = np.isfinite(old)
            np.testing.assert_array_equal(old[known], new[known])
    # The map's deletion is whole before any other curve has a point, and insertion comes last.
    (row,) = check.order("tam").rows
    for one in seen:
        inner = one.check.deletion_log_p[:, 1:-1, 0]
        if np.isnan(inner[row]).any():
            assert np.isnan(np.delete(inner, row, axis=0)).mean() > 0.8
        if np.isnan(inner).any():
            assert np.isnan(one.check.insertion_log_p[row, 1:-1, 0]).all()


def test_answers_are_counted_for_who_watches() -> None:
    explainer, explanation, _ = demo("llava")
    seen: list[Any] = []
    explainer.check(explanation, 8, protocol="flip", random_orders=1, progress=seen.append)
    assert (seen[0].done, seen[0].check.answers) == (0, ())
    assert seen[-1].done == seen[-1].total > 1


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_who_watches_may_stop_a_check_which_leaves_nothing(error: type[BaseException]) -> None:
    explainer, explanation, scene = demo("qwen2-vl")

    def stop(progress: Any) -> None:
        if progress.done > 2:
            raise error

    explainer.model.train()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with pytest.raises(error):
                explainer.check(explanation, 8, progress=stop)
        assert explainer.model.training
    finally:
        explainer.model.eval()
    assert explanation.checks == ()
    again = explainer.explain(scene.image, scene.prompt, progress=False)
    np.testing.assert_array_equal(again.maps(), explanation.maps())


def test_flips_compare_with_what_the_model_writes_of_the_whole_picture() -> None:
    explainer, explanation, scene = demo("llava")
    noun = scene.groups[0].noun
    token = explanation.find(noun)[0]
    check = explainer.check(
        explanation,
        token,
        protocol="flip",
        fill="black",
        mask=scene.masks[noun],
        random_orders=2,
        progress=False,
    )
    assert check.answers[-1].startswith(explanation.text)
    assert len(check.changed("tam")) == 1
    kinds = [order.kind for order in check.orders]
    assert kinds.count("random") == kinds.count("disjoint") == 2
    assert check.settings["share"] == 0.125
    frozen = explainer.frozen(explanation)
    first = check.ranking[check.order("mask").rows[0]][: round(0.125 * len(frozen.cells))]
    removed = np.isin(frozen.cells.tokens, first)
    changed = frozen.cells.replaced(frozen.pictures, frozen.blank("black"), removed)
    again = explainer.explain(changed[0], scene.prompt, progress=False)
    assert check.answers[check.order("mask").rows[0]].startswith(again.text)


def test_several_pictures_are_removed_together() -> None:
    explainer, *_ = demo("qwen2-vl")
    pictures = [tw.demo.scene(seed=seed).image.resize((112, 112)) for seed in (7, 8)]
    explanation = explainer.explain(pictures, "Describe this image.", answer="There is a cup.")
    check = explainer.check(explanation, "cup", protocol=FEW, random_orders=0, progress=False)
    assert check.ranking.shape[1] == sum(grid.size for grid in explanation.grids)
    assert len(Cells(explanation.grids, [(112, 112)] * 2)) == check.ranking.shape[1]


def test_an_explanation_with_a_check_is_still_known() -> None:
    explainer, _, scene = demo("llava")
    explanation = explainer.explain(scene.image, scene.prompt, progress=False)
    check = explainer.check(explanation, 8, protocol=FEW, random_orders=0, progress=False)
    kept = explanation.with_check(check)
    assert explainer.frozen(kept) is explainer.frozen(explanation)


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("qwen2_vl", {"video": Video([photo((56, 56), seed=n) for n in range(4)], fps=2)}),
        ("llava_next", {"image": photo((300, 150))}),
    ],
)
@pytest.mark.parametrize("protocol", ["cells", "lvlm"])
def test_videos_and_tiles(kind: str, given: dict[str, Any], protocol: str) -> None:
    explainer = tw.Explainer(*(tiny.MODELS | tiny.VIDEO_MODELS)[kind]())
    explanation = explainer.explain(prompt="What is there?", answer="A cat", **given)
    few: Any = replace(PROTOCOLS[protocol], step_size=None, steps=2)
    check = explainer.check(explanation, -1, protocol=few, random_orders=1, progress=False)
    frozen = explainer.frozen(explanation)
    blank = frozen.blank(PROTOCOLS[protocol].fill)
    own = frozen.log_probabilities([frozen.pictures, blank], check.tokens)[:, 0]
    np.testing.assert_allclose(check.curve("tam")[0, [0, -1]], own, atol=1e-5)
    units = len(frozen.cells) if protocol == "cells" else 32 * 32 * len(frozen.pictures)
    assert check.ranking.shape[1] == units


def test_without_memory_for_a_batch_fewer_answers_are_read_and_written_at_once() -> None:
    explainer, explanation, _ = demo("llava")
    frozen = explainer.frozen(explanation)
    variants = [frozen.pictures, *(frozen.blank(fill) for fill in ("mean", "black", "noise"))]
    expected = [frozen.rewritten([one])[0] for one in variants]
    read = np.concatenate([frozen.log_probabilities([one], [8]) for one in variants])
    at_once = []

    def small(_model: Any, _args: Any, given: dict[str, Any]) -> None:
        rows = len(given["input_ids"])
        if rows > 2:
            raise torch.OutOfMemoryError
        at_once.append(rows)

    handle = explainer.model.register_forward_pre_hook(small, with_kwargs=True)
    try:
        assert frozen.rewritten(variants) == expected
        found = frozen.log_probabilities(variants, [8])
    finally:
        handle.remove()
    np.testing.assert_allclose(found, read, atol=1e-5)
    assert max(at_once) == 2
