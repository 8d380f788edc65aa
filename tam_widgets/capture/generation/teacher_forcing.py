"""An answer that the model did not write, read by it in one forward pass."""

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
    """Ids of an answer's tokens as they stand behind the conversation.

    The whole is tokenised together, so that the first word is cut as the model would write it.

    Raises:
        EmptyAnswerError: If there is no text, or nothing is left of it as tokens.
    """
    options = text_options(chat, tokenizer)
    before = tokenizer(chat.text, **options)["input_ids"]
    whole = tokenizer(chat.text + chat.answer_gap + answer, **options)["input_ids"]
    if whole[: len(before)] != before:  # the answer's beginning merges with the template's end
        before, whole = [], tokenizer(answer, add_special_tokens=False)["input_ids"]
    ids: list[int] = whole[len(before) :]
    if not answer.strip() or not ids:
        raise EmptyAnswerError(
            f"the answer {answer[:80]!r} holds no tokens of a word: give the text that is to be "
            "explained"
        )
    return ids


def force(
    model: Any,
    inputs: Inputs,
    ids: list[int],
    final_norm: torch.nn.Module,
    answer_inputs: Mapping[str, int],
) -> Answer:
    """The hidden states of input and answer, from one forward pass.

    Args:
        model: A transformers model.
        inputs: The processor's output on the model's device, one conversation.
        ids: Of the answer's tokens.
        final_norm: Module whose output the classifier reads.
        answer_inputs: As for `generation.read`.
    """
    prompt = inputs["input_ids"][0]
    answer = torch.tensor(ids, device=prompt.device)
    hidden = read(model, inputs, torch.cat([prompt, answer[:-1]]), final_norm, answer_inputs)
    return Answer(answer, hidden, "given")
