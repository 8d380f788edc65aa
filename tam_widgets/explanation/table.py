"""A row of facts for every token, as a table for statistics and plots."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..attribution.interference import Floats
from .extras import pandas
from .geometry import Grid, in_view
from .record import Record
from .reliance import picture_share, reliance
from .words import words

COLUMNS = (
    *("kind", "turn", "text", "word", "special", "id", "probability", "candidates"),
    *("strongest", "mean", "extent", "image", "x", "y", "image_peak", "text_peak"),
    *("reliance", "picture_share"),
)


def token_table(record: Record, maps: Floats) -> Any:
    """A pandas frame of a row a token, indexed by the token's number.

    Args:
        record: The tokens, their activations and relevance.
        maps: Their maps, float32 [tokens, visual].

    Raises:
        MissingExtraError: If pandas is not installed.
    """
    pd = pandas()
    index = pd.RangeIndex(len(record.tokens), name="token")
    table = pd.DataFrame(list(_rows(record, maps)), columns=list(COLUMNS), index=index)
    floats = dict.fromkeys(("probability", "x", "y", "image_peak", "text_peak"), "float64")
    return table.astype({**floats, "image": "Int64"})


def _rows(record: Record, maps: Floats) -> Iterator[dict[str, Any]]:
    cells = _cells(record.grids)
    drawn = maps[:, cells]
    strongest = drawn.argmax(axis=1)
    words_of = {i: word.text for word in words(record.tokens) for i in word.tokens}
    relies, shares = reliance(record), picture_share(record)
    turns = [n for n, turn in enumerate(record.turns) for _ in range(turn.start, turn.stop)]
    for i, token in enumerate(record.tokens):
        peak = float(drawn[i, strongest[i]])
        image, x, y = _place(record.grids, int(cells[strongest[i]]))
        yield {
            "kind": token.kind,
            "turn": turns[i],
            "text": token.text,
            "word": words_of.get(i),
            "special": token.special,
            "id": token.id,
            "probability": token.probability,
            "candidates": [(other.text, other.probability) for other in token.candidates],
            "strongest": peak,
            "mean": float(drawn[i].mean()),
            "extent": float((drawn[i] >= peak / 2).mean()) if peak > 0 else 0.0,
            "image": image if peak > 0 else None,
            "x": x if peak > 0 else None,
            "y": y if peak > 0 else None,
            **_peaks(record, i),
            "reliance": float(relies[i]),
            "picture_share": float(shares[i]),
        }


def _peaks(record: Record, token: int) -> dict[str, float | None]:
    if not record.has_activations:
        return {"image_peak": None, "text_peak": None}
    image, text = record.activations[token].max(), record.relevance[token].max()
    return {"image_peak": float(image), "text_peak": float(text)}


def _cells(grids: tuple[Grid, ...]) -> NDArray[np.int64]:
    """Indices of the visual tokens that are drawn: if there are tiles, not the thumbnail's."""
    starts = np.cumsum([0, *(grid.size for grid in grids)])
    return np.concatenate([np.arange(starts[i], starts[i + 1]) for i in in_view(grids)])


def _place(grids: tuple[Grid, ...], cell: int) -> tuple[int, float, float]:
    """The image that a visual token lies on, and the centre of its cell in full-size pixels."""
    for grid in grids:
        if cell < grid.size:
            left, top, right, bottom = grid.cell(cell)
            return grid.image, (left + right) / 2, (top + bottom) / 2
        cell -= grid.size
    raise AssertionError("a visual token belongs to a grid")
