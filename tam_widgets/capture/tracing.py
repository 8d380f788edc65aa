"""Makes the trace of an answer, and from it the explanation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..errors import EmptyAnswerError
from ..explanation.explanation import Explanation
from ..explanation.types import Turn
from .classifier import check_rows, classifier_rows
from .generation.generate import Answer
from .generation.provenance import provenance
from .inputs.encoding import Encoded
from .inputs.media import store
from .layers import layer_matrices
from .loaded_model import LoadedModel
from .recording import record
from .texts import special_ids, token_texts
from .trace import Trace


def traced(
    model: LoadedModel, encoded: Encoded, answer: Answer, generation: Mapping[str, Any]
) -> tuple[Trace, Explanation]:
    """Returns the trace of an answer, and its explanation.

    Args:
        model: The model that wrote or read the answer.
        encoded: Its input.
        answer: The answer with its hidden states.
        generation: Keywords of `generate`, for the record of an answer that the model wrote.

    Raises:
        UnsupportedModelError: If the model has no language-model head, or the rows of its head
            cannot be determined.
        EmptyAnswerError: If the answer contains only special tokens.
        TraceError: If hidden states are not finite.
    """
    trace = trace_of(model, encoded, answer)
    _check_rows(model, answer, trace)
    special = special_ids(model.tokenizer, model.model)
    ids = trace.answer_ids.tolist()
    if all(token_id in special for token_id in ids):
        did = "was given" if answer.finish_reason == "given" else "answered with"
        raise EmptyAnswerError(
            f"{model.name} {did} only special tokens ({ids}): ask another question, or set "
            "min_new_tokens; a given answer needs words"
        )
    explanation = record(
        trace,
        texts=[*encoded.prompt_tokens.texts, *token_texts(ids, model.tokenizer)],
        special=[token_id in special for token_id in trace.token_ids.tolist()],
        decode=model.text_of,
        images=store(encoded.media),
        breaks=encoded.prompt_tokens.breaks,
        layers=layer_matrices(model, encoded, answer, trace),
        provenance=provenance(model.name, model.model, encoded.prompt, answer, generation),
    )
    return trace, explanation


def trace_of(model: LoadedModel, encoded: Encoded, answer: Answer) -> Trace:
    """The trace of an answer; the arguments are those of `traced`."""
    return Trace(
        input_ids=encoded.input_ids,
        answer_ids=answer.ids.cpu().numpy(),
        hidden=answer.hidden,
        classifier=classifier_rows(model.model),
        visual=encoded.visual,
        prompt=encoded.prompt_tokens.positions,
        grids=encoded.grids,
        turns=_turns(encoded, len(encoded.prompt_tokens.positions) + len(answer.ids)),
        logits=model.logits,
        steps=answer.steps,
    )


def _check_rows(model: LoadedModel, answer: Answer, trace: Trace) -> None:
    own = answer.steps.first if answer.steps else None
    check_rows(model.model, trace.first_state, trace.first_products, own)


def _turns(encoded: Encoded, count: int) -> tuple[Turn, ...]:
    """The conversation's turns as parts of the explained tokens; the answer is the last."""
    numbers = np.array(encoded.prompt_tokens.turns, int)
    stops = [int((numbers <= turn).sum()) for turn in range(len(encoded.chat.roles))]
    starts = [0, *stops]
    turns = [
        Turn(role, start, stop)
        for role, start, stop in zip(encoded.chat.roles, starts, stops, strict=False)
    ]
    return (*turns, Turn("assistant", stops[-1], count))
