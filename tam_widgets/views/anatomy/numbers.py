"""The numbers of each step, computed by the package's own functions."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...attribution.interference import Floats, interference, least_squares_scale, residual
from ...attribution.maps import filter_grids
from ...attribution.normalise import normalise_jointly
from ...attribution.rank_gaussian import BORDERS
from ...contract import CONTRACT
from ...explanation.explanation import Explanation
from ...explanation.faithfulness import FaithfulnessCheck
from ...explanation.function_word import strongest_function_word
from ...explanation.geometry import Grid
from ...explanation.products import Products
from ..exercises.context import context_of
from ..questions.check_json import entry

KERNEL = CONTRACT.settings["kernel_size"].default
BORDER = BORDERS[CONTRACT.settings["border"].default]

Numbers = dict[str, Any]


class Steps(NamedTuple):
    """What the steps compute, one after another.

    Attributes:
        activation: `A`, [visual].
        weights: `α`, the share of each earlier token in the interference, [token].
        interference: `E`, [visual].
        scale: `s`.
        residual: `C`, [visual].
        normalised: `C` from 0 to 1, [visual].
        map: The filtered map, [visual].
    """

    activation: Floats
    weights: Floats
    interference: Floats
    scale: float
    residual: Floats
    normalised: Floats
    map: Floats


def steps_of(explanation: Explanation, token: int) -> Steps:
    """Computes a token's map step by step."""
    activations, relevance = explanation.activations, explanation.relevance
    # of all tokens at once, so that results are those of `Explanation.maps` to the last bit
    context = interference(activations, relevance, explanation.classes)
    left = residual(activations, context)
    normalised = normalise_jointly(left, relevance, explanation.context_ends)[token]
    return Steps(
        activations[token],
        _weights(explanation, token),
        context[token],
        float(least_squares_scale(activations, context)[token]),
        left[token],
        normalised,
        filter_grids(normalised[None].copy(), explanation.grids, KERNEL)[0],
    )


def numbers_of(
    explanation: Explanation,
    token: int,
    products: Products | None = None,
    check: FaithfulnessCheck | None = None,
) -> dict[int, Numbers]:
    """All numbers that an anatomy shows, by step and name.

    Args:
        explanation: The explanation.
        token: Index of the token.
        products: Those of the cells that step 2 shows; without them it has no numbers.
        check: The check that step 10 shows; likewise.
    """
    steps = steps_of(explanation, token)
    return {
        1: _picture(explanation, steps),
        2: _product(steps, products),
        3: _activation(steps),
        4: _function_word(explanation, token, steps),
        5: _context(explanation, token, steps),
        6: _interference(explanation, steps),
        7: _scale(explanation, token, steps),
        8: _normalisation(explanation, token, steps),
        9: _filter(explanation, steps),
        10: _evidence(explanation, token, steps, check),
    }


def _weights(explanation: Explanation, token: int) -> Floats:
    """Shares of the earlier tokens in the interference, as if each lit a cell of its own."""
    upto = slice(0, token + 1)
    relevance, classes = explanation.relevance[upto, upto], explanation.classes[upto]
    own = interference(np.eye(token + 1, dtype=np.float32), relevance, classes)
    weights: Floats = own[-1, :-1]
    return weights


def _picture(explanation: Explanation, steps: Steps) -> Numbers:
    grid = explanation.grids[0]
    left, top, right, bottom = grid.rect
    return {
        "grids": len(explanation.grids),
        "rows": grid.rows,
        "cols": grid.cols,
        "cells": explanation.visual_length,
        "width": (right - left) / grid.cols,
        "height": (bottom - top) / grid.rows,
        "cell": int(steps.normalised.argmax()) + 1,
    }


def _product(steps: Steps, products: Products | None) -> Numbers:
    end = {"end": steps.activation.max()}
    if products is None:
        return end
    terms = products.terms.astype(np.float64)
    return end | {
        "size": len(products.row),
        "positive": terms.clip(min=0).sum(axis=1),
        "negative": terms.clip(max=0).sum(axis=1),
        "sum": terms.sum(axis=1),
        "activation": steps.activation,
    }


