"""Asks a function of a served model, checks what it returns, and keeps it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ...errors import ModelError, OptionError, message_of
from ..given.texts import checked_log_probabilities

LogProbabilities = NDArray[np.float64]


class Calls:
    """What a function has returned, by what it was asked; it is asked the same only once.

    Args:
        function: As for `ServedModel`.
        batch_size: As for `ServedModel`.

    Attributes:
        count: How often it was called so far.
    """

    def __init__(self, function: Callable[..., Any], batch_size: int | None) -> None:
        self._function, self._batch_size = function, batch_size
        self._kept: dict[bytes, LogProbabilities] = {}
        self.count = 0

    @property
    def batch_size(self) -> int:
        """Number of pictures that are asked for at once."""
        return self._batch_size or 1

    def log_probabilities(
        self, pictures: Sequence[Image.Image], prompt: str, answer: str, tokens: int
    ) -> LogProbabilities:
        """Log-probabilities of an answer's tokens with each picture, float64 [pictures, tokens].

        Args:
            pictures: At most `batch_size`.
            prompt: The prompt.
            answer: The answer.
            tokens: Number of its tokens.

        Raises:
            ModelError: If the function raises an error, or returns something else.
        """
        keys = [_key(picture, prompt, answer, tokens) for picture in pictures]
        new = {key: one for key, one in zip(keys, pictures, strict=True) if key not in self._kept}
        if new:
            found = self._call(list(new.values()), prompt, answer, tokens)
            self._kept.update(zip(new, found, strict=True))
        return np.stack([self._kept[key] for key in keys])

    def _call(
        self, pictures: list[Image.Image], prompt: str, answer: str, tokens: int
    ) -> LogProbabilities:
        self.count += 1
        alone = self._batch_size is None
        copies = [picture.copy() for picture in pictures]
        try:
            given = self._function(copies[0] if alone else copies, prompt, answer)
        except Exception as error:  # it is somebody's own code, and may talk to a server
            raise ModelError(
                f"call {self.count} of the served model raised {type(error).__name__}: "
                f"{message_of(error):.200}{self._note}"
            ) from error
        shape = (tokens,) if alone else (len(pictures), tokens)
        try:
            values = checked_log_probabilities("its result", given, shape)
        except OptionError as error:
            raise ModelError(
                f"call {self.count} of the served model returned no log-probabilities of the "
                f"answer's {tokens} tokens: {error}{self._note}"
            ) from error
        return values.reshape(len(pictures), tokens)

    @property
    def _note(self) -> str:
        batch = (
            f"; with batch_size={self._batch_size} it gets a list of pictures, and returns a list "
            "of values for each"
        )
        kept = (
            f"; what it returned for {len(self._kept)} pictures before is kept, so that the same "
            "line, run again, goes on from there"
        )
        return (batch if self._batch_size else "") + (kept if self._kept else "")


def _key(picture: Image.Image, prompt: str, answer: str, tokens: int) -> bytes:
    asked = repr((picture.size, prompt, answer, tokens)).encode()
    return blake2b(asked + picture.tobytes(), digest_size=16).digest()
