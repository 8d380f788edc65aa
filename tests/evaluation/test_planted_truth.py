"""Methods judged by planted reasons: the true mask is right, and chance is as good as its area."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tam_widgets as tw
from tam_widgets.errors import OptionError
from tam_widgets.evaluation.planted_words import TRUE_MASK, PlantedTruth


@pytest.fixture(scope="module")
def found() -> PlantedTruth:
    return tw.evaluation.planted_truth(
        ["tam", "cam", "random"], ["qwen2-vl/mark", "qwen2-vl/backdrop"], scenes=15, progress=False
    )


def test_the_true_mask_is_at_one(found: PlantedTruth) -> None:
    truth = found.to_dataframe().query("method == @TRUE_MASK", local_dict={"TRUE_MASK": TRUE_MASK})
    assert len(truth) == 2
    assert (truth[["share", "share_low", "pointing"]] == 1).all(axis=None)


def test_chance_has_the_share_of_the_area(found: PlantedTruth) -> None:
    chance = found.to_dataframe().query("method == 'random'")
    assert np.allclose(chance["share"], chance["area"], atol=0.02)


def test_tam_finds_the_mark_better_than_chance(found: PlantedTruth) -> None:
    by = found.to_dataframe().set_index(["plant", "method"])
    assert by.share_low["mark", "tam"] > 5 * by.area["mark", "tam"]
    assert (by.words == 15).all()


def test_a_word_can_be_checked_by_deletion() -> None:
    found = tw.evaluation.planted_truth(
        ["cam"], ["qwen2-vl/mark"], scenes=1, check=True, progress=False
    )
    assert {row["method"]: row["revealed"] for row in found.words} == {"cam": 1.0, TRUE_MASK: 1.0}


def test_a_figure_has_a_bar_for_each_method(found: PlantedTruth) -> None:
    names = [trace.name for trace in found.figure().data]
    assert names == ["tam", "cam", "random", TRUE_MASK, "area of the evidence"]


def test_a_method_of_ones_own_is_judged_in_one_line() -> None:
    own = tw.Method("own", "own", maps=lambda record, **_: record.activations.clip(0) > 0)
    found = tw.evaluation.planted_truth([own], ["qwen2-vl/mark"], scenes=1, progress=False)
    assert found.words[0]["method"] == "own"
    assert 0 <= found.words[0]["share"] <= 1


@pytest.mark.parametrize(
    ("models", "scenes"),
    [
        (["qwen2-vl/nark"], 1),
        ("qwen2-vl/mark", 1),
        (3, 1),
        ([3], 1),
        ([], 1),
        (None, 0),
        (None, "3"),
        (None, 2.5),
        (None, True),
    ],
)
def test_what_is_unknown_is_refused(models: Any, scenes: Any) -> None:
    with pytest.raises(OptionError, match="give"):
        tw.evaluation.planted_truth(["cam"], models, scenes=scenes)