def _activation(steps: Steps) -> Numbers:
    return {
        "cells": len(steps.activation),
        "end": steps.activation.max(),
        "max": steps.activation.max(),
        "median": np.sort(steps.activation)[len(steps.activation) // 2],
        "min": steps.activation.min(),
        "activation": steps.activation,
    }


def _function_word(explanation: Explanation, token: int, steps: Steps) -> Numbers:
    other = strongest_function_word(explanation, token)
    if other is None:
        return {"end": steps.activation.max(), "activation": steps.activation}
    theirs = explanation.activations[other].astype(np.float64)
    own = steps.activation.astype(np.float64)
    lengths = np.linalg.norm(theirs) * np.linalg.norm(own)
    return {
        "token": other,
        "end": max(theirs.max(), own.max()),
        "max": theirs.max(),
        "own": own,
        "share": theirs.max() / own.max() if own.max() > 0 else 0.0,
        "cosine": theirs @ own / lengths if lengths > 0 else 0.0,
        "activation": theirs,
    }


def _context(explanation: Explanation, token: int, steps: Steps) -> Numbers:
    classes = explanation.classes
    counted = classes[:token] != classes[token]
    relevance = explanation.relevance[token, :token]
    order, lit = _by_weight(explanation, steps)
    return {
        "end": explanation.activations[order[lit]].max() if len(order) else steps.activation.max(),
        "context": token,
        "left_out": int((~counted).sum()),
        "total": float(relevance[counted].sum(dtype=np.float64)),
        "largest": steps.weights.max(initial=0),
        "relevance": relevance,
        "weight": steps.weights,
        "earlier": explanation.activations[:token],
    }


def _interference(explanation: Explanation, steps: Steps) -> Numbers:
    order, lit = _by_weight(explanation, steps)
    parts = steps.weights[order, None].astype(np.float64) * explanation.activations[order]
    shown = np.cumsum(parts, axis=0)
    return {
        "end": steps.interference.max(),
        "words": len(order),
        "shown": lit + 1,
        "partial": shown[lit] if len(order) else steps.interference,
        "weight": steps.weights,
        "share": np.cumsum(steps.weights[order], dtype=np.float64),
        "partial_max": shown.max(axis=1, initial=0),
        "max": steps.interference.max(),
        "interference": steps.interference,
    }


def _by_weight(explanation: Explanation, steps: Steps) -> tuple[NDArray[np.intp], int]:
    """Earlier tokens by weight, and the place among them of the first that lights a cell."""
    order = np.argsort(-steps.weights, kind="stable")
    order = order[steps.weights[order] > 0]
    lights = explanation.activations[order].any(axis=1)
    return order, int(lights.argmax()) if lights.any() else 0


def _scale(explanation: Explanation, token: int, steps: Steps) -> Numbers:
    own = steps.activation.astype(np.float64)
    context = steps.interference.astype(np.float64)
    rest = own - steps.scale * context
    return {
        "end": own.max(),
        "scale": steps.scale,
        "product": own @ context,
        "square": context @ context,
        "loss_at_0": own @ own,
        "loss": rest @ rest,
        "removed": context_of(explanation, (token,)).share,
        "max": steps.residual.max(),
        "activation": steps.activation,
        "residual": steps.residual,
    }


def _normalisation(explanation: Explanation, token: int, steps: Steps) -> Numbers:
    text = explanation.relevance[token, : explanation.context_ends[token]]
    return {
        "low": min(steps.residual.min(), text.min(initial=np.inf)),
        "high": max(steps.residual.max(), text.max(initial=0)),
        "end": 1,
        "max": steps.normalised.max(),
        "residual": steps.residual,
        "normalised": steps.normalised,
    }


def _filter(explanation: Explanation, steps: Steps) -> Numbers:
    # rounded, so that the browser finds the same one
    changes = np.abs(steps.map - steps.normalised).round(4)
    cell = int((changes if changes.any() else steps.normalised).argmax())
    window = np.sort(_window(explanation.grids, steps.normalised, cell).astype(np.float64))
    mean, deviation = window.mean(), window.std()
    spread = deviation / mean if mean > 0 else 0.0
    middle = len(window) // 2
    ranks = np.arange(len(window)) - middle
    weights = np.exp(-(ranks**2) / (2 * spread**2)) if spread > 0 else (ranks == 0).astype(float)
    return {
        "end": steps.normalised.max(),
        "cell": cell,
        "value": window,
        "weight": weights / weights.sum(),
        "mean": mean,
        "deviation": deviation,
        "spread": spread,
        "before": steps.normalised[cell],
        "after": steps.map[cell],
        "max": steps.map.max(),
        "normalised": steps.normalised,
        "map": steps.map,
    }


def _window(grids: tuple[Grid, ...], values: Floats, cell: int) -> Floats:
    """The values of the filter's window around a cell."""
    start = 0
    for grid in grids:
        if cell < start + grid.size:
            break
        start += grid.size
    pad = KERNEL // 2
    plane = values[start : start + grid.size].reshape(grid.rows, grid.cols)
    padded = np.pad(plane, pad, mode=BORDER)
    row, col = divmod(cell - start, grid.cols)
    window: Floats = padded[row : row + KERNEL, col : col + KERNEL].ravel()
    return window


def _evidence(
    explanation: Explanation, token: int, steps: Steps, check: FaithfulnessCheck | None
) -> Numbers:
    end = {"end": steps.map.max()}
    if check is None:
        return end
    found = entry(explanation, check, (token,), check.order("tam"))
    areas = found["areas"]["deletion"]
    return end | {
        "full": found["full"],
        "blank": found["blank"],
        "area": areas["method"],
        "random": areas["random"][0],
        "share": found["shares"],
        "probability": found["curves"]["method"]["deletion"],
        "random_probability": found["random"].get("deletion", {}).get("mean", []),
    }
