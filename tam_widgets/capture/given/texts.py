"""Tokens of a prompt and an answer that are given as texts."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import OptionError
from ...explanation.check_parts import MAX_EXCESS
from ...explanation.types import Token, TokenKind

MOST_CHARACTERS = 4096
"""Longest text of a token, as in a saved explanation."""

_PIECE = re.compile(r"\s{0,99}\S{1,999}|\s{1,99}")
_MARKS = ("Ġ", "▁")
"""With what entries of vocabularies begin in place of a space."""


def pieces_of(text: str) -> list[str]:
    """A text's words with the spaces before them; together they are the text.

    Example:
        >>> pieces_of("A dog  barks.")
        ['A', ' dog', '  barks.']
    """
    return _PIECE.findall(text)


def checked_prompt(prompt: Any) -> str:
    """A prompt's text; raises `OptionError` for anything else."""
    if not isinstance(prompt, str):
        raise OptionError(f"prompt={prompt!r:.80}: give a text, or leave it out")
    return prompt


def checked_texts(tokens: Any) -> list[str]:
    """The texts of an answer's tokens.

    Raises:
        OptionError: If they are no list of texts, are empty, or entries of a vocabulary that are
            not decoded.
    """
    if isinstance(tokens, str) or not isinstance(tokens, Iterable):
        raise OptionError(
            f"tokens={tokens!r:.80}: give a list of the answer's tokens as texts, such as "
            "['A', ' dog', '.']"
        )
    texts = list(tokens)
    for number, text in enumerate(texts):
        if not isinstance(text, str) or len(text) > MOST_CHARACTERS:
            raise OptionError(
                f"tokens[{number}]={text!r:.80}: give texts of at most {MOST_CHARACTERS} "
                "characters, decoded one by one where there are ids"
            )
    if not "".join(texts).strip():
        raise OptionError(f"tokens={texts!r:.80}: the answer is empty; give at least one word")
    _check_spaces(texts)
    return texts


def _check_spaces(texts: Sequence[str]) -> None:
    """Refuses texts that mark spaces by other characters, and warns where they have none."""
    joined = "".join(texts)
    if any(character.isspace() for character in joined):
        return
    marked = next((text for text in texts if text.startswith(_MARKS)), None)
    if marked is not None:
        raise OptionError(
            f"{marked!r:.80} among the tokens is the entry of a vocabulary: give decoded texts, "
            "such as [tokenizer.decode([id]) for id in ids]"
        )
    if sum(len(text) > 1 and text.isascii() and text.isalpha() for text in texts) > 2:
        warnings.warn(
            f"the tokens join to {joined!r:.60}, which has no spaces, so that views take them for "
            "a single word: give texts with the spaces before them, such as ' dog'",
            stacklevel=5,
        )


def log_probabilities_of(
    count: int, probabilities: Any = None, log_probabilities: Any = None
) -> NDArray[np.float64] | None:
    """Log-probabilities of an answer's tokens, float64 [count], in nats; None if none are given.

    Args:
        count: Number of the answer's tokens.
        probabilities: 0 to 1, [count]; or
        log_probabilities: natural logarithms, at most 0, [count].

    Raises:
        OptionError: If both are given, or one has another length or impossible values.
    """
    if probabilities is not None and log_probabilities is not None:
        raise OptionError("probabilities and log_probabilities are given: give one of them")
    if log_probabilities is not None:
        return checked_log_probabilities("log_probabilities", log_probabilities, (count,))
    if probabilities is None:
        return None
    values = _numbers("probabilities", probabilities, (count,))
    wrong = np.flatnonzero(~((values >= 0) & (values <= 1 + MAX_EXCESS)))  # NaN is wrong, too
    if wrong.size:
        raise OptionError(
            f"probabilities[{wrong[0]}] is {values[wrong[0]]:.4g}: give values from 0 to 1"
        )
    with np.errstate(divide="ignore"):
        found: NDArray[np.float64] = np.log(values.clip(0, 1))
    return found


def checked_log_probabilities(name: str, given: Any, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Log-probabilities as an array, at most 0.

    Args:
        name: What they are, as the message's subject.
        given: The values.
        shape: The shape that is expected.

    Raises:
        OptionError: If they have another shape, or values that are NaN, infinite or above 0.
    """
    values = _numbers(name, given, shape)
    wrong = np.argwhere(~(np.isfinite(values) & (values <= MAX_EXCESS)))
    if wrong.size:
        place = tuple(int(index) for index in wrong[0])
        shown = ", ".join(map(str, place))
        mend = "; of probabilities take math.log" if 0 < values[place] <= 1 else ""
        raise OptionError(
            f"{name}[{shown}] is {values[place]:.4g}: natural logarithms of probabilities are "
            f"finite and at most 0{mend}"
        )
    return values.clip(max=0)


def _numbers(name: str, given: Any, shape: tuple[int, ...]) -> NDArray[np.float64]:
    try:
        values = np.asarray(given, np.float64)
    except (TypeError, ValueError, RuntimeError) as error:
        raise OptionError(f"{name} is no array of numbers, but {given!r:.80}") from error
    if values.shape != shape:
        raise OptionError(
            f"{name} has the shape {values.shape}: {shape}, one value for each token of the "
            "answer, is expected"
        )
    return values


def tokens_of(
    prompt: str, answer: Sequence[str], log_probabilities: NDArray[np.float64] | None
) -> tuple[Token, ...]:
    """The explained tokens: the prompt's words, and the answer's tokens.

    A token's `id` numbers the different texts, as no vocabulary is known.

    Args:
        prompt: Its text.
        answer: Texts of the answer's tokens.
        log_probabilities: Of these, in nats, [answer tokens].
    """
    ids: dict[str, int] = {}
    unknown = [None] * len(answer)
    known = unknown if log_probabilities is None else np.exp(log_probabilities).tolist()
    prompts = pieces_of(prompt)
    return (
        *_tokens("prompt", prompts, [None] * len(prompts), ids),
        *_tokens("answer", answer, known, ids),
    )


def _tokens(
    kind: TokenKind,
    texts: Sequence[str],
    probabilities: Sequence[float | None],
    ids: dict[str, int],
) -> Iterator[Token]:
    start = 0
    for text, probability in zip(texts, probabilities, strict=True):
        end = start + len(text)
        number = ids.setdefault(text, len(ids))
        yield Token(number, text, kind, (start, end), probability)
        start = end
