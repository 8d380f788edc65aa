"""An answer of a served model, asked for with other pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ...errors import TokenIndexError, UnsupportedModelError
from ...explanation.geometry import Grid
from ..forcing.black_box import BlackBoxAnswer, Pictures, Progress, silent
from .calls import Calls


class ServedAnswer(BlackBoxAnswer):
    """An answer to one picture.

    Args:
        calls: Asks the model.
        prompt: The prompt.
        answer: The answer.
        tokens: Indices of its tokens among the explained ones.
        picture: The picture.
        grid: Its cells.
    """

    def __init__(
        self,
        calls: Calls,
        prompt: str,
        answer: str,
        tokens: range,
        picture: Image.Image,
        grid: Grid,
    ) -> None:
        self._calls, self._prompt, self._answer = calls, prompt, answer
        self._tokens, self._picture, self._grid = tokens, picture, grid

    @property
    def grids(self) -> tuple[Grid, ...]:
        """The only grid."""
        return (self._grid,)

    @property
    def pictures(self) -> Pictures:
        """The only picture."""
        return (self._picture,)

    @property
    def answer_tokens(self) -> range:
        """Indices of the answer's tokens among the explained ones."""
        return self._tokens

    when_stopped = "what it returned is kept, so that the same line, run again, goes on from there"

    def read(
        self, variants: Iterable[Pictures], tokens: Sequence[int]
    ) -> Iterator[NDArray[np.float64]]:
        """See `BlackBoxAnswer.read`; raises `ModelError` if the function fails."""
        for token in tokens:
            if token not in self.answer_tokens:
                raise TokenIndexError(f"token {token} is not part of the answer")
        columns = [token - self.answer_tokens.start for token in tokens]
        pending = iter(variants)
        while several := list(islice(pending, self._calls.batch_size)):
            pictures = [picture for (picture,) in several]
            asked = self._prompt, self._answer, len(self._tokens)
            yield self._calls.log_probabilities(pictures, *asked)[:, columns]

    def rewritten(self, variants: Iterable[Pictures], *, progress: Progress = silent) -> list[str]:  # noqa: ARG002
        """Raises `UnsupportedModelError`: the function says nothing of other answers."""
        raise UnsupportedModelError(
            "a served model is only asked how probable a given answer is, and cannot write "
            "another one: choose a protocol with curves, such as 'cells'"
        )
