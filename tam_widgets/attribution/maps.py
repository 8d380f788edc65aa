"""Computes maps from raw activations: the steps of TAM in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from ..errors import OptionError
from .interference import Floats, interference, residual
from .normalise import normalise_jointly
from .rank_gaussian import BORDER, Border, check_border, check_kernel_size, rank_gaussian_filter

Compat = Literal["reference"] | None
LeaveOut = Literal["class", "id"]


class Shape(Protocol):
    """The arrangement of a grid's visual tokens, row by row."""

    @property
    def rows(self) -> int:
        """Number of rows."""

    @property
    def cols(self) -> int:
        """Number of columns."""

    @property
    def size(self) -> int:
        """Number of visual tokens."""


class Activations(Protocol):
    """The data from which maps are computed, as a `Trace` or an `Explanation` has it."""

    @property
    def grids(self) -> Sequence[Shape]:
        """How the visual tokens are arranged."""

    @property
    def token_ids(self) -> NDArray[np.int64]:
        """Vocabulary ids of the explained tokens, [tokens]."""

    @property
    def classes(self) -> NDArray[np.int64]:
        """The class that explains each token, [tokens]: its id, except for the first one."""

    @property
    def prompt_length(self) -> int:
        """Number of prompt tokens; they come first."""

    @property
    def context_ends(self) -> NDArray[np.int64]:
        """Number of leading relevances that count for each token, [tokens]."""

    @property
    def activations(self) -> Floats:
        """`A`, float32 [tokens, visual]."""

    @property
    def relevance(self) -> Floats:
        """`r`, float32 [tokens, tokens]."""

    @property
    def reference_activation(self) -> Floats:
        """`A` of the first answer token under the last input id's class, [visual], or empty."""

    @property
    def reference_relevance(self) -> Floats:
        """Its row of `r`, [tokens]."""


def token_activation_maps(
    record: Activations,
    eci: bool | float = True,
    rgf: bool = True,
    kernel_size: int = 3,
    compat: Compat = None,
    border: Border | None = None,
    leave_out: LeaveOut | None = None,
    *,
    weights: Floats | None = None,
) -> Floats:
    """Token activation maps of all explained tokens at once (TAM, arXiv 2506.23270).

    Args:
        record: A `Trace` or an `Explanation`.
        eci: Whether to subtract the interference of the context, or its strength from 0 to 1.
        rgf: Whether to apply the rank Gaussian filter.
        kernel_size: Odd window of the filter, in visual tokens.
        compat: `"reference"` explains the first answer token by the class of the last input id,
            like the published code; this implies `border="reflect"` and `leave_out="id"`. `None`
            explains it by its own class.
        border: How a grid continues beyond its border: `"repeat"`, the default, or, as published
            and in reference mode, `"reflect"`; see `rank_gaussian_filter`.
        leave_out: Which context tokens count as the same word and are excluded from the
            interference: those explained by the same `"class"`, or, as published, those with the
            same `"id"`. They differ for the first prompt token, which is explained by the class
            predicted there. That may be the noun that the answer names later, which by id would be
            subtracted from itself. The default is `"class"`, in reference mode `"id"`.
        weights: How much each context token counts in the interference, not negative, float32
            [tokens, tokens]; by default the relevance, as published.

    Returns:
        float32 [prompt + answer tokens, visual tokens] in 0..1. The published picture is
        `uint8(255 * value)`, truncated.

    Raises:
        OptionError: If an option is outside its range, or contradicts reference mode.
    """
    strength = strength_of(eci)
    border = border_of(border, compat)
    words = _words(record, compat, border, leave_out)
    if rgf:
        check_kernel(record.grids, kernel_size)
    activations, relevance = _rows(record, compat)
    if strength > 0:
        context = relevance if weights is None else weights
        activations = residual(activations, interference(activations, context, words), strength)
    maps = normalise_jointly(activations, relevance, record.context_ends)
    return filter_grids(maps, record.grids, kernel_size, border) if rgf else maps


def _words(
    record: Activations, compat: Compat, border: Border, leave_out: LeaveOut | None
) -> NDArray[np.int64]:
    """What identifies words, [tokens]; raises `OptionError` if options contradict each other."""
    if compat not in (None, "reference"):
        raise OptionError(f"compat={compat!r}: give None or 'reference'")
    if leave_out not in (None, "class", "id"):
        raise OptionError(f"leave_out={leave_out!r}: give 'class' or 'id'")
    if compat and (leave_out == "class" or border != "reflect"):
        raise OptionError(
            f"compat='reference' with leave_out={leave_out!r} and border={border!r}: the published "
            "code has leave_out='id' and border='reflect'; leave out these or compat"
        )
    return record.token_ids if compat or leave_out == "id" else record.classes


def border_of(border: Border | None, compat: Compat = None) -> Border:
    """How a grid continues beyond its border, unless given; raises `OptionError` if unknown."""
    if border is None:
        return "reflect" if compat else BORDER
    check_border(border)
    return border


def strength_of(eci: bool | float) -> float:
    """The strength λ of the causal inference, 0..1; raises `OptionError` outside of it."""
    strength = float(eci) if isinstance(eci, int | float | np.number) else float("nan")
    if not 0 <= strength <= 1:
        raise OptionError(f"eci={eci!r}: give True, False, or a strength from 0 to 1")
    return strength


def _rows(record: Activations, compat: Compat) -> tuple[Floats, Floats]:
    if compat is None:
        return record.activations, record.relevance
    if not record.reference_activation.size:
        raise OptionError(
            f"compat={compat!r}: the published choice of a class is kept for the last layer only; "
            "leave out compat or layer"
        )
    activations, relevance = record.activations.copy(), record.relevance.copy()
    activations[record.prompt_length] = record.reference_activation
    relevance[record.prompt_length] = record.reference_relevance
    return activations, relevance


def check_kernel(grids: Sequence[Shape], kernel_size: int) -> None:
    """Raises `OptionError` if the filter's window does not fit a grid."""
    for grid in grids:
        check_kernel_size(kernel_size, (grid.rows, grid.cols))


def filter_grids(
    maps: Floats, grids: Sequence[Shape], kernel_size: int, border: Border = BORDER
) -> Floats:
    """Filters each grid of normalised maps separately, in place.

    Args:
        maps: float32 [tokens, visual].
        grids: Where the visual tokens are.
        kernel_size: Odd window, in visual tokens.
        border: How a grid continues beyond its border, as for `rank_gaussian_filter`.
    """
    start = 0
    for grid in grids:
        part = slice(start, start + grid.size)
        planes = maps[:, part].reshape(-1, grid.rows, grid.cols)
        maps[:, part] = rank_gaussian_filter(planes, kernel_size, border).reshape(len(maps), -1)
        start += grid.size
    return maps
