"""The metrics of an explanation: its answer's words, maps and geometry against a labelled mask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tam_widgets.errors import EvaluationError
from tam_widgets.evaluation.measures.metrics import Compat, Scores, score_maps
from tam_widgets.explanation.mosaic import Mosaic, mosaic
from tam_widgets.explanation.words import words

if TYPE_CHECKING:
    from tam_widgets.explanation.explanation import Explanation
    from tam_widgets.explanation.geometry import Grid

_COUNTABLE = 2**16
_COUNTED = 2**20


def score_explanation(
    explanation: Explanation,
    mask: ArrayLike,
    category: Mapping[str, int],
    method: str | None = None,
    parts_of_speech: Sequence[str] | None = None,
    compat: Compat = None,
) -> Scores:
    """Measures the answer of an explanation of one image.

    The map is compared with the part of the mask that its grid covers, that is, with what the model
    saw: pixels outside LLaVA's centre crop do not count. Tiles are joined to one grid; their
    thumbnail is left out.

    Args:
        explanation: Of one picture.
        mask: [height, width] of the upright full-size image; integer labels, 0 is background.
        category: Label, from 1 on, of each category name.
        method: A name in `Explanation.methods`, by default `Explanation.default_method`; of one
            with a sign, what lies above 0 is measured.
        parts_of_speech: One for each word of `words(explanation.tokens, "answer")`; see
            `metrics.score_maps`.
        compat: ``"reference"``: maps and metrics as published, the map stretched over the whole
            mask.

    Raises:
        EvaluationError: There are several pictures, the tiles do not form one grid, or the mask's
            size is not the image's.
        MissingExtraError: OpenCV is not installed (extra ``eval``).
    """
    joined = mosaic_of(explanation)
    grid = joined.grid
    heatmaps = explanation.maps(method, compat=compat).clip(0, 1)
    answer = words(explanation.tokens, "answer")
    labels = checked_mask(explanation, grid, mask)
    return score_maps(
        joined.planes(heatmaps),
        [word.text for word in answer],
        [word.tokens for word in answer],
        labels if compat == "reference" else seen(labels, grid),
        category,
        parts_of_speech,
        compat,
    )


def mosaic_of(explanation: Explanation) -> Mosaic:
    """The grid of an explanation's picture; several tiles are joined.

    Raises:
        EvaluationError: There are several pictures or frames, or the tiles do not form one grid.
    """
    if len(explanation.images) > 1 or explanation.images[0].video is not None:
        raise EvaluationError(
            f"an explanation of {len(explanation.images)} pictures or frames of a video: a mask "
            "belongs to one picture, so give a prompt with a single one"
        )
    joined = mosaic(explanation.grids)
    if joined is None:
        raise EvaluationError(
            f"an explanation of {len(explanation.grids)} tiles that do not fill a rectangle on one "
            f"raster ({[grid.rect for grid in explanation.grids]}): tiles that lie edge to edge, "
            "with cells of one size, can be compared with a mask"
        )
    return joined


def checked_mask(explanation: Explanation, grid: Grid, mask: ArrayLike) -> NDArray[np.integer]:
    """The mask as an array; raises `EvaluationError` if its size is not the image's."""
    labels = np.asarray(mask)
    image = explanation.images[grid.image]
    if labels.shape != (image.height, image.width):
        raise EvaluationError(
            f"mask of shape {labels.shape} for an image of {image.width} x {image.height} pixels: "
            f"give one of shape {(image.height, image.width)}, upright and at full size"
        )
    return labels


def seen(labels: NDArray[np.integer], grid: Grid) -> NDArray[np.integer]:
    """The part of a mask that a grid covers; padding beside the picture is background."""
    height, width = labels.shape
    left, top, right, bottom = (round(edge) for edge in grid.rect)
    inner = labels[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
    beside = ((max(-top, 0), max(bottom - height, 0)), (max(-left, 0), max(right - width, 0)))
    return np.pad(inner, beside)


def labels_in(mask: NDArray[np.integer]) -> set[int]:
    """The different labels of a mask; counting small ones is many times faster than sorting."""
    if not mask.size or mask.min() < 0 or mask.max() > _COUNTABLE:
        return set(np.unique(mask).tolist())
    found = np.zeros(int(mask.max()) + 1, bool)
    pixels = mask.ravel()
    for start in range(0, len(pixels), _COUNTED):  # counting takes eight bytes a pixel
        found |= np.bincount(pixels[start : start + _COUNTED], minlength=len(found)) > 0
    return set(np.flatnonzero(found).tolist())
