"""What is refused of a family's functions: errors within them, and grids that cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..errors import ProcessorError, TamError
from ..explanation.geometry import Grid
from .medium import Medium

_COUNTS = ("rows", "cols", "image", "frames")


@contextmanager
def naming(function: str) -> Iterator[None]:
    """Names a family's function in whatever error it raises, other than this package's own.

    Args:
        function: Its name with the family's, as in "llava.image_grids".

    Raises:
        ProcessorError: Instead of that error.
    """
    try:
        yield
    except TamError:
        raise
    except Exception as error:
        raise ProcessorError(
            f"{function} raised {type(error).__name__}: {error}. Correct that function, or give a "
            "model and a processor as it expects them"
        ) from error


def check_grids(grids: Any, medium: Medium, function: str) -> None:
    """Refuses anything but a list of grids on the medium's own pictures.

    Args:
        grids: What a family returned.
        medium: The picture or video.
        function: As for `naming`.

    Raises:
        ProcessorError: If it is something else.
    """
    listed = isinstance(grids, list | tuple) and all(isinstance(grid, Grid) for grid in grids)
    if not listed or not grids:
        raise ProcessorError(f"{function} returned {grids!r:.80}: give a list of grids")
    for grid in grids:
        _check_numbers(grid, function)
        _check_place(grid, medium, function)


def _check_numbers(grid: Grid, function: str) -> None:
    """Refuses tensors and arrays, which cannot be saved, and fractions of a cell."""
    odd = [name for name in _COUNTS if type(getattr(grid, name)) is not int]
    if odd:
        value = getattr(grid, odd[0])
        raise ProcessorError(
            f"{function} returned a grid with {odd[0]}={value!r:.40}, a {_type(value)}: give an "
            "int, as .tolist() of a tensor or // of ints makes it"
        )
    numbers = [*grid.rect, *(grid.time or ())]
    strange = [value for value in numbers if not isinstance(value, int | float)]
    if strange:
        raise ProcessorError(
            f"{function} returned a grid with {strange[0]!r:.40}, a {_type(strange[0])}, in its "
            "rect or time: give floats, as .tolist() of a tensor makes them"
        )


def _check_place(grid: Grid, medium: Medium, function: str) -> None:
    """Refuses grids on other pictures, and those of a video without a time."""
    end = medium.first + len(medium.pictures)
    if not medium.first <= grid.image < end:
        raise ProcessorError(
            f"{function} placed a grid on image {grid.image}, but this one is {medium.first}: "
            "give each grid image=medium.first, for a video plus the frame's index"
        )
    if grid.image + grid.frames > end:
        raise ProcessorError(
            f"{function} returned a grid over {grid.frames} frames from image {grid.image} on, but "
            f"the last is {end - 1}: give the frames that the grid covers and that exist"
        )
    if medium.is_video and grid.time is None:
        raise ProcessorError(
            f"{function} returned a grid without a time: give each grid of a video "
            "time=medium.time(first, last + 1), of the frames that it covers"
        )


def _type(value: Any) -> str:
    return type(value).__name__
