"""Answers to encoded inputs: the model's own, or a given one that it reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...explanation.size_limit import warn_of_record
from ..inputs.encoding import Encoded
from ..loaded_model import LoadedModel
from .generate import MAX_NEW_TOKENS, Answer, generate
from .teacher_forcing import answer_ids, force


def generated_answers(
    model: LoadedModel,
    encoded: Sequence[Encoded],
    generation: Mapping[str, Any],
    *,
    progress: bool,
) -> list[Answer]:
    """The model's own answers, all from one generation.

    Args:
        model: The model.
        encoded: Its inputs; several must be of a form that can be stacked.
        generation: Keywords of `generate`.
        progress: Whether to show a progress bar.

    Raises:
        GenerationError: If a keyword asks for what one explanation an input cannot hold.
    """
    limit = generation.get("max_new_tokens", MAX_NEW_TOKENS)
    for one in encoded:
        _warn_of_size(one, limit)
    return generate(
        model.model,
        [one.inputs for one in encoded],
        model.final_norm,
        answer_inputs=model.family.answer_inputs,
        logits=model.logits,
        progress=progress,
        **{"tokenizer": model.tokenizer, **generation},
    )


def given_answer(model: LoadedModel, encoded: Encoded, answer: str) -> Answer:
    """A given answer, read by the model in one forward pass.

    Raises:
        EmptyAnswerError: If there is no text, or nothing is left of it as tokens.
    """
    ids = answer_ids(answer, encoded.chat, model.tokenizer)
    _warn_of_size(encoded, len(ids))
    return force(model.model, encoded.inputs, ids, model.final_norm, model.family.answer_inputs)


def _warn_of_size(encoded: Encoded, answer: Any) -> None:
    """Warns of a large record; a length that is not an integer is refused where it is used."""
    if isinstance(answer, int):
        tokens = len(encoded.prompt_tokens.positions) + answer
        warn_of_record(tokens, len(encoded.visual), stacklevel=4)
