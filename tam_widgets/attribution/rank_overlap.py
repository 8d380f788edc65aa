"""How similar ranked lists are: rank-biased overlap (Webber, Moffat and Zobel 2010)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import OptionError
from .interference import Floats


def rank_biased_overlap(lists: NDArray[np.integer[Any]], persistence: float = 0.9) -> Floats:
    """The overlap of each list with each other one.

    With `X_d` the number of items that two lists share among their first d, it is
    `X_k / k · p^k + (1 − p) / p · Σ_d X_d / d · p^d`, d from 1 to k: beyond the known ranks, the
    lists are taken to agree as much as at the end (the extrapolated score, RBO_EXT, of "A
    similarity measure for indefinite rankings", ACM Transactions on Information Systems 28(4)).

    Args:
        lists: Items from the first to the last rank, none twice in a list, [lists, k].
        persistence: p, the probability that a reader goes on from a rank to the next, above 0 and
            below 1: the nearer to 1, the more do later ranks count.

    Returns:
        float32 [lists, lists] in 0..1, symmetric, 1 for equal lists and 0 for those that share
        nothing.

    Raises:
        OptionError: If the persistence is outside its range, or the lists are empty.

    Example:
        >>> rank_biased_overlap(np.array([[1, 2], [2, 1], [3, 4]]), 0.5).tolist()
        [[1.0, 0.5, 0.0], [0.5, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    if not 0 < persistence < 1:
        raise OptionError(f"persistence={persistence!r}: give a number between 0 and 1")
    if lists.ndim != 2 or lists.shape[1] == 0:
        raise OptionError(f"lists of shape {lists.shape}: [lists, k] with k from 1 on is expected")
    items, places = np.unique(lists, return_inverse=True)
    places = places.reshape(lists.shape)
    shares = _shares(lists.shape[1], persistence)
    result = np.zeros((len(lists), len(lists)))
    here = np.zeros(len(items))
    for number, own in enumerate(places):
        here[own] = shares
        # A shared item counts from the deeper of its two ranks on, whose share is the smaller.
        result[number, : number + 1] = np.minimum(here[places[: number + 1]], shares).sum(axis=1)
        here[own] = 0
    result += np.tril(result, -1).T
    overlaps: Floats = np.minimum(result, 1).astype(np.float32)
    return overlaps


def _shares(depth: int, persistence: float) -> NDArray[np.float64]:
    """What an item adds that both lists have within each rank, float64 [depth]."""
    ranks = np.arange(1, depth + 1)
    terms = (1 - persistence) / persistence * persistence**ranks / ranks
    later: NDArray[np.float64] = terms[::-1].cumsum()[::-1] + persistence**depth / depth
    return later
