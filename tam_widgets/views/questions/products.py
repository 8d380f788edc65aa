"""The hidden states and the classifier row that make the activation of some cells."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...explanation.function_word import strongest_function_word
from .question import Asked, Json, Question, Reply

if TYPE_CHECKING:
    from ...capture.explainer import Explainer
    from ...explanation.explanation import Explanation
    from ...explanation.products import Products
    from .job import Job


def telling_cells(explanation: Explanation, token: int) -> dict[int, str]:
    """A few cells of a token's activation, and what each of them is.

    They are the strongest, the one where the answer's strongest function word is strongest, the
    median if it is above 0, and the weakest; a cell that is several of these is named by the first.
    """
    activation = explanation.activations[token]
    order = np.argsort(activation, kind="stable")
    other = strongest_function_word(explanation, token)
    found = [(int(activation.argmax()), "its strongest cell")]
    if other is not None:
        text = explanation.tokens[other].text.strip()
        found.append((int(explanation.activations[other].argmax()), f"“{text}”’s strongest cell"))
    median, weakest = int(order[len(order) // 2]), int(order[0])
    found += [(median, "its median cell")] if activation[median] > 0 else []
    found.append((weakest, "its weakest cell" if activation[weakest] > 0 else "a cell at 0"))
    names: dict[int, str] = {}
    for cell, name in found:
        names.setdefault(cell, name)
    return names


def products_json(explanation: Explanation, products: Products) -> Json:
    """Products as a view shows them."""
    names = telling_cells(explanation, products.token)
    return {
        "token": products.token,
        "cells": list(products.cells),
        "names": [names.get(cell, "") for cell in products.cells],
        "size": len(products.row),
        "states": _packed(products.states),
        "row": _packed(products.row),
    }


def _packed(values: NDArray[np.float32]) -> str:
    return base64.b64encode(values.astype("<f4").tobytes()).decode()


def _work(asked: Asked, _job: Job) -> Json:
    explanation, token = asked.explanation, asked.tokens[0]
    cells = list(telling_cells(explanation, token))
    return products_json(explanation, asked.model.products(explanation, token, cells))


def _take(_view: Any, _asked: Asked, result: Json) -> Reply:
    return Reply(result)


def _possible(explanation: Explanation, explainer: Explainer | None) -> bool:
    return hasattr(explainer, "products") and "layer" not in explanation.provenance


QUESTION = Question("products", _work, _take, possible=_possible)
