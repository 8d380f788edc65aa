"""TAM with another weight of the context: how alike two predictions rank their tokens (ARC)."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ..errors import OptionError
from .interference import Floats
from .maps import Activations, Compat, LeaveOut, token_activation_maps
from .method import Method
from .options import TAM_OPTIONS
from .rank_gaussian import Border
from .rank_overlap import rank_biased_overlap

DEPTH = 50
"""Most probable tokens that are compared, k; it stands in the review of arXiv 2509.22415."""

PERSISTENCE = 0.9
"""p of the rank-biased overlap; no text that can be read gives one, so this is our choice."""


class Predictions(Activations, Protocol):
    """The part of a record from which the maps are computed."""

    @property
    def likely_ids(self) -> NDArray[np.integer[Any]]:
        """Ids of the most probable tokens in place of each token, best first, [tokens, count]."""


def rank_correlated_maps(
    record: Predictions,
    eci: bool | float = True,
    kernel_size: int = 3,
    compat: Compat = None,
    border: Border | None = None,
    leave_out: LeaveOut | None = None,
) -> Floats:
    """Token activation maps whose context is weighted by rank correlation.

    As `token_activation_maps`, but `w_ik` follows from `RBO(top-k(p_k), top-k(p_i))` instead of
    the relevance `r_ik`: a context token interferes with token i as far as the model ranks the
    same tokens highest in the places of both, here with k = 50 and p = 0.9 (arXiv 2509.22415,
    since withdrawn).

    Args:
        record: An `Explanation` or a `Trace`.
        eci: As for `token_activation_maps`.
        kernel_size: As for `token_activation_maps`.
        compat: As for `token_activation_maps`.
        border: As for `token_activation_maps`.
        leave_out: As for `token_activation_maps`.

    Returns:
        float32 [tokens, visual] in 0..1.

    Raises:
        OptionError: If an option is outside its range, or the record has no likely ids.
    """
    if not record.likely_ids.size:
        raise OptionError(
            "'arc' compares the most probable tokens of each place, which this explanation from an "
            "older file lacks: explain again"
        )
    return token_activation_maps(
        record,
        eci,
        kernel_size=kernel_size,
        compat=compat,
        border=border,
        leave_out=leave_out,
        weights=rank_biased_overlap(record.likely_ids[:, :DEPTH], PERSISTENCE),
    )


ARC = Method(
    "arc",
    "ARC",
    "TAM with weights by rank-biased overlap, arXiv 2509.22415 (withdrawn)",
    maps=rank_correlated_maps,
    options=tuple(TAM_OPTIONS.values()),
    reads=("likely_ids",),
    on_request=True,
)
