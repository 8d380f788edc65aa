"""Checks what a served model is given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ...attribution import METHODS, Method
from ...errors import OptionError, UnsupportedModelError
from ...explanation.explanation import Explanation
from ...explanation.geometry import Grid
from ..forcing.attributing import model_methods
from ..given.from_maps import checked_rect
from ..given.texts import checked_texts, pieces_of

LONGEST_SIDE = 8
"""Cells along the longer side of a picture unless a grid is given."""
MOST_CELLS = 64
"""Most rows and columns of a grid."""


def checked_answer(answer: Any, tokens: Iterable[str] | None) -> list[str]:
    """The texts of the answer's tokens."""
    if not isinstance(answer, str):
        raise OptionError(f"answer={answer!r:.80}: give the answer as a text")
    texts = checked_texts(pieces_of(answer) if tokens is None else tokens)
    if "".join(texts) != answer:
        raise OptionError(
            f"the tokens {texts!r:.80} together are {''.join(texts)!r:.80}, and the answer is "
            f"{answer!r:.80}: give tokens that make it up, spaces included"
        )
    return texts


def grid_of(shape: Any, size: tuple[int, int]) -> Grid:
    """The grid of a picture's cells, over all of it.

    Example:
        >>> grid = grid_of(None, (640, 480))
        >>> grid.rows, grid.cols, grid.rect
        (6, 8, (0.0, 0.0, 640.0, 480.0))
    """
    rect = checked_rect(None, size)
    if shape is None:
        cell = max(size) / LONGEST_SIDE
        cols, rows = (max(1, round(length / cell)) for length in size)
        return Grid(rows, cols, rect)
    try:
        rows, cols = (int(side) for side in shape)
    except (TypeError, ValueError) as error:
        raise OptionError(f"grid={shape!r:.80}: give (rows, cols)") from error
    if not (1 <= rows <= min(MOST_CELLS, size[1]) and 1 <= cols <= min(MOST_CELLS, size[0])):
        raise OptionError(
            f"grid={shape!r:.80}: give rows and columns from 1 to {MOST_CELLS}, not more than the "
            f"picture of {size[0]} x {size[1]} has pixels"
        )
    return Grid(rows, cols, rect)


def black_box_methods(methods: Sequence[str | Method]) -> list[Method]:
    """Methods that ask for no more than probabilities.

    Raises:
        OptionError: As `model_methods`; and if one asks for more.
    """
    found = model_methods(methods)
    for method in found:
        if not method.black_box:
            known = ", ".join(name for name, one in METHODS.items() if one.black_box)
            raise OptionError(
                f"{method.name!r} reads what a model computes inside, and of a served model only "
                f"probabilities are known: give one of {known}"
            )
    return found


def check_plain(explanation: Explanation) -> None:
    """Refuses an explanation of more than one picture, one prompt and one plain answer.

    Raises:
        UnsupportedModelError: If it is one.
    """
    several = len(explanation.images) != 1 or len(explanation.grids) != 1
    answer = explanation.tokens[explanation.answer_slice]
    if several or len(explanation.turns) > 2 or any(token.special for token in answer):
        raise UnsupportedModelError(
            f"this explanation by {explanation.title} has several pictures, grids or turns, or "
            "special tokens: a served model is asked about one picture, one prompt and the plain "
            "text of one answer; explain these with its own `explain`"
        )
