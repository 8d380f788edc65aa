"""The map of another word in an answer token's place, and the contrast of the two.

Up to that place nothing differs: the visual tokens and the context are those of the answer, and
only the classifier row is different. The map is therefore the one that the token would have if the
model had written the other word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from .interference import Floats, context_interference, residual
from .maps import Activations, border_of, check_kernel, filter_grids, strength_of
from .rank_gaussian import Border


class Alternative(Protocol):
    """A word in place of an answer token."""

    @property
    def token(self) -> int:
        """Index of the answer token."""

    @property
    def ids(self) -> Sequence[int]:
        """Vocabulary ids of its pieces, with one row of the record each."""


class Alternatives(Activations, Protocol):
    """The part of a record from which maps of alternatives are computed."""

    @property
    def alternatives(self) -> Sequence[Alternative]:
        """Other words in place of answer tokens."""

    @property
    def alternative_activations(self) -> Floats:
        """Their activations, float32 [rows, visual], one row for each vocabulary id."""

    @property
    def alternative_relevance(self) -> Floats:
        """Relevance of every token to them, float32 [rows, tokens]."""


def alternative_map(
    record: Alternatives,
    number: int,
    eci: bool | float = True,
    rgf: bool = True,
    kernel_size: int = 3,
    border: Border | None = None,
) -> Floats:
    """The map of an alternative.

    Args:
        record: The explanation that contains it.
        number: Its index in `record.alternatives`.
        eci: Whether to subtract the interference of the context, or its strength from 0 to 1.
        rgf: Whether to apply the rank Gaussian filter.
        kernel_size: Odd window of the filter, in visual tokens.
        border: How a grid continues beyond its border, as for `token_activation_maps`.

    Returns:
        float32 [visual] in 0..1; for several pieces, the largest values.

    Raises:
        OptionError: If an option is outside its range.
    """
    strength = strength_of(eci)
    rows = [
        _scaled(row.residual[None], row.values) for row in _alternatives(record, number, strength)
    ]
    largest: Floats = _filtered(record, np.concatenate(rows), rgf, kernel_size, border).max(axis=0)
    return largest


def contrast(
    record: Alternatives,
    number: int,
    eci: bool | float = True,
    rgf: bool = True,
    kernel_size: int = 3,
    border: Border | None = None,
) -> Floats:
    """Where the picture supports an answer's token, and where the alternative.

    Both residuals are scaled together, by the extremes of both and of their relevances, so that
    the weaker word's map stays weaker. Then each is filtered, and the difference is taken.

    Args:
        record: The explanation that contains the alternative.
        number: Its index in `record.alternatives`.
        eci: As for `alternative_map`.
        rgf: As for `alternative_map`.
        kernel_size: As for `alternative_map`.
        border: As for `alternative_map`.

    Returns:
        float32 [visual] in −1..1: above 0 for the token, below 0 for the alternative.

    Raises:
        OptionError: If an option is outside its range.
    """
    strength = strength_of(eci)
    token = record.alternatives[number].token
    own = _row(record, token, record.activations[token], record.relevance[token], strength)
    rows = [own, *_alternatives(record, number, strength)]
    residuals = np.stack([row.residual for row in rows])
    scaled = _scaled(residuals, np.concatenate([row.values for row in rows]))
    maps = _filtered(record, scaled, rgf, kernel_size, border)
    difference: Floats = maps[0] - maps[1:].max(axis=0)
    return difference


class _Row(NamedTuple):
    """The residual and relevance of one class in a token's place."""

    residual: Floats
    relevance: Floats

    @property
    def values(self) -> Floats:
        """All values of the joint normalisation."""
        return np.concatenate([self.residual, self.relevance])


def _row(
    record: Alternatives,
    token: int,
    activation: Floats,
    relevance: Floats,
    strength: float,
    class_id: int | None = None,
) -> _Row:
    """Computes the residual of a class in a token's place, from the tokens before it."""
    before = slice(0, token)
    class_id = int(record.classes[token]) if class_id is None else class_id
    other = record.classes[before] != class_id
    estimate = context_interference(record.activations[before], relevance[before], other)
    rest = activation if strength == 0 else residual(activation[None], estimate[None], strength)[0]
    return _Row(rest, relevance[before])


def rows_of(alternatives: Sequence[Alternative], number: int) -> slice:
    """The rows of one of the alternatives among those of all, one for each of its ids."""
    start = sum(len(earlier.ids) for earlier in alternatives[:number])
    return slice(start, start + len(alternatives[number].ids))


def _alternatives(record: Alternatives, number: int, strength: float) -> Iterator[_Row]:
    """One row for each piece of the alternative."""
    other = record.alternatives[number]
    rows = rows_of(record.alternatives, number)
    for row, class_id in zip(range(rows.start, rows.stop), other.ids, strict=True):
        yield _row(
            record,
            other.token,
            record.alternative_activations[row],
            record.alternative_relevance[row],
            strength,
            class_id,
        )


def _scaled(residuals: Floats, values: Floats) -> Floats:
    """Scales residuals [rows, visual] to 0..1 by the extremes of all values; a constant to 0."""
    low, high = values.min(), values.max()
    if high <= low:
        return np.zeros_like(residuals)
    result: Floats = (residuals - low) / (high - low)
    return result


def _filtered(
    record: Alternatives, maps: Floats, rgf: bool, kernel_size: int, border: Border | None
) -> Floats:
    border = border_of(border)
    if not rgf:
        return maps
    check_kernel(record.grids, kernel_size)
    return filter_grids(maps, record.grids, kernel_size, border)
