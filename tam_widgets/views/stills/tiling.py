"""Parts of a map that are drawn, tiles of one raster joined into one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...explanation.explanation import Explanation
from ...explanation.geometry import Rect, in_view
from ...explanation.mosaic import places


@dataclass(frozen=True)
class Part:
    """A rectangle of an image with the values [rows, cols] of one token's map."""

    rect: Rect
    values: NDArray[np.float32]


def parts(
    explanation: Explanation, values: NDArray[np.float32], image: int, thumbnail: bool = False
) -> list[Part]:
    """What is drawn of a token's map on one image: tiles as one part, or their thumbnail.

    Args:
        explanation: The record.
        values: One token's map, [visual].
        image: Index of the picture or frame.
        thumbnail: Whether thumbnails are drawn in place of tiles.
    """
    ends = np.cumsum([grid.size for grid in explanation.grids])
    found = []
    for index in in_view(explanation.grids, thumbnail):
        grid, end = explanation.grids[index], ends[index]
        if grid.image <= image < grid.image + grid.frames:
            part = values[end - grid.size : end].reshape(grid.rows, grid.cols)
            found.append(Part(grid.rect, part))
    joined = stitch(found) if len(found) > 1 else None
    return found if joined is None else [joined]


def stitch(tiles: Sequence[Part]) -> Part | None:
    """Tiles that fill a rectangle on one raster as one part; `None` where they don't."""
    found = places([tile.rect for tile in tiles], [tile.values.shape for tile in tiles])
    if found is None:
        return None
    rect, shape, where = found
    joined = np.empty(shape, np.float32)
    for place, tile in zip(where, tiles, strict=True):
        joined[place] = tile.values
    return Part(rect, joined)


def drawn(explanation: Explanation, thumbnail: bool = False) -> NDArray[np.intp]:
    """Indices of the visual tokens that are drawn on any image, as for `parts`."""
    starts = np.cumsum([0, *(grid.size for grid in explanation.grids)])
    spans = [range(starts[i], starts[i + 1]) for i in in_view(explanation.grids, thumbnail)]
    return np.concatenate([np.array(span, np.intp) for span in spans])
