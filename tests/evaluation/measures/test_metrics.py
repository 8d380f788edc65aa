"""The metrics against the published evaluation's figures, and where they must differ from it."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tam_widgets.errors import EvaluationError
from tam_widgets.evaluation.measures.metrics import Scores, aggregate, score_maps

GOLDEN = np.load(Path(__file__).parents[2] / "golden" / "metrics.npz")
CASES = json.loads(str(GOLDEN["cases"]))
MEASURES = ("obj_iou", "func_iou", "precision", "recall")


def golden(number: int, compat: str | None = None) -> Scores:
    return scored(CASES[number], GOLDEN[f"maps_{number}"], GOLDEN[f"mask_{number}"], compat)


def scored(case: dict[str, Any], maps: Any, mask: Any, compat: Any = None) -> Scores:
    groups, category = case["token_groups"], case["category"]
    return score_maps(maps, case["words"], groups, mask, category, case.get("kind"), compat)


def square(row: int, col: int, size: int = 8) -> np.ndarray:
    """A map or a mask that is lit in one quadrant."""
    half = size // 2
    lit = np.zeros((size, size), np.uint8)
    lit[row * half : (row + 1) * half, col * half : (col + 1) * half] = 200
    return lit


@pytest.mark.parametrize("number", range(len(CASES)))
@pytest.mark.parametrize("measure", MEASURES)
def test_reference_equals_the_published_figures(number: int, measure: str) -> None:
    assert list(getattr(golden(number, "reference"), measure)) == CASES[number][measure]


@pytest.mark.parametrize("number", range(len(CASES)))
def test_reference_labels_words_as_published(number: int) -> None:
    assert list(golden(number, "reference").labels) == CASES[number]["label"]


def test_dog_is_no_hot_dog() -> None:
    assert golden(3, "reference").labels[1] == 4
    assert golden(3).labels[1] == 2


def test_a_compound_is_one_object() -> None:
    maps = np.stack([square(0, 0), square(0, 1)])
    mask = square(0, 1) // 200 * 4
    scores = score_maps(maps, ["hot", "dog"], [[0], [1]], mask, {"dog": 2, "hot dog": 4})
    assert scores.labels == (4, 4)
    assert scores.obj_iou == (1.0,)


def test_a_perfect_map_scores_one_and_a_wrong_one_nothing() -> None:
    maps = np.stack([square(0, 0), square(1, 1)])
    mask = square(0, 0) // 200
    scores = score_maps(maps, ["cat", "cats"], [[0], [1]], mask, {"cat": 1})
    assert (scores.obj_iou, scores.precision, scores.recall) == ((1, 0), (1, 0), (1, 0))


def test_a_word_takes_its_best_piece() -> None:
    maps = np.stack([square(1, 1), square(0, 0)])
    scores = score_maps(maps, ["kitten"], [[0, 1]], square(0, 0) // 200, {"kitten": 1})
    assert scores.obj_iou == (1.0,)


def test_an_absent_object_enters_no_mean_but_is_counted() -> None:
    maps = np.stack([square(0, 0), square(0, 1)])
    scores = score_maps(maps, ["cat", "dog"], [[0], [1]], square(0, 0) // 200, {"cat": 1, "dog": 2})
    assert scores.obj_iou == (1.0,)
    summary = aggregate([scores])
    assert (summary.objects, summary.absent, summary.without_objects) == (1, 1, 0)


def test_reference_merges_an_absent_compound_into_older_objects() -> None:
    words = ["cat", "car", "hot", "dog"]
    maps = np.stack([square(0, 0), square(1, 1), square(0, 1), square(0, 1)])
    mask = square(0, 0) // 200 + square(1, 0) // 200 * 2
    category = {"cat": 1, "car": 2, "hot dog": 3}
    arguments = (maps, words, [[0], [1], [2], [3]], mask, category, ["noun"] * 4)
    assert score_maps(*arguments, compat="reference").obj_iou == (1.0,)
    assert score_maps(*arguments).obj_iou == (1.0, 0.0)


def test_quiet_function_words_score_one() -> None:
    maps = np.stack([square(0, 0), np.zeros((8, 8), np.uint8), np.full((8, 8), 250, np.uint8)])
    scores = score_maps(
        maps, ["cat", "and", "the"], [[0], [1], [2]], square(0, 0) // 200, {"cat": 1}
    )
    assert scores.threshold is not None
    assert scores.func_iou == (float(scores.threshold > 0), 0.0)


def test_without_a_noun_there_is_no_threshold() -> None:
    scores = score_maps(square(0, 0)[None], ["the"], [[0]], None, {"cat": 1})
    assert (scores.threshold, scores.func_iou) == (None, ())


def test_a_dark_map_has_precision_zero_and_nan_as_published() -> None:
    arguments = (np.zeros((1, 4, 4), np.uint8), ["cat"], [[0]], square(0, 0) // 200, {"cat": 1})
    assert score_maps(*arguments).precision == (0.0,)
    assert math.isnan(score_maps(*arguments, compat="reference").precision[0])


def test_floating_maps_count_as_shown() -> None:
    values = GOLDEN["maps_0"].astype(np.float32) / 255
    shown = (values * 255).astype(np.uint8)
    case, mask = CASES[0], GOLDEN["mask_0"]
    assert scored(case, values, mask) == scored(case, shown, mask)


def test_aggregate_weighs_objects_and_function_words_alike() -> None:
    summary = aggregate(golden(n, "reference") for n in range(len(CASES)))
    objects = [value for case in CASES for value in case["obj_iou"]]
    functions = [value for case in CASES for value in case["func_iou"]]
    obj, func = sum(objects) / len(objects), sum(functions) / len(functions)
    assert summary.obj_iou == obj
    assert summary.func_iou == func
    assert summary.f1_iou == 2 * obj * func / (obj + func)
    assert (summary.samples, summary.without_objects) == (4, 1)


def test_aggregate_of_nothing_is_refused() -> None:
    with pytest.raises(EvaluationError, match="at least one answer"):
        aggregate([])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"maps": np.zeros((8, 8))}, "one map per token"),
        ({"maps": np.full((1, 8, 8), 2.0)}, r"values in 0\.\.1"),
        ({"maps": np.full((1, 8, 8), np.nan)}, r"finite values"),
        ({"maps": np.zeros((1, 8, 8), np.int64)}, "uint8"),
        ({"token_groups": [[1]]}, "from 0 to 0"),
        ({"token_groups": [[]]}, "at least one index"),
        ({"token_groups": []}, "one group"),
        ({"parts_of_speech": ["verb"]}, "noun"),
        ({"parts_of_speech": []}, "0 parts of speech"),
        ({"category": {"cat": 0}}, "from 1 on"),
        ({"mask": np.zeros((8, 8, 3), np.uint8)}, "integer labels"),
        ({"mask": np.zeros((8, 8))}, "integer labels"),
        ({"compat": "published"}, "reference"),
    ],
)
def test_arguments_that_do_not_fit_are_named(change: dict[str, object], message: str) -> None:
    arguments = {
        "maps": square(0, 0)[None],
        "words": ["cat"],
        "token_groups": [[0]],
        "mask": square(0, 0),
        "category": {"cat": 1},
    }
    with pytest.raises(EvaluationError, match=message):
        score_maps(**(arguments | change))  # type: ignore[arg-type]


@settings(deadline=None)  # the first example loads OpenCV
@given(st.data())
def test_every_value_is_a_share(data: st.DataObject) -> None:
    words = data.draw(st.lists(st.sampled_from(["cat", "hot", "dog", "the", "on"]), min_size=1))
    seed = data.draw(st.integers(0, 2**16))
    rng = np.random.default_rng(seed)
    maps = rng.integers(0, 256, (len(words), 4, 5), dtype=np.uint8)
    mask = rng.integers(0, 4, (9, 11))
    category = {"cat": 1, "dog": 2, "hot dog": 3}
    scores = score_maps(maps, words, [[i] for i in range(len(words))], mask, category)
    assert all(0 <= v <= 1 for name in MEASURES for v in getattr(scores, name))
    assert len(scores.obj_iou) == sum(r.overlap is not None for r in scores.regions)
