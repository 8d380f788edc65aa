"""Whether the parts of a record fit together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..attribution import METHODS
from ..errors import OptionError, TraceError

if TYPE_CHECKING:
    from .data import Record


def check(record: Record) -> None:
    """Refuses parts that do not fit together.

    Raises:
        TraceError: If an array has another shape or type, or holds NaN or infinity; or tokens,
            turns, grids or alternatives name what is not there.
        OptionError: If a further map has the name of a built-in method.
    """
    _check_arrays(record)
    kinds = [token.kind for token in record.tokens]
    if kinds != sorted(kinds, reverse=True) or "answer" not in kinds:
        raise TraceError("tokens must be those of the prompt, then at least one of the answer")
    _check_grids(record)
    _check_turns(record)
    _check_first_class(record)
    _check_alternatives(record)
    for name in set(record.extra_maps) & set(METHODS):
        raise OptionError(f"extra_maps[{name!r}]: this name belongs to a built-in method")


def _check_arrays(record: Record) -> None:
    count, visual = len(record.tokens), record.visual_length
    for name, array, shape in _arrays(record):
        if array.dtype != np.float32 or array.shape != shape:
            raise TraceError(
                f"{name} is {array.dtype} {array.shape}: {count} tokens and {visual} visual tokens "
                f"need float32 {shape}"
            )
        if not np.isfinite(array).all():
            raise TraceError(f"{name} holds NaN or infinity: an explanation needs finite values")


def _arrays(record: Record) -> Iterator[tuple[str, Any, tuple[int, ...]]]:
    count, visual = len(record.tokens), record.visual_length
    rows = sum(len(other.ids) for other in record.alternatives)
    shapes: Mapping[str, tuple[int, ...]] = {
        "activations": (count, visual),
        "relevance": (count, count),
        "reference_activation": (visual,),
        "reference_relevance": (count,),
        "alternative_activations": (rows, visual),
        "alternative_relevance": (rows, count),
    }
    for name, shape in shapes.items():
        yield name, getattr(record, name), shape
    for name, array in record.extra_maps.items():
        yield f"extra_maps[{name!r}]", array, (count, visual)


def _check_grids(record: Record) -> None:
    images = len(record.images)
    if any(not 0 <= grid.image <= images - grid.frames for grid in record.grids):
        raise TraceError(f"a grid names an image that is not there: {images} images are given")


def _check_turns(record: Record) -> None:
    edges = [0, *(turn.stop for turn in record.turns)]
    starts = [turn.start for turn in record.turns]
    if starts != edges[:-1] or edges[-1] != len(record.tokens) or edges != sorted(edges):
        raise TraceError(
            f"turns {edges} must follow one another and hold all {len(record.tokens)} tokens"
        )


def _check_first_class(record: Record) -> None:
    first = record.first_class
    known = isinstance(first, int) and not isinstance(first, bool) and first >= 0
    if first is not None and not (known and record.prompt_length):
        raise TraceError(
            f"first_class is {first!r}: give the id that explains the first of "
            f"{record.prompt_length} prompt tokens, or None where it is not known"
        )


def _check_alternatives(record: Record) -> None:
    for other in record.alternatives:
        if not record.prompt_length <= other.token < len(record.tokens) or not other.ids:
            raise TraceError(
                f"alternative {other.text!r} for token {other.token}: an answer token "
                f"({record.prompt_length} to {len(record.tokens) - 1}) and at least one "
                "id are needed"
            )
