"""True masks of tokens, as the user gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import OptionError, TokenIndexError
from ..explanation.explanation import Explanation

Mask = NDArray[np.bool_]


def masks_of(mask: Any, explanation: Explanation, tokens: Sequence[int]) -> list[Mask | None]:
    """The true mask of each token; None for one that has none.

    Args:
        mask: None, a mask for all tokens, or masks by token; each bool [height, width] of the
            full-size picture.
        explanation: Their explanation.
        tokens: The checked tokens.

    Raises:
        OptionError: If there are several pictures, or a mask has another shape or type, or is
            empty.
        TokenIndexError: If a mask is given for a token that is not checked.
    """
    if mask is None:
        return [None] * len(tokens)
    if len(explanation.images) != 1:
        raise OptionError(
            f"mask=…: this explanation has {len(explanation.images)} pictures or frames, and a "
            "mask is of a single one: leave it out"
        )
    if not isinstance(mask, Mapping):
        return [_checked(mask, explanation)] * len(tokens)
    by_token = {explanation.index(token): _checked(one, explanation) for token, one in mask.items()}
    strangers = [token for token in by_token if token not in tokens]
    if strangers:
        raise TokenIndexError(
            f"mask={{{strangers[0]}: …}}: this token is not checked; give masks of tokens among "
            f"{list(tokens)!r:.80}"
        )
    return [by_token.get(token) for token in tokens]


def _checked(mask: Any, explanation: Explanation) -> Mask:
    picture = explanation.images[0]
    shape = picture.height, picture.width
    try:
        found = np.asarray(mask)
    except ValueError:  # rows of different lengths
        found = np.array(None)
    if found.dtype != bool or found.shape != shape:
        raise OptionError(
            f"a mask is {found.dtype} {found.shape}: bool {shape}, the height and width of the "
            "picture, is expected, such as (array > 0)"
        )
    if not found.any():
        raise OptionError("a mask is empty: give one that is True somewhere, or leave it out")
    return found
