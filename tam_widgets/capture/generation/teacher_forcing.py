"""Reads a given answer in one forward pass (teacher forcing)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from ...errors import EmptyAnswerError
from ..inputs.chat_template import Chat
from ..inputs.prompt_tokens import text_options
from .batching import Inputs
from .generate import Answer, read


def answer_ids(answer: str, chat: Chat, tokenizer: Any) -> list[int]:
    """Ids of an answer's tokens after the conversation.

    Both are tokenised together, so that the first word is split as the model would write it.

    Raises:
        EmptyAnswerError: If the answer is empty or yields no tokens.
    """
    options = text_options(chat, tokenizer)
    before = tokenizer(chat.text, **options)["input_ids"]
    whole = tokenizer(chat.text + chat.answer_gap + answer, **options)["input_ids"]
    if whole[: len(before)] != before:  # the answer's start merges with the template's end
        before, whole = [], tokenizer(answer, add_special_tokens=False)["input_ids"]
    ids: list[int] = whole[len(before) :]
    if not answer.strip() or not ids:
        raise EmptyAnswerError(
            f"the answer {answer[:80]!r} contains no tokens: give the text to explain"
        )
    return ids


def force(
    model: Any,
    inputs: Inputs,
    ids: list[int],
    final_norm: torch.nn.Module,
    answer_inputs: Mapping[str, int],
) -> Answer:
    """Runs one forward pass over input and answer, and returns its hidden states.

    Args:
        model: A transformers model.
        inputs: The processor's output for one conversation, on the model's device.
        ids: Of the answer's tokens.
        final_norm: Module whose output the classifier reads.
        answer_inputs: As for `generate.read`.
    """
    prompt = inputs["input_ids"][0]
    answer = torch.tensor(ids, device=prompt.device)
    hidden = read(model, inputs, torch.cat([prompt, answer[:-1]]), final_norm, answer_inputs)
    return Answer(answer, hidden, "given")
