"""Where the objects of a picture truly lie, drawn as lines over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Ring = Sequence[int]
"""A closed line: x, y, x, y, … in thousandths of the picture's width and height."""


@dataclass(frozen=True)
class Outline:
    """The outline of one category's objects, from a labelled mask.

    Attributes:
        name: Of the category.
        rings: Closed lines around its parts and their holes.
        tokens: Those of the words that name it; none if the answer does not.
        image: Index of the picture.
    """

    name: str
    rings: Sequence[Ring]
    tokens: Sequence[int] = ()
    image: int = 0
