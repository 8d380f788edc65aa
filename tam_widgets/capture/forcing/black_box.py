"""An answer of which only this can be asked: how probable it is, given other pictures.

That is all that occlusion, RISE and checks of maps need of a model; nothing here imports torch.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ...errors import OptionError
from ...explanation.geometry import Grid
from .cells import Cells
from .fills import fill

Pictures = Sequence[Image.Image]
"""Upright RGB pictures and frames at full size, as many as a record has, in its order."""

Progress = Callable[[int], Any]
"""Is called with the number of passes that are done."""


def silent(_passes: int) -> None:
    """Shows no progress."""


class BlackBoxAnswer(ABC):
    """An answer whose tokens stay the same while its pictures change (teacher forcing).

    Attributes:
        when_stopped: What a warning says of the work so far if somebody stops a check.
    """

    when_stopped = "nothing of it is kept; fewer tokens, methods or orders take less time"

    @property
    @abstractmethod
    def grids(self) -> tuple[Grid, ...]:
        """Where the visual tokens are on the pictures."""

    @property
    @abstractmethod
    def pictures(self) -> Pictures:
        """The pictures and frames as they were given, by their number in the record."""

    @property
    @abstractmethod
    def answer_tokens(self) -> range:
        """Indices of the answer's tokens among the explained ones."""

    @abstractmethod
    def read(
        self, variants: Iterable[Pictures], tokens: Sequence[int]
    ) -> Iterator[NDArray[np.float64]]:
        """Yields what `log_probabilities` returns, for a few variants at a time.

        Args:
            variants: Pictures in place of those given, of the same sizes; read a few at a time.
            tokens: Indices of explained tokens of the answer.

        Raises:
            TokenIndexError: If a token is not part of the answer.
            TamError: If the model refuses a variant.
        """

    @abstractmethod
    def rewritten(self, variants: Iterable[Pictures], *, progress: Progress = silent) -> list[str]:
        """What the model writes, greedily, given other pictures; at most as long as the answer.

        Args:
            variants: As for `read`.
            progress: Is called with the number of answers that are done.

        Raises:
            TamError: If the model refuses a variant, or cannot write here.
        """

    @cached_property
    def cells(self) -> Cells:
        """Which pixels each visual token covers."""
        return Cells(self.grids, [picture.size for picture in self.pictures])

    def blank(self, name: str = "mean") -> list[Image.Image]:
        """What takes the place of removed pixels, for each picture; see `fills.fill`."""
        return [fill(picture, name) for picture in self.pictures]

    def log_probabilities(
        self,
        variants: Iterable[Pictures],
        tokens: Sequence[int],
        *,
        progress: Progress = silent,
    ) -> NDArray[np.float64]:
        """How probable the model finds tokens of the answer, given other pictures.

        Args:
            variants: As for `read`.
            tokens: As for `read`.
            progress: Is called with the number of variants that are done.

        Returns:
            Natural logarithms, float64 [variants, tokens].

        Raises:
            OptionError: If a variant is not a list of as many pictures as the answer has.
            TokenIndexError: If a token is not part of the answer.
            TamError: If the model refuses a variant.
        """
        if isinstance(variants, Image.Image):
            self._check_variant(variants)
        found = [np.zeros((0, len(tokens)))]
        for values in self.read(map(self._check_variant, variants), tokens):
            found.append(values)
            progress(len(values))
        return np.concatenate(found)

    def _check_variant(self, variant: Any) -> Pictures:
        listed = variant if isinstance(variant, list | tuple) else ()
        if not all(isinstance(one, Image.Image) for one in listed) or (
            len(listed) != len(self.pictures)
        ):
            kind = type(variant).__name__
            raise OptionError(
                f"variants holds a {kind}{f' of {len(listed)}' if listed else ''}: each variant is "
                f"a list of pictures, {len(self.pictures)} here, so that the answer's own ones are "
                "[frozen.pictures], a list of one variant"
            )
        return listed
