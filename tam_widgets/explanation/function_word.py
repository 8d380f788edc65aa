"""The function word of an answer whose activation is strongest."""

from __future__ import annotations

from .content_words import is_content
from .record import Record
from .words import words


def strongest_function_word(explanation: Record, token: int) -> int | None:
    """The first token of the answer's function word with the largest activation.

    Args:
        explanation: The explanation.
        token: A token whose own word does not count.

    Returns:
        Its index; None if the answer has no English function word, or there are no activations.
    """
    if not explanation.has_activations:
        return None
    found = [
        word.tokens[0]
        for word in words(explanation.tokens, "answer")
        if token not in word.tokens and not is_content(word) and _has_letter(word.text)
    ]
    return max(found, key=lambda one: explanation.activations[one].max(), default=None)


def _has_letter(text: str) -> bool:
    return any(letter.isalpha() for letter in text)
