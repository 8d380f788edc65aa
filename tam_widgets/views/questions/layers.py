"""A locked word at all decoder layers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...errors import UnsupportedModelError
from ...explanation.layers import with_layers_of
from .layer_wire import layers_of, packed
from .question import Asked, Question, Reply

if TYPE_CHECKING:
    from ...capture.explainer import Explainer
    from ...explanation.explanation import Explanation
    from ..explorer import Explorer
    from .job import Job

NO_LAYERS = (
    "make the view of an explanation with layers, or give it the explainer: these explanations "
    "have only their last layer"
)


def layer_numbers(explanation: Explanation, explainer: Explainer | None) -> Sequence[int]:
    """The layers that a view can show of an explanation, the last one at the end; may be none.

    Args:
        explanation: The explanation.
        explainer: Its model; None if there is none.
    """
    if explanation.layers:
        return layers_of(explanation)
    if explainer is None or not hasattr(explainer, "explain_layers"):
        return ()
    if "layer" in explanation.provenance:
        return ()
    try:
        return range(1, len(explainer.decoder_layers) + 1)
    except UnsupportedModelError:
        return ()


def _work(asked: Asked, _job: Job) -> tuple[Explanation, list[tuple[Any, bytes]]]:
    tokens, explanation = asked.tokens, asked.explanation
    if not explanation.layers:
        explanation = asked.model.explain_layers(explanation)
    return explanation, [packed(explanation, token) for token in tokens]


def _take(
    view: Explorer, asked: Asked, result: tuple[Explanation, list[tuple[Any, bytes]]]
) -> Reply:
    explanation, tokens = result
    if explanation is not asked.explanation:
        view.update_explanations(explanation, lambda one: with_layers_of(one, explanation))
    shown = [{**data, "buffer": number} for number, (data, _) in enumerate(tokens)]
    data = {"layers": layers_of(explanation), "tokens": shown}
    return Reply(data, tuple(buffer for _, buffer in tokens))


def _possible(explanation: Explanation, explainer: Explainer | None) -> bool:
    return len(layer_numbers(explanation, explainer)) > 1


QUESTION = Question("layers", _work, _take, possible=_possible)
