"""Tokens at all layers as they travel to the browser; `js/src/questions/layer-data.ts` reads them.

Each row of a token is float16, divided by a power of two of its own, so that a layer of small
values keeps its digits beside one of large values.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import OptionError
from ...explanation.layer_curve import layer_curve
from ...explanation.token_layers import TokenLayers, token_layers

if TYPE_CHECKING:
    from ...attribution.interference import Floats
    from ...explanation.explanation import Explanation
    from .question import Json


def packed(explanation: Explanation, token: int) -> tuple[Json, bytes]:
    """A token at the layers of an explanation.

    Returns:
        JSON values, and one buffer: float16 activations and unexplained activations, [layers,
        visual] each, and relevances, [layers, tokens].
    """
    own = token_layers(explanation, token)
    parts = [own.activations, own.unexplained, own.relevance]
    scales = [_scales(rows) for rows in parts]
    data = [
        (rows / scale[:, None]).astype("<f2").tobytes()
        for rows, scale in zip(parts, scales, strict=True)
    ]
    shown = {
        "token": token,
        "scales": [scale.tolist() for scale in scales],
        "relevant": _extremes(own),
        "written": _written(explanation, token),
    }
    return shown, b"".join(data)


def layers_of(explanation: Explanation) -> list[int]:
    """Numbers of the layers of an explanation that has some, the last one at the end."""
    return [*explanation.layers, int(explanation.layer_count or 0)]


def carry_layers(
    explanations: Sequence[Explanation], known: Sequence[Json], buffers: list[bytes]
) -> None:
    """Adds the words of answers at all layers to what a page knows without a kernel.

    Args:
        explanations: A panel each.
        known: What each panel's questions know; is added to.
        buffers: Those of the page; is added to.

    Raises:
        OptionError: If no explanation has layers.
    """
    if not any(explanation.layers for explanation in explanations):
        raise OptionError(
            "layers=True: there is only the last layer; Explainer.explain_layers(explanation) adds "
            'others, and so does explain(…, layers="all")'
        )
    for explanation, own in zip(explanations, known, strict=True):
        if not explanation.layers:
            continue
        tokens = []
        for token in explanation.answer_tokens():
            shown, data = packed(explanation, token)
            tokens.append({**shown, "buffer": len(buffers)})
            buffers.append(data)
        own["layers"] = {"layers": layers_of(explanation), "tokens": tokens}


def _scales(rows: Floats) -> Floats:
    """Powers of two that bring the largest value of each row to at most 1, float32."""
    largest = np.maximum(np.abs(rows).max(axis=1, initial=0), 2.0**-60)
    scales: Floats = np.exp2(np.ceil(np.log2(largest))).astype(np.float32)
    return scales


def _extremes(own: TokenLayers) -> list[list[float]]:
    """The smallest and the largest relevance of each layer; none where there is no other token."""
    pairs = zip(own.lowest.tolist(), own.highest.tolist(), strict=True)
    return [[low, high] if low <= high else [] for low, high in pairs]


def _written(explanation: Explanation, token: int) -> Any:
    """What each layer would have written in the token's place; None where it is not known."""
    if token < explanation.prompt_length or not explanation.layer_log_p.size:
        return None
    curve = layer_curve(explanation, token)
    own = explanation.tokens[token].id
    return {
        "probability": np.nan_to_num(curve.probability).round(5).tolist(),
        "choices": list(curve.choices),
        "first": (curve.choice_ids == own).tolist(),
    }
