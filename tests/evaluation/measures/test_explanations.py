"""The metrics of a whole explanation: its words, its maps, and what of the picture it covers."""

from __future__ import annotations

import builtins
import sys
from typing import Any

import numpy as np
import pytest

from tam_widgets.errors import EvaluationError, MissingExtraError
from tam_widgets.evaluation.measures.explanations import labels_in, score_explanation
from tam_widgets.evaluation.measures.metrics import score_maps
from tam_widgets.explanation.explanation import Explanation
from tam_widgets.explanation.geometry import Grid
from tam_widgets.explanation.types import StoredImage, Token

PIECES = (" the", " c", "at")
CATEGORY = {"cat": 1}


def explanation(*grids: Grid) -> Explanation:
    """An answer "the cat" whose last piece lights the grid's left half."""
    spans = [(0, 4), (4, 6), (6, 8)]
    tokens = [
        Token(i, text, "answer", span)
        for i, (text, span) in enumerate(zip(PIECES, spans, strict=True))
    ]
    activations = np.zeros((4, sum(grid.size for grid in grids)), np.float32)
    activations[2] = np.concatenate(
        [np.repeat([[1, 0]], grid.rows, 0).repeat(grid.cols // 2, 1).ravel() for grid in grids]
    )
    return Explanation(
        images=(StoredImage(b"", "image/png", 80, 40),),
        grids=grids,
        tokens=(*tokens, Token(9, "</s>", "answer", (8, 8), special=True)),
        activations=activations,
        relevance=np.zeros((4, 4), np.float32),
        reference_activation=activations[0],
        reference_relevance=np.zeros(4, np.float32),
    )


def mask(left: int, right: int) -> np.ndarray:
    labels = np.zeros((40, 80), np.uint8)
    labels[:, left:right] = 1
    return labels


def test_the_map_is_laid_over_the_whole_image() -> None:
    whole = explanation(Grid(4, 8, (0, 0, 80, 40)))
    scores = score_explanation(whole, mask(0, 40), CATEGORY, "tam-no-rgf")
    assert scores.labels == (0, 1)
    assert scores.obj_iou[0] > 0.9
    assert scores.func_iou == (1.0,)


def test_a_centre_crop_is_compared_with_what_it_shows() -> None:
    crop = explanation(Grid(4, 8, (20, 0, 60, 40)))
    cropped = score_explanation(crop, mask(20, 40), CATEGORY, "tam-no-rgf")
    stretched = score_explanation(crop, mask(20, 40), CATEGORY, "tam-no-rgf", compat="reference")
    assert cropped.obj_iou[0] > 0.9
    assert stretched.obj_iou[0] < 0.6


def test_padding_beside_the_picture_is_background() -> None:
    padded = explanation(Grid(4, 8, (-80, 0, 80, 40)))  # its left half lies beside the picture
    scores = score_explanation(padded, mask(0, 80), CATEGORY, "tam-no-rgf")
    assert scores.obj_iou[0] < 0.1
    wide = explanation(Grid(4, 8, (0, 0, 160, 40)))
    assert score_explanation(wide, mask(0, 80), CATEGORY, "tam-no-rgf").obj_iou[0] > 0.9


def test_a_mask_of_another_size_is_refused() -> None:
    with pytest.raises(EvaluationError, match=r"80 x 40 pixels.*\(40, 80\)"):
        score_explanation(explanation(Grid(4, 8, (0, 0, 80, 40))), mask(0, 9).T, CATEGORY)


def test_without_opencv_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    plain_import = builtins.__import__

    def no_opencv(name: str, *arguments: Any, **options: Any) -> Any:
        if name == "cv2":
            raise ImportError(name)
        return plain_import(name, *arguments, **options)

    monkeypatch.delitem(sys.modules, "cv2", raising=False)
    monkeypatch.setattr(builtins, "__import__", no_opencv)
    with pytest.raises(MissingExtraError, match=r"tam-widgets\[eval\]"):
        score_maps(np.zeros((1, 4, 4), np.uint8), ["cat"], [[0]], None, CATEGORY)


@pytest.mark.parametrize(
    "labels",
    [[[0, 3], [3, 1]], [[-1, 2], [2, 2]], [[0, 2**40], [7, 7]], [[5, 5], [5, 5]]],
    ids=["small", "negative", "huge", "no background"],
)
@pytest.mark.parametrize("kind", [np.uint8, np.int32, np.int64])
def test_every_label_of_a_mask_is_found(labels: list[list[int]], kind: type) -> None:
    wide = np.array(labels, np.int64)
    if wide.min() >= np.iinfo(kind).min and wide.max() <= np.iinfo(kind).max:
        assert labels_in(wide.astype(kind)) == set(wide.ravel().tolist())
